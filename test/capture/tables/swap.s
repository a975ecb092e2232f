# void swap(operation one, operation other)
	.tabletype __indirect_function_table, funcref
	.globl swap
	.type swap,@function
swap:
	.functype swap (i32, i32) -> ()
	.local funcref
	local.get 0
	table.get __indirect_function_table
	local.set 2
	local.get 0
	local.get 1
	table.get __indirect_function_table
	table.set __indirect_function_table
	local.get 1
	local.get 2
	table.set __indirect_function_table
	end_function

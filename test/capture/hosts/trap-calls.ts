/** Arguments of c-traps' exports, as test/fixtures/build.sh calls them. */
export const trapCalls: Readonly<Record<string, readonly unknown[]>> = {
  unreachable: [7],
  divide_by_zero: [1234, 0],
  divide_by_zero_i64: [12345678901234n, 0n],
  divide_overflow: [-2147483648, -1],
  float_to_int: [3e9],
  float_nan_to_int: [0],
  load_out_of_bounds: [131072],
  store_out_of_bounds: [4294967288, -77n],
  memory_copy_out_of_bounds: [131000, 100],
  memory_fill_out_of_bounds: [64, 2000000],
  call_null: [0],
  call_wrong_type: [2],
  call_out_of_bounds: [1000],
  stack_exhausted: [1],
  assertion: [4, 5],
  abort: [3],
};

-- Opens the classic's core dump in Neovim through nvim-dap, configured as docs/EDITORS.md says, and looks at what its
-- user would see: the line that the editor stands at, the frames, a variable, and an expression and a command of the
-- REPL. Ends with status 0, or 1 and what was missing. Started by nvim-dap.sh, which tells the folder of the project.
local root = assert(vim.env.PROJECT)
local classic = root .. "/examples/rust-classic"
local dap = require("dap")

dap.adapters["wasm-coredump"] = {
  type = "executable",
  command = "node",
  args = { root .. "/dist/adapter.js" },
}
dap.configurations.rust = {
  {
    type = "wasm-coredump",
    request = "launch",
    name = "Core dump",
    coreFile = classic .. "/app.coredump",
    program = classic .. "/target/wasm32-wasip1/debug/app.wasm",
    sourceMap = { ["/build"] = classic },
    startAtCrashFrame = true,
  },
}

local function leave(problem)
  io.stdout:write((problem or "nvim-dap stands at the crash line and shows its value") .. "\n")
  vim.cmd(problem and "cquit 1" or "qall!")
end

local function expect(what, seen, wanted)
  if seen ~= wanted then leave(what .. ": " .. vim.inspect(seen) .. ", not " .. vim.inspect(wanted)) end
end

-- Waits for an answer of the adapter; the session goes on meanwhile.
local function ask(session, command, arguments)
  local failure, answer, done
  session:request(command, arguments, function(err, body)
    failure, answer, done = err, body, true
  end)
  if not vim.wait(20000, function() return done end, 10) then leave(command .. " was not answered") end
  if failure then leave(command .. " failed: " .. (failure.message or vim.inspect(failure))) end
  return answer
end

vim.cmd("edit " .. classic .. "/src/main.rs")
vim.cmd("set filetype=rust")
dap.run(dap.configurations.rust[1])

local function stopped()
  local session = dap.session()
  return session and session.stopped_thread_id and session.current_frame
end
if not vim.wait(30000, stopped, 10) then leave("the session did not stop") end
-- The cursor is set behind the stop.
vim.wait(5000, function() return vim.fn.line(".") == 8 end, 10)

local session = dap.session()
local frame = session.current_frame
expect("file", vim.fn.expand("%:p"), vim.fn.resolve(classic .. "/src/main.rs"))
expect("line of the cursor", vim.fn.line("."), 8)
expect("frame", frame.name, "app::calculate")
expect("line of the frame", frame.line, 8)

local scopes = ask(session, "scopes", { frameId = frame.id }).scopes
expect("first scope", scopes[1].name, "Arguments")
local variables = ask(session, "variables", { variablesReference = scopes[1].variablesReference }).variables
expect("variable", variables[1].name .. " = " .. variables[1].value, "value = 3")

dap.up()
vim.wait(5000, function() return vim.fn.line(".") == 12 end, 10)
expect("line of the caller", vim.fn.line("."), 12)
local caller = dap.session().current_frame
local function typed(expression)
  return ask(session, "evaluate", { expression = expression, frameId = caller.id, context = "repl" }).result
end
expect("expression", typed("thing.value * 2"), "6")
expect("command", typed("info args"), "thing = &MyThing {value: 3}")
leave()

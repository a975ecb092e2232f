/**
 * Lua, as wasmoon builds it, at work. Its errors are JavaScript's exceptions, thrown by an import and caught by another:
 * they pass through the module's frames.
 */
import { LuaFactory } from "wasmoon";
import { instanceOf } from "./instance";

const script = `
  local out = {}
  local function tell(...) out[#out + 1] = table.concat({...}, " ") end
  local function fibonacci(n) if n < 2 then return n end return fibonacci(n - 1) + fibonacci(n - 2) end
  tell("fibonacci", fibonacci(22))
  local list, seed = {}, 42
  for i = 1, 2000 do seed = (seed * 1103515245 + 12345) % 2147483648; list[i] = seed end
  table.sort(list, function(a, b) return a > b end)
  tell(list[1], list[1000], list[2000])
  local words = {}
  for word in ("the quick brown fox jumps over the lazy dog and the cat"):gmatch("%a+") do
    words[word] = (words[word] or 0) + 1
  end
  tell("the", words.the, ("x"):rep(3, "-"), ("%5.2f|%x|%q"):format(math.pi, 48879, "a\\n\\"b"))
  local Point = {} Point.__index = Point
  Point.__add = function(a, b) return setmetatable({ x = a.x + b.x }, Point) end
  Point.__tostring = function(p) return "point " .. p.x end
  tell(tostring(setmetatable({ x = 1 }, Point) + setmetatable({ x = 41 }, Point)))
  local squares = coroutine.wrap(function() for i = 1, 5 do coroutine.yield(i * i) end error({ code = 7 }) end)
  for _ = 1, 5 do tell("square", squares()) end
  local failures = 0
  for i = 1, 200 do
    local ok, why = pcall(function() if i % 3 == 0 then error("bad " .. i, 0) end return nil + i end)
    if not ok then failures = failures + #tostring(why) end
  end
  tell("failures", failures, select(2, pcall(squares)).code, select(2, pcall(string.rep, "x", -1)))
  tell(select(2, pcall(function() local function deep(n) return 1 + deep(n + 1) end return deep(0) end)):match("stack overflow"))
  tell(1 // 0.0, 7 // 2, -7 % 3, 1 << 62, 0x7fffffffffffffff + 1, select(2, pcall(function() return 1 // 0 end)))
  tell(tostring(load("return 1 +")), select(2, load("return 1 +")), string.pack("<i4", 513):byte(1, 4))
  collectgarbage()
  return table.concat(out, "\\n")
`;

/** Put in by the build in place of WebAssembly.instantiateStreaming, which the program would call. */
declare let instantiateHere: (_: unknown, imports: object) => Promise<object>;

export async function run(module: WebAssembly.Module): Promise<string> {
  instantiateHere = async (_, imports) => ({ module, instance: instanceOf(module, imports) });
  const lua = await new LuaFactory("lua.wasm").getLuaModule();
  const state = lua.luaL_newstate();
  lua.luaL_openlibs(state);
  const status = lua.luaL_loadstring(state, script) || lua.lua_pcallk(state, 0, 1, 0, 0, null);
  const told = `${status}\n${lua.lua_tolstring(state, -1, null)}`;
  lua.lua_close(state);
  return told;
}

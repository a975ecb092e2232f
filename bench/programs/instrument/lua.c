/* Runs a script in Lua: calls, tables, texts, numbers. */
#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

static const char script[] =
    "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\n"
    "local function sieve(n) local p, c = {}, 0 for i = 2, n do if not p[i] then c = c + 1\n"
    "  for j = i * i, n, i do p[j] = true end end end return c end\n"
    "local function words(n) local t = {} for i = 1, n do t[#t + 1] = ('w' .. i * 7919 % 1000) end\n"
    "  table.sort(t) return #table.concat(t, ','):gsub('w(%d)', '%1') end\n"
    "return fib(22) + sieve(20000) + words(4000)\n";

__attribute__((export_name("run"))) unsigned run(unsigned rounds) {
  unsigned sum = 0;
  while (rounds--) {
    lua_State *state = luaL_newstate();
    luaL_requiref(state, "_G", luaopen_base, 1);
    luaL_requiref(state, "string", luaopen_string, 1);
    luaL_requiref(state, "table", luaopen_table, 1);
    lua_settop(state, 0);
    if (luaL_loadstring(state, script) == 0) lua_callk(state, 0, 1, 0, 0);
    sum = sum * 31 + (unsigned)lua_tointegerx(state, -1, 0);
    lua_close(state);
  }
  return sum;
}

/*
 * Runs a script in Lua that uses most of the language, with a function of the program's own that ends in a trap. The
 * script's errors are thrown and caught where Lua was built with exceptions.
 */
#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

static const char script[] =
    "local Account = {} Account.__index = Account\n"
    "function Account.new(balance) return setmetatable({balance = balance, log = {}}, Account) end\n"
    "function Account:deposit(v) self.balance = self.balance + v self.log[#self.log + 1] = v end\n"
    "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\n"
    "local account = Account.new(100)\n"
    "for i = 1, 20 do account:deposit(i * 1.5) end\n"
    "local words = {}\n"
    "for word in ('the quick brown fox jumps over the lazy dog'):gmatch('%a+') do words[#words + 1] = word end\n"
    "table.sort(words, function(a, b) return a < b end)\n"
    "local text = table.concat(words, ','):upper():gsub('O', '0')\n"
    "if THROWS then\n"
    "  for i = 1, 10 do\n"
    "    local fine, message = pcall(function() if i % 2 == 0 then error('even ' .. i) end return i end)\n"
    "    words[#words + 1] = tostring(message)\n"
    "    pcall(string.rep)\n"
    "  end\n"
    "  local co = coroutine.wrap(function(a) for i = 1, 5 do a = coroutine.yield(a + i) end return a end)\n"
    "  for i = 1, 4 do words[#words + 1] = co(i) end\n"
    "end\n"
    "local squares = load('local t = {} for i = 1, 30 do t[i] = i * i // 3 end return t')()\n"
    "finish(string.format('%s %d %.2f %s', text, fib(12), account.balance, squares[30]), #words)\n";

static int finish(lua_State *state) {
  size_t length;
  const char *text = luaL_checklstring(state, 1, &length);
  lua_Integer count = luaL_checkinteger(state, 2);
  lua_writestring(text, length);
  if (count > 0) __builtin_trap();
  return 0;
}

/* Those that need neither files nor processes. */
static const luaL_Reg libraries[] = {
    {LUA_GNAME, luaopen_base},        {LUA_COLIBNAME, luaopen_coroutine}, {LUA_TABLIBNAME, luaopen_table},
    {LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math},    {LUA_UTF8LIBNAME, luaopen_utf8},
};

int main(void) {
  lua_State *state = luaL_newstate();
  for (unsigned i = 0; i < sizeof libraries / sizeof *libraries; i++) {
    luaL_requiref(state, libraries[i].name, libraries[i].func, 1);
    lua_pop(state, 1);
  }
  lua_register(state, "finish", finish);
#ifdef __wasm_exception_handling__
  lua_pushboolean(state, 1);
  lua_setglobal(state, "THROWS");
#endif
  return luaL_dostring(state, script);
}

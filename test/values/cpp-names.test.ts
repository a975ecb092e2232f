/** C++'s type names: what programmers write, and no more. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { shortName } from "../../engine/values/cpp/names";

const string = "std::__2::basic_string<char, std::__2::char_traits<char>, std::__2::allocator<char> >";

describe("names of C++'s types", () => {
  it("lack the library's default arguments, however deep they are nested", () => {
    const pair = `std::__2::pair<const ${string}, std::__2::vector<int, std::__2::allocator<int> > >`;
    const map = `map<${string}, std::__2::vector<int, std::__2::allocator<int> >, std::__2::less<${string} >, std::__2::allocator<${pair} > >`;
    assert.equal(shortName(map, true), "map<std::string, std::vector<int>>");
    assert.equal(
      shortName("std::__1::unique_ptr<int[], std::__1::default_delete<int[]> >", false),
      "std::unique_ptr<int[]>",
    );
  });

  it("keep arguments that are not the defaults, and those of the program's own templates", () => {
    assert.equal(
      shortName("map<int, int, std::__2::greater<int>, std::__2::allocator<int> >", true),
      "map<int, int, std::greater<int>>",
    );
    assert.equal(shortName("Table<int, std::__2::hash<int> >", false), "Table<int, std::hash<int>>");
    assert.equal(shortName("allocator<int>", true), "allocator<int>");
  });

  it("have strings by their own names, of every character", () => {
    assert.equal(shortName(string, false), "std::string");
    assert.equal(
      shortName("basic_string_view<char16_t, std::__2::char_traits<char16_t> >", true),
      "u16string_view",
    );
    assert.equal(
      shortName("basic_string<char, mine::traits, std::__2::allocator<char> >", true),
      "basic_string<char, mine::traits>",
    );
  });

  it("have numbers without suffixes, and no extent that is not known", () => {
    assert.equal(shortName("array<int, 4UL>", true), "array<int, 4>");
    assert.equal(shortName("span<const int, 4294967295UL>", true), "span<const int>");
    assert.equal(shortName("ratio<-1LL, 1000LL>", true), "ratio<-1, 1000>");
  });

  it("keep what is no template's bracket", () => {
    for (const name of ["(lambda at a<b.cpp:3:4)", "broken<int", "function<void (*)(int, char)>::inner"])
      assert.equal(shortName(name, false), name);
    assert.equal(
      shortName("function<int (std::__2::vector<int> &, int)>", true),
      "function<int (std::vector<int> &, int)>",
    );
  });
});

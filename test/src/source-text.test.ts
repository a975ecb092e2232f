/** What inline values and hovers take for a variable or an expression in the languages that compile to Wasm. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { type LanguageId, tokens } from "../../src/source-text/lexer";
import { expressionAt, variableNames } from "../../src/source-text/values";
import { fixture, sourceFolder } from "../fixtures";

const names = (text: string, language: LanguageId): string[] =>
  Array.from(variableNames([...tokens(text, language)], language), (name) => name.text);

/** The expression under the mark `‸`, which stands in front of the character that the mouse is over. */
function under(marked: string, language: LanguageId): string | undefined {
  const position = marked.indexOf("‸");
  const text = marked.replace("‸", "");
  return expressionAt(text, [...tokens(text, language)], language, position)?.text;
}

describe("names for inline values", () => {
  it("are not taken from comments and strings", () => {
    assert.deepEqual(names('a /* b */ + "c" + d; // e\nf', "c"), ["a", "d", "f"]);
    assert.deepEqual(names('a /* b /* c */ d */ + r#"e "x" f"# + b"g" + h', "rust"), ["a", "h"]);
    assert.deepEqual(names('a + R"x(b " )" c)x" + u8"d" + e', "cpp"), ["a", "e"]);
    assert.deepEqual(names("const s =\n  \\\\ a b\n  \\\\ c\n; d", "zig"), ["s", "d"]);
    assert.deepEqual(names("a + `b \\` c` + d", "typescript"), ["a", "d"]);
    assert.deepEqual(names('a; "never closed b', "c"), ["a"]);
  });

  it("are not taken from what the preprocessor or the compiler's attributes read", () => {
    assert.deepEqual(names("#define X(a) \\\n  b + a\nint c = d;", "c"), ["c", "d"]);
    assert.deepEqual(names('#[cfg(feature = "x")] let a = b;', "rust"), ["a", "b"]);
  });

  it("are variables, not members, calls, macros, paths or lifetimes", () => {
    assert.deepEqual(names("self.x + a.b(d) + e::f + g!(h) + 'i", "rust"), ["self", "a", "d", "h"]);
    assert.deepEqual(names("a.b->c(d) + e::f", "cpp"), ["a", "d"]);
    assert.deepEqual(names("fn f(x: &'a str) { let y = 'z'; println!(\"{}\", x); }", "rust"), [
      "x",
      "str",
      "y",
      "x",
    ]);
    assert.deepEqual(names("1.5e3 + 0x1f + 2.max(a)", "rust"), ["a"]);
  });

  it("cover every variable of a real program that its frames name", () => {
    const text = readFileSync(join(sourceFolder(fixture("c-shapes-o0-dwarf5")), "c-shapes.c"), "utf8");
    const found = new Set(names(text, "c"));
    for (const name of ["scaled", "before", "visits", "tiny", "corner", "matrix", "global_count"])
      assert.ok(found.has(name), name);
    for (const name of ["crash", "postmortem", "printf", "return"]) assert.ok(!found.has(name), name);
  });
});

describe("the expression under the mouse", () => {
  it("reaches from its beginning to the word that is pointed at", () => {
    assert.equal(under("x = a.b->‸c[i];", "c"), "a.b->c");
    assert.equal(under("x = a.‸b->c[i];", "c"), "a.b");
    assert.equal(under("x = ‸a.b->c[i];", "c"), "a");
    assert.equal(under("x = a.b->c[‸i];", "c"), "i");
    assert.equal(under("x = a.b->c[i‸];", "c"), "a.b->c[i]");
    assert.equal(under("return self.‸x;", "rust"), "self.x");
    assert.equal(under("let y = pair.‸0;", "rust"), "pair.0");
    assert.equal(under("(*p).‸x", "c"), "(*p).x");
  });

  it("takes a star with what it dereferences, and multiplies nothing", () => {
    assert.equal(under("y = ‸*p;", "c"), "*p");
    assert.equal(under("f(‸*node->left)", "c"), "*node->left");
    assert.equal(under("y = a ‸* p;", "c"), undefined);
  });

  it("is nothing where code would have to run", () => {
    assert.equal(under("f(x).‸y", "c"), undefined);
    assert.equal(under("‸f(x)", "c"), undefined);
    assert.equal(under("a[f(x)].‸y", "c"), undefined);
    assert.equal(under("print‸ln!(x)", "rust"), undefined);
  });

  it("is nothing in comments, strings and keywords", () => {
    assert.equal(under("// a‸b", "c"), undefined);
    assert.equal(under('"a‸b"', "c"), undefined);
    assert.equal(under("ret‸urn a;", "c"), undefined);
  });

  it("takes a path to a static", () => {
    assert.equal(under("counters::‸TOTAL + 1", "rust"), "counters::TOTAL");
    assert.equal(under("std::vec::‸Vec::new()", "rust"), undefined);
  });
});

/** What can be typed into a watch, and where an error points. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { ExpressionError } from "../../engine/expressions/errors";
import { parse as parseInput } from "../../engine/expressions/parser";
import type { Expression } from "../../engine/expressions/syntax";

const parse = (text: string): Expression => parseInput(text).expression;

function faultAt(text: string): number {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof ExpressionError);
    return error.position;
  }
  return assert.fail(`${text} was understood`);
}

describe("expressions", () => {
  it("bind as in C: postfix before prefix", () => {
    const tree = parse("*a.b[1]->c");
    assert.equal(tree.kind, "dereference");
    assert.equal(tree.kind === "dereference" && tree.operand.kind, "member");
  });

  it("take Rust's tuple fields and paths", () => {
    const tree = parse("app::TABLE.0");
    assert.ok(tree.kind === "member" && tree.name === "0");
    assert.ok(tree.object.kind === "name" && tree.object.path === "app::TABLE");
  });

  it("point at the offending character", () => {
    assert.equal(faultAt("a.b + "), 6);
    assert.equal(faultAt("a = 1"), 2);
    assert.equal(faultAt("i++"), 1);
    assert.equal(faultAt("f(1)(2)"), 4);
    assert.equal(faultAt("x as 1"), 5);
    assert.equal(faultAt("1q"), 1);
    assert.equal(faultAt("1 + '"), 4);
    assert.equal(faultAt("a["), 2);
    assert.equal(faultAt("a.)"), 2);
    assert.equal(faultAt("a b"), 2);
    assert.equal(faultAt(""), 0);
  });

  it("are refused when nested without end", () => {
    assert.throws(() => parse("*".repeat(100_000)), ExpressionError);
    assert.throws(() => parse("(".repeat(100_000)), ExpressionError);
  });

  it("give a tree or an ExpressionError for any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parse(text);
        } catch (error) {
          assert.ok(error instanceof ExpressionError);
        }
      }),
    );
  });

  it("give a tree or an error inside of the text for any soup of tokens", () => {
    const token = fc.constantFrom(
      ...[
        "a",
        "b",
        "_x",
        "größe",
        "r#type",
        "0",
        "12",
        "0x1f",
        "0b01",
        "0x",
        "0b",
        "1__0",
        "0_",
        "$local0",
        "$stack",
        "$",
      ],
      ...[
        "->",
        "-",
        ">",
        "::",
        ":",
        ".",
        "..",
        "[",
        "]",
        "(",
        ")",
        "*",
        "&",
        "&&",
        "#",
        '"',
        "\u{1f600}",
        " ",
        "\t",
        "\n",
      ],
    );
    let trees = 0;
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const text = tokens.join("");
        try {
          parse(text);
          trees++;
        } catch (error) {
          assert.ok(error instanceof ExpressionError, String(error));
          assert.ok(error.position >= 0 && error.position <= text.length, `${error.position} in ${text}`);
          assert.ok(error.message.length < 200, "a message for people");
        }
      }),
      { numRuns: 5000 },
    );
    assert.ok(trees > 100, "some soups are expressions");
  });
});

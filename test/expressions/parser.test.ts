/** What can be typed into a watch, and where an error points. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { ExpressionError } from "../../engine/expressions/errors";
import { parse } from "../../engine/expressions/parser";

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
    assert.equal(faultAt("a.b + 1"), 4);
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
});

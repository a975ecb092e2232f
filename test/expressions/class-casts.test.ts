/** Casts between a class and its bases, where C++ moves the address. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { frameOf } from "./frames";

const PROGRAM = "cpp-forms-clang22-o0-dwarf5";

describe("a cast between a class and its bases", () => {
  const bases = frameOf(PROGRAM, "bases");
  const main = frameOf(PROGRAM, "main");

  it("leads to the derived object around a base that is not its first", () => {
    assert.equal(evaluateInFrame("((Twofold *)other)->twofold", bases).text(), "60");
    assert.equal(evaluateInFrame("static_cast<Twofold *>(other)->base", bases).text(), "1");
  });

  it("leads to the base inside of an object, and back", () => {
    assert.equal(evaluateInFrame("((Other *)&twofold)->other", main).text(), "50");
    assert.equal(evaluateInFrame("((Other &)twofold).other", main).text(), "50");
    assert.equal(evaluateInFrame("(Twofold *)(Other *)&twofold == &twofold", main).text(), "true");
  });

  it("keeps a null pointer null", () => {
    assert.equal(evaluateInFrame("(Twofold *)(Other *)0 == 0", main).text(), "true");
  });

  it("keeps the address between classes that are not related", () => {
    assert.equal(evaluateInFrame("(void *)(Node *)other == (void *)other", bases).text(), "true");
  });

  it("leads to a virtual base where the object has it", () => {
    assert.equal(evaluateInFrame("((Base *)left)->base", bases).text(), "11");
    assert.equal(evaluateInFrame("(Base *)right == dynamic", bases).text(), "true");
    assert.equal(evaluateInFrame("static_cast<Base &>(copy).base", bases).text(), "11");
  });

  it("is an error from a virtual base to what has it, not a guess", () => {
    assert.throws(
      () => evaluateInFrame("(Bottom *)dynamic", bases),
      (error) => error instanceof ExpressionError && /Base is a virtual base/.test(error.message),
    );
  });
});

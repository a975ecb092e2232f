/** Expressions of any shape, in the frames of real crashes: a value, or an error that points into the text. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { fixture } from "../fixtures/index";
import { open, soundBytes } from "../values/damage";

describe("an expression in a frame", () => {
  for (const name of ["c-shapes-o0-dwarf5", "c-shapes-o2-dwarf5", "cpp-shapes", "rust-shapes"]) {
    it(`gives a value or an error that points into it: ${name}`, () => {
      const crash = open(soundBytes(fixture(name)));
      const frame = crash.threads[0]!.frames().find(({ origin }) => origin === "program");
      assert.ok(frame !== undefined);
      const names = frame
        .scopes()
        .flatMap((scope) => scope.variables())
        .flatMap(({ evaluateName }) => (evaluateName === undefined ? [] : [evaluateName]));
      const atom = fc.oneof(
        fc.constantFrom(...names),
        fc.constantFrom("0", "3", "99999999999999999999", "$local0", "$stack9", "nobody"),
      );
      const expression = fc.letrec<{ any: string }>((tie) => ({
        any: fc.oneof(
          { depthSize: "small" },
          atom,
          tie("any").map((inner) => `*${inner}`),
          tie("any").map((inner) => `&${inner}`),
          tie("any").map((inner) => `(${inner})`),
          fc
            .tuple(
              tie("any"),
              fc.constantFrom(".x", ".0", "->next", ".value", "[0]", "[1]", "[18446744073709551615]"),
            )
            .map(([inner, rest]) => inner + rest),
          fc.tuple(tie("any"), tie("any")).map(([inner, index]) => `${inner}[${index}]`),
        ),
      })).any;
      let values = 0;
      fc.assert(
        fc.property(expression, (text) => {
          try {
            evaluateInFrame(text, frame).text();
            values++;
          } catch (error) {
            assert.ok(error instanceof ExpressionError, String(error));
            assert.ok(error.position >= 0 && error.position <= text.length, `${error.position} in ${text}`);
          }
        }),
        { numRuns: 400 },
      );
      assert.ok(values > 20, "some have values");
    });
  }
});

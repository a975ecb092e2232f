/** Expressions are what the compilers make of them: `compiled/*.tsv` is their own word, written by `compiled/build.sh`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Frame } from "../../engine/postmortem/model";
import { frameOf } from "./frames";

/** A frame of a program in the language, by whose rules the expressions are read. */
const FRAMES = {
  c: ["c-shapes-o0-dwarf5", "compounds"],
  cpp: ["cpp-shapes", "language"],
  rust: ["rust-shapes", "compounds"],
  zig: ["zig-shapes-debug", "choices"],
} as const;

function given(expression: string, frame: Frame): readonly [text: string, type: string | undefined] {
  try {
    const value = evaluateInFrame(expression, frame);
    return [value.text(), value.typeName];
  } catch (error) {
    if (error instanceof ExpressionError) return [`${error.position}: ${error.message}`, undefined];
    throw error;
  }
}

/** Whether two texts are the same value: numbers by what they are, C's characters by their number. */
function same(text: string, wanted: string, type: string): boolean {
  if (text === wanted) return true;
  if (type === "long double") return false;
  const number = /^(\S+) '.*'$/s.exec(text)?.[1] ?? text;
  if (!/^-?[\d.]/.test(number) || !/^-?[\d.]/.test(wanted)) return false;
  if (/^(float|f32)$/.test(type)) return Math.fround(Number(number)) === Math.fround(Number(wanted));
  return /^(double|f64|comptime_float)$/.test(type) ? Number(number) === Number(wanted) : number === wanted;
}

describe("expressions as compilers compute them", () => {
  for (const [language, [program, function_]] of Object.entries(FRAMES)) {
    it(`have the value and the type that ${language} gives them`, () => {
      const frame = frameOf(program, function_);
      const lines = readFileSync(join(__dirname, `compiled/${language}.tsv`), "utf8")
        .trimEnd()
        .split("\n");
      assert.ok(lines.length > 50);
      const faults = lines.flatMap((line) => {
        const [expression, wanted, type] = line.split("\t") as [string, string, string];
        // A long double is written by its bits.
        const [text, own] = given(type === "long double" ? `${expression},x` : expression, frame);
        const fits =
          same(text, wanted, type) &&
          own?.replace(/^const /, "") === type.replace(/\b(?:core|alloc)(?:::[a-z]\w*)+::/g, "");
        return fits ? [] : [`${expression} is ${text} : ${own}, not ${wanted} : ${type}`];
      });
      assert.deepEqual(faults, []);
    });
  }
});

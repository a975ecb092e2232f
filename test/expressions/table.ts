/** Expressions in a frame beside what they give: the text and the type, or where the error points and what it says. */
import assert from "node:assert/strict";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Frame } from "../../engine/postmortem/model";
import { frameOf } from "./frames";

export function shown(expression: string, frame: Frame): string {
  try {
    const value = evaluateInFrame(expression, frame);
    const text = value.text();
    return value.typeName === undefined ? text : `${text} : ${value.typeName}`;
  } catch (error) {
    if (error instanceof ExpressionError) return `${error.position}: ${error.message}`;
    throw error;
  }
}

/** `text : type`, or `position: message` of an error. */
export type Table = readonly (readonly [expression: string, wanted: string | RegExp])[];

export function check(name: string, function_: string, table: Table): void {
  const frame = frameOf(name, function_);
  const faults: string[] = [];
  for (const [expression, wanted] of table) {
    const given = shown(expression, frame);
    if (typeof wanted === "string" ? given !== wanted : !wanted.test(given))
      faults.push(`${expression} gives ${given}, not ${wanted}`);
  }
  assert.deepEqual(faults, []);
}

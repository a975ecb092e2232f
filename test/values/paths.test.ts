/** Each child of each variable of the real crashes, reached again by the expression that its path gives. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Frame } from "../../engine/postmortem/model";
import type { Child, Value } from "../../engine/values/model";
import { fixtures } from "../fixtures/index";
import { forms } from "../fixtures/matrix/forms";
import { open, soundBytes } from "./damage";

const DEPTH = 3;
const WIDTH = 8;
/** Expressions of one frame: the rest of a large one are more of the same. */
const MOST = 600;

function childrenOf({ children }: Value): readonly Child[] {
  if (children === undefined) return [];
  const last = Math.max(WIDTH, children.indexedCount - 2);
  return [
    ...children.named().slice(0, 2 * WIDTH),
    ...children.indexed(0, WIDTH),
    ...children.indexed(last, 2),
  ];
}

interface Found {
  readonly faults: string[];
  checked: number;
}

function walk(frame: Frame, expression: string, value: Value, depth: number, found: Found): void {
  if (depth === 0 || found.checked > MOST) return;
  for (const child of childrenOf(value)) {
    if (child.path === undefined) continue;
    const path = child.path(expression);
    found.checked++;
    const given = textOf(path, frame);
    const shown = child.value.text();
    if (given !== shown) found.faults.push(`${frame.name}: ${path} gives ${given}, shown is ${shown}`);
    else walk(frame, path, child.value, depth - 1, found);
  }
}

function textOf(expression: string, frame: Frame): string {
  try {
    return evaluateInFrame(expression, frame).text();
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}

describe("a child's path", () => {
  for (const fixture of [...fixtures, ...forms.filter(({ dwarf }) => dwarf > 0)]) {
    it(`leads to the child, in every frame of ${fixture.name}`, () => {
      const faults: string[] = [];
      let checked = 0;
      for (const frame of open(soundBytes(fixture)).threads[0]!.frames().slice(0, 30)) {
        if (frame.entry === undefined) continue;
        const found: Found = { faults, checked: 0 };
        for (const scope of frame.scopes()) {
          for (const { evaluateName, value } of scope.variables()) {
            if (evaluateName === undefined) continue;
            const given = textOf(evaluateName, frame);
            if (given !== value.text())
              faults.push(`${frame.name}: ${evaluateName} gives ${given}, shown is ${value.text()}`);
            else walk(frame, evaluateName, value, DEPTH, found);
          }
        }
        checked += found.checked;
      }
      assert.deepEqual(faults, []);
      assert.ok(checked > 0 || fixture.name.startsWith("c-traps"), "there are children");
    });
  }
});

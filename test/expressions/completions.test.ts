/** What is offered while an expression is typed. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { completionsAt } from "../../engine/expressions/completions";
import type { Frame } from "../../engine/postmortem/model";
import { frameOf } from "./frames";

function labels(text: string, frame: Frame): readonly string[] {
  return completionsAt(text, text.length, frame).map(({ label }) => label);
}

describe("completions", () => {
  it("offer names that begin as what is typed", () => {
    const frame = frameOf("c-shapes-o0-dwarf5", "compounds");
    assert.deepEqual(labels("1 + cor", frame), ["corner"]);
    assert.ok(labels("", frame).includes("matrix"));
    assert.ok(labels("mood == MOOD_", frame).includes("MOOD_GLAD"));
    assert.deepEqual(completionsAt("1 + cor * 2", 7, frame)[0], {
      label: "corner",
      kind: "variable",
      start: 4,
      length: 3,
    });
  });

  it("offer the members of what stands in front of the dot or arrow", () => {
    const frame = frameOf("c-shapes-o0-dwarf5", "compounds");
    assert.deepEqual(labels("1 + frame.m", frame), ["min", "max"]);
    assert.deepEqual(labels("corner->", frame), ["x", "y"]);
    assert.deepEqual(labels("(*handle)->", frame), ["x", "y"]);
    assert.deepEqual(labels("path[1 + 1].", frame), ["x", "y"]);
    assert.deepEqual(labels("nothing_such.", frame), []);
  });

  it("offer what a view answers, and the Wasm machine", () => {
    const frame = frameOf("rust-shapes", "compounds");
    assert.ok(labels("numbers.le", frame).includes("len()"));
    assert.ok(labels("$", frame).includes("$local0"));
    assert.ok(labels("$f", frame).includes("$frame"));
  });
});

/**
 * Variables that a copy of a function does not mention any more, by `lost` of `c-moved`: clang drops them from inlined
 * code, and there are statics of the same names.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { openCrash } from "../../engine/postmortem/crash";
import type { Frame } from "../../engine/postmortem/model";
import { fixture, sourceFolder } from "../fixtures/index";
import { dumpNamed } from "../support/dwarfdump";

const path = (extension: string): string =>
  join(sourceFolder(fixture("c-moved-clang22-o2-dwarf5")), `lost.${extension}`);

const source = (extension: string) => new MemorySource(`lost.${extension}`, readFileSync(path(extension)));

function frameCalled(name: string): Frame {
  const crash = openCrash({
    dump: source("coredump"),
    main: { module: { path: "lost.wasm", source: source("wasm") } },
  });
  return crash.threads[0]!.frames().find((frame) => frame.name === name)!;
}

const localsIn = (frame: Frame) =>
  frame
    .scopes()
    .filter(({ kind }) => kind === "locals")
    .flatMap((scope) => scope.variables());

describe("Variables that inlined code has lost", () => {
  it("are listed as missing: those of the function, and of a block that has no code of its own left", () => {
    const inlined = dumpNamed(path("wasm"), ["run"]).flatMap(({ attributes }) => attributes);
    for (const name of ["calls", "depth"]) {
      assert.ok(!inlined.some(({ value }) => value.includes(`"${name}"`)), `clang keeps ${name}`);
      const found = localsIn(frameCalled("deepest")).find((variable) => variable.name === name);
      assert.equal(found?.value.missing?.reason, "optimized-out", name);
    }
  });

  it("hide statics of their names in expressions", () => {
    const frame = frameCalled("deepest");
    assert.equal(evaluateInFrame("calls", frame).missing?.reason, "optimized-out");
    assert.equal(evaluateInFrame("depth + 1", frame).missing?.reason, "optimized-out");
  });

  it("leave those of the caller what they are", () => {
    const frame = frameCalled("run");
    assert.equal(evaluateInFrame("calls", frame).text(), "78");
    assert.equal(evaluateInFrame("depth", frame).text(), "4");
  });
});

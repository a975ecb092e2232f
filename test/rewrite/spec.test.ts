/** The WebAssembly specification's own test suite, with its modules as they are and instrumented. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import { type Comparison, VARIANTS } from "./spec/compare";

const SUITE = join(__dirname, "../../.cache/spec/stamp.txt");

describe("the specification's test suite, instrumented", function () {
  this.timeout(300_000);
  let found: Comparison;

  before(() => {
    assert.ok(
      existsSync(SUITE),
      "The suite is not here: `node scripts/spec-suite.mjs` brings it, with cargo and wabt",
    );
    const node = ["--no-warnings", "--import", "tsx", join(__dirname, "spec/run.ts")];
    const { NODE_V8_COVERAGE: _, ...env } = process.env; // which would make it many times as slow
    const { stdout, stderr } = spawnSync(process.execPath, node, {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      env,
    });
    assert.ok(stdout, stderr);
    found = JSON.parse(stdout) as Comparison;
  });

  it("comes to the same outcomes in every tier, with and without exceptions", () => {
    assert.deepEqual(found.different, []);
    assert.deepEqual(Object.keys(found.variants), Object.keys(VARIANTS));
    assert.ok(found.scripts >= 295, `${found.scripts} scripts`);
    assert.ok(found.outcomes >= 71_500, `${found.outcomes} outcomes`);
  });

  it("changes every module that has code, and says why it left the others", () => {
    for (const { changed, unchanged } of Object.values(found.variants).slice(1)) {
      assert.ok(changed >= 2_480, `${changed} modules`);
      assert.deepEqual(Object.keys(unchanged), ["app.wasm has no code to instrument"]);
    }
  });

  it("is refused by the engine only where its modules have several memories", () => {
    const others = Object.keys(found.refused).filter(
      (script) => !script.startsWith("proposals/multi-memory/"),
    );
    const known = ["proposals/simd/simd_memory-multi.json", "wasm-v3/data.json"];
    assert.deepEqual(
      others.filter((script) => !known.includes(script)),
      [],
    );
  });
});

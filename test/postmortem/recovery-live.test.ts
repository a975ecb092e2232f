/** The short form of `npm run recovery`: programs stopped at random instructions under V8's inspector. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { programs } from "../../bench/recovery/programs";
import { random } from "../../bench/recovery/random";
import { measure } from "../../bench/recovery/run";

/** Small programs of several languages and levels. */
const CHOSEN = ["c-shapes-o0-dwarf5", "c-shapes-o2-dwarf5", "cpp-shapes", "rust-release"];
const SNAPSHOTS = 12;

describe("a program stopped anywhere", () => {
  for (const program of programs().filter(({ name }) => CHOSEN.includes(name)))
    it(`gives back frame bases and locals right or not at all: ${program.name}`, () => {
      const figures = measure(program, SNAPSHOTS, random(7));
      assert.deepEqual(figures.mistakes, []);
      assert.ok(figures.frames > 20, `${figures.frames} frames`);
      const { exact, unknown } = figures.frameBases;
      assert.ok(exact >= 0.95 * (exact + unknown), `${exact} of ${exact + unknown} frame bases`);
      assert.ok(figures.locals.exact > 0);
    }).timeout(60_000);
});

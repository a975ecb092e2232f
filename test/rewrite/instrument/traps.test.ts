/** Every way in which the specification lets code trap that this engine knows: each dump has the right top frame. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { captureCoreDump, keepWholeStacks } from "../../../capture/library/index";
import { MemorySource } from "../../../engine/bytes/source";
import { ByteWriter } from "../../../engine/bytes/writer";
import { openCrash } from "../../../engine/postmortem/crash";
import type { Tier } from "../../../engine/rewrite/instrument/model";
import { body, moduleOf, vectorSection } from "../../wasm/support/module-builder";
import { instrumentBytes, start, thrownBy } from "./support";

keepWholeStacks();

const i32 = (value: number): number[] => [0x41, ...new ByteWriter().sleb(value).finish()];
const high = i32(70_000);
const [f32Nan, f64Huge] = [
  [0x43, 0, 0, 0xc0, 0x7f],
  [0x44, 0, 0, 0, 0, 0, 0, 0, 0x7f],
];
const drop = 0x1a;

/** What is trapped on, the operands of it, the instruction itself, and what comes behind. */
const traps: readonly (readonly [what: string, before: number[], trap: number[], behind: number[]])[] = [
  ["unreachable", [], [0x00], []],
  ["i32.div_u", [...i32(1), ...i32(0)], [0x6e], [drop]],
  ["i32.rem_s", [...i32(1), ...i32(0)], [0x6f], [drop]],
  ["i64.div_s", [0x42, 1, 0x42, 0], [0x7f], [drop]],
  ["i64.rem_u", [0x42, 1, 0x42, 0], [0x82], [drop]],
  ["i32.div_s of the least by -1", [...i32(-2147483648), ...i32(-1)], [0x6d], [drop]],
  ["i32.trunc_f32_s", f32Nan!, [0xa8], [drop]],
  ["i64.trunc_f64_u", f64Huge!, [0xb1], [drop]],
  ["i32.load", high, [0x28, 2, 0], [drop]],
  ["i64.store8", [...high, 0x42, 1], [0x3c, 0, 0], []],
  ["v128.load", high, [0xfd, 0, 4, 0], [drop]],
  ["i32.atomic.load", high, [0xfe, 0x10, 2, 0], [drop]],
  ["i32.atomic.load that is not aligned", i32(1), [0xfe, 0x10, 2, 0], [drop]],
  ["i32.atomic.rmw.cmpxchg", [...high, ...i32(0), ...i32(0)], [0xfe, 0x48, 2, 0], [drop]],
  ["memory.copy", [...high, ...i32(0), ...i32(1)], [0xfc, 10, 0, 0], []],
  ["memory.fill", [...high, ...i32(0), ...i32(1)], [0xfc, 11, 0], []],
  ["memory.init of memory", [...high, ...i32(0), ...i32(1)], [0xfc, 8, 0, 0], []],
  ["memory.init of its segment", [...i32(0), ...i32(9), ...i32(1)], [0xfc, 8, 0, 0], []],
  ["table.get", i32(9), [0x25, 0], [drop]],
  ["table.set", [...i32(9), 0xd0, 0x70], [0x26, 0], []],
  ["table.copy", [...i32(9), ...i32(0), ...i32(1)], [0xfc, 14, 0, 0], []],
  ["table.fill", [...i32(9), 0xd0, 0x70, ...i32(1)], [0xfc, 17, 0], []],
  ["table.init", [...i32(9), ...i32(0), ...i32(1)], [0xfc, 12, 1, 0], []],
  ["call_indirect outside", i32(9), [0x11, 0, 0], []],
  ["call_indirect of null", i32(0), [0x11, 0, 0], []],
  ["call_indirect of another type", i32(1), [0x11, 0, 0], []],
];

/** A module whose function 1 traps, called by function 2. */
function program([, before, trap, behind]: (typeof traps)[number]): Uint8Array {
  return moduleOf(
    vectorSection(1, [0x60, 0, 0], [0x60, 1, 0x7f, 0]),
    vectorSection(3, [1], [0], [0]),
    vectorSection(4, [0x70, 1, 2, 2]),
    vectorSection(5, [0x03, 1, 1]),
    vectorSection(7, new ByteWriter().name("run").u8(0).uleb(2)),
    vectorSection(9, [0, 0x41, 1, 0x0b, 1, 0], [1, 0, 1, 0]),
    new ByteWriter().u8(12).uleb(1).uleb(1),
    vectorSection(
      10,
      body(0, 0x0b),
      body(0, ...before, ...trap, ...behind, 0x0b),
      body(0, 0x01, 0x10, 1, 0x0b),
    ),
    vectorSection(11, [1, 2, 7, 7]),
  );
}

describe("the dump of a trap", () => {
  for (const trap of traps) {
    const [what, before] = trap;
    it(`stands at ${what}, in every tier, with the engine's own words`, () => {
      const original = program(trap);
      const error = thrownBy(() => start(original).call("run"));
      assert.ok(error instanceof WebAssembly.RuntimeError);
      for (const tier of [0, 1, 2] satisfies Tier[]) {
        for (const hasExceptions of [true, false]) {
          const { module, debug } = instrumentBytes(original, { tier, hasExceptions });
          const running = start(module);
          const thrown = thrownBy(() => running.call("run"));
          assert.equal(String(thrown), String(error), `tier ${tier}`);
          const dump = captureCoreDump(thrown, running)!.bytes();
          const main = {
            module: { path: "app.wasm", source: new MemorySource("app.wasm", debug ?? module) },
          };
          const crash = openCrash({ dump: new MemorySource("dump", dump), main });
          assert.deepEqual(
            crash.dump.threads[0]!.frames.map(({ functionIndex, offset }) => [functionIndex, offset]),
            [
              [1, 1 + before.length],
              [2, 2],
            ],
            `tier ${tier}`,
          );
        }
      }
    });
  }
});

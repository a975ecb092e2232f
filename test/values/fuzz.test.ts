/**
 * Damaged crashes: whatever the bytes of debug information and dump are, everything that a session asks for
 * ends soon, in an answer or in a FormatError. `FUZZ_ROUNDS=5000 npx mocha …` looks for longer.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Frame } from "../../engine/postmortem/model";
import { triage } from "../../engine/postmortem/triage";
import type { Value } from "../../engine/values/model";
import { fixture } from "../fixtures/index";
import { type CrashBytes, damagedDumps, damagedModules, open, soundBytes, tolerate } from "./damage";

const ROUNDS = Number(process.env["FUZZ_ROUNDS"] ?? 24);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20);
/** Seconds of processor time for one crash, whose sound twin takes a tenth of one. */
const MAX_SECONDS = 5;
/** Values that one crash may show: damage may multiply them, but not without end. */
const MAX_VALUES = 100_000;
const MAX_TEXT = 2000;
const MAX_ENTRIES = 2_000_000;
/** Bytes by which the heap may grow for one crash, garbage with it. */
const MAX_GROWTH = 1 << 29;

/** Asks for all that a debug adapter asks for; the number of values that were shown. */
function interrogate(bytes: CrashBytes): number {
  const crash = tolerate(() => open(bytes));
  if (crash === undefined) return 0;
  let values = 0;
  const look = (value: Value, depth: number): void => {
    assert.ok(++values < MAX_VALUES, "values without end");
    assert.ok((tolerate(() => value.text())?.length ?? 0) < MAX_TEXT, "a line without end");
    tolerate(() => value.text({ hex: true }));
    tolerate(() => [
      value.typeName,
      value.missing,
      value.address,
      value.size,
      value.target,
      value.provenance,
    ]);
    tolerate(() => {
      const { children } = value;
      if (children === undefined || depth === 0) return;
      const last = Math.max(0, children.indexedCount - 2);
      const shown = [
        ...children.named().slice(0, 50),
        ...children.indexed(0, 4),
        ...children.indexed(last, 2),
      ];
      for (const child of shown) look(child.value, depth - 1);
    });
  };
  const visit = (frame: Frame): void => {
    tolerate(() => [frame.name, frame.location, frame.parameters]);
    for (const scope of tolerate(() => frame.scopes()) ?? []) {
      for (const { value, evaluateName } of (tolerate(() => scope.variables()) ?? []).slice(0, 200)) {
        look(value, 2);
        if (evaluateName !== undefined) tolerate(() => evaluated(evaluateName, frame));
      }
    }
  };
  for (const thread of tolerate(() => crash.threads) ?? []) {
    const frames = tolerate(() => thread.frames()) ?? [];
    tolerate(() => thread.crashFrame);
    for (const frame of frames.slice(0, 20)) visit(frame);
  }
  tolerate(() => crash.reason);
  tolerate(() => crash.warnings);
  tolerate(() => JSON.stringify(triage(crash)));
  const entries = crash.modules[0]?.debug?.counters.entries ?? 0;
  assert.ok(entries < MAX_ENTRIES, `${entries} entries read`);
  return values;
}

function evaluated(expression: string, frame: Frame): void {
  try {
    evaluateInFrame(expression, frame).text();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
  }
}

function bounded(bytes: CrashBytes): void {
  const before = process.cpuUsage();
  const heap = process.memoryUsage().heapUsed;
  interrogate(bytes);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < MAX_SECONDS * 1e6, `${(user + system) / 1e6} seconds`);
  assert.ok(process.memoryUsage().heapUsed - heap < MAX_GROWTH, "runaway memory");
}

const CRASHES = [
  ["c-shapes-o0-dwarf5", ROUNDS / 2],
  ["c-shapes-o2-dwarf4", ROUNDS],
  ["c-shapes-o2-dwarf5", ROUNDS / 2],
  ["c-traps/stack_exhausted", ROUNDS / 2],
  ["cpp-shapes", ROUNDS / 4],
  ["rust-shapes", ROUNDS / 10],
  ["rust-release", ROUNDS / 10],
  ["rust-containers", ROUNDS / 12],
  ["rust-threads", ROUNDS / 12],
  ["cpp-containers", ROUNDS / 12],
  ["cpp-units", ROUNDS / 6],
] as const;

describe("a damaged crash", () => {
  for (const [name, numRuns] of CRASHES) {
    it(`of ${name} ends in answers or typed errors, soon`, function () {
      this.timeout(numRuns * 20_000);
      const sound = soundBytes(fixture(name));
      assert.ok(interrogate(sound) > 50);
      const options = { numRuns: Math.ceil(numRuns), seed: SEED, endOnFailure: true };
      fc.assert(
        fc.property(damagedModules(sound), (module) => bounded({ ...sound, module })),
        options,
      );
      fc.assert(
        fc.property(damagedDumps(sound), (dump) => bounded({ ...sound, dump })),
        options,
      );
    });
  }
});

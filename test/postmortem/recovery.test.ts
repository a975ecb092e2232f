/**
 * Recovery held against the truth of real traps: V8 recorded every local and operand of the fixtures' dumps, which
 * are then taken away; and real dumps of a producer that records none.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bodyOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import type { CoreFrame } from "../../engine/coredump/model";
import { readCoreDump } from "../../engine/coredump/reader";
import { writeCoreDump } from "../../engine/coredump/writer";
import { Missing } from "../../engine/dwarf/missing";
import { openCrash } from "../../engine/postmortem/crash";
import type { Crash } from "../../engine/postmortem/model";
import { WasmModule } from "../../engine/wasm/module";
import { everyFixture, type Fixture, fixture, loadDump, loadModule } from "../fixtures";
import { dumpsOf, loadProduced } from "../fixtures/dialects";
import { faultsOf } from "../fixtures/faults";
import { body, moduleOf, vectorSection } from "../wasm/support/module-builder";
import { compareRegisters, type Score, stripped } from "./support/recovered";

function open(of: Fixture, dump: Uint8Array): Crash {
  const module = { path: of.module, source: new MemorySource(of.module, loadModule(of)) };
  return openCrash({ dump: new MemorySource("dump", dump), main: { module } });
}

/**
 * Recovers every frame of a fixture's dump without its registers, and compares.
 * @param keeps whether a frame is in the stack; `count` is the number of all
 */
function compare(of: Fixture, score: Score, keeps?: (index: number, count: number) => boolean): void {
  const module = WasmModule.open(new MemorySource(of.module, loadModule(of)));
  compareRegisters(readCoreDump(new MemorySource("dump", loadDump(of))), module, score, of.name, keeps);
}

describe("locals and operands that a dump lacks", () => {
  const score: Score = { exact: 0, unknown: 0, wrong: [] };

  for (const of of everyFixture)
    it(`are recovered right or not at all: ${of.name}`, () => {
      const before = score.wrong.length;
      compare(of, score);
      assert.deepEqual(score.wrong.slice(before), []);
    });

  it("come back for two thirds and more of them", () => {
    const all = score.exact + score.unknown;
    assert.ok(all > 5000, `${all} registers`);
    assert.ok(score.exact / all > 0.67, `${score.exact} of ${all}`);
  });
});

describe("a stack that is cut", () => {
  const cuts: Readonly<Record<string, (index: number, count: number) => boolean>> = {
    "its youngest frame": (index) => index > 0,
    "its two youngest frames": (index) => index > 1,
    "half of its frames, the youngest": (index, count) => index >= count / 2,
    "its oldest frame": (index, count) => index < count - 1,
    "a frame in the middle": (index, count) => index !== count >> 1,
    "every other frame": (index) => index % 2 === 0,
  };
  for (const [what, keeps] of Object.entries(cuts))
    it(`gives no wrong registers: it lacks ${what}`, () => {
      const score: Score = { exact: 0, unknown: 0, wrong: [] };
      // Where the host may move the stack pointer, a frame that a recursion lacks cannot be told.
      for (const of of everyFixture) if (!/emcc/.test(of.toolchain.compiler)) compare(of, score, keeps);
      assert.deepEqual(score.wrong, []);
      assert.ok(score.exact > 0);
    });
});

describe("variables of a dump without locals", () => {
  for (const of of everyFixture.filter(({ dwarf }) => dwarf > 0))
    it(`are what the source says: ${of.name}`, () => {
      const crash = open(of, stripped(loadDump(of)));
      assert.deepEqual(faultsOf(of, crash, of.level === "release"), []);
    });
});

describe("variables of a dump by Wasmtime", () => {
  for (const produced of dumpsOf("wasmtime"))
    it(`are what the source says: ${produced.fixture.name}`, () => {
      const of = produced.fixture;
      const crash = open(of, loadProduced(produced));
      // Wasmtime keeps the 20 youngest frames.
      const whole = crash.threads[0]!.frames().at(-1)!.physical.index < 19;
      const faults = faultsOf(of, crash, of.level === "release");
      assert.deepEqual(whole ? faults : faults.filter((fault) => !/^no (frame|static) /.test(fault)), []);
    });
});

describe("the registers of a frame whose producer recorded none", () => {
  it("are listed and marked as recovered", () => {
    const of = fixture("c-shapes-o0-dwarf5");
    const frame = open(of, stripped(loadDump(of))).threads[0]!.frames(0, 1)[0]!;
    const locals = frame.scopes().find(({ kind }) => kind === "wasm-locals")!;
    assert.equal(locals.name, "Wasm Locals (recovered)");
    assert.ok(frame.scopes().some(({ name }) => /^(Arguments|Locals).* \(registers recovered\)$/.test(name)));
    const recorded = readCoreDump(new MemorySource("dump", loadDump(of))).threads[0]!.frames[0]!.locals;
    const shown = locals.variables();
    assert.equal(shown.length, recorded.length);
    const known = shown.filter(({ value }) => value.missing === undefined);
    assert.ok(known.length > 0);
    for (const { value } of known) assert.equal(value.provenance, "recovered");
  });

  it("stay as they were where they were recorded", () => {
    const of = fixture("c-shapes-o0-dwarf5");
    const frame = open(of, loadDump(of)).threads[0]!.frames(0, 1)[0]!;
    const locals = frame.scopes().find(({ kind }) => kind === "wasm-locals")!;
    assert.equal(locals.name, "Wasm Locals");
    for (const { value } of locals.variables()) assert.equal(value.provenance, "recorded");
  });
});

describe("a frame whose code cannot be followed", () => {
  it("says what stands in the way instead of its locals", () => {
    // block, ref.null func, br_on_null 0, drop, end, unreachable, end
    const code = [0x02, 0x40, 0xd0, 0x70, 0xd5, 0x00, 0x1a, 0x0b, 0x00, 0x0b];
    const bytes = moduleOf(
      vectorSection(1, [0x60, 1, 0x7f, 0]),
      vectorSection(3, [0]),
      vectorSection(10, body(0, ...code)),
    );
    const core: CoreFrame = {
      instance: 0,
      functionIndex: functionIndex(0),
      offset: bodyOffset(9),
      locals: [],
      stack: [],
    };
    const dump = writeCoreDump({
      executable: "references",
      threads: [{ name: "main", frames: [core] }],
      modules: [{ name: "m" }],
      instances: [{ module: 0, memories: [], globals: [] }],
      memories: [],
      globals: [],
      notes: {},
    });
    const module = { path: "m.wasm", source: new MemorySource("m.wasm", bytes) };
    const crash = openCrash({ dump: new MemorySource("dump", dump), main: { module } });
    const local = crash.threads[0]!.frames(0, 1)[0]!.physical.machine.local(0);
    assert.ok(local instanceof Missing);
    assert.match(local.text, /not recovered: its code uses br_on_null\b/);
  });
});

/** Instrumented modules do what they did, and tell what V8's inspector tells, frame by frame. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, it } from "mocha";
import { captureCoreDump, keepWholeStacks } from "../../../capture/library/index";
import { attempt, FormatError } from "../../../engine/bytes/errors";
import { MemorySource } from "../../../engine/bytes/source";
import type { CoreDump, RecordedValue } from "../../../engine/coredump/model";
import { readCoreDump } from "../../../engine/coredump/reader";
import { openCrash, openStackTraces } from "../../../engine/postmortem/crash";
import type { Tier } from "../../../engine/rewrite/instrument/model";
import { WasmModule } from "../../../engine/wasm/module";
import { faultsOf } from "../../fixtures/faults";
import {
  everyFixture,
  expected,
  type Fixture,
  fixture,
  fixtures,
  loadDump,
  loadModule,
} from "../../fixtures/index";
import { callOf } from "../../fixtures/trap-calls";
import { body, isValid, moduleOf, sampleModule, vectorSection } from "../../wasm/support/module-builder";
import { mutated } from "../../wasm/support/mutations";
import { dumpOf, type InstrumentedFiles, instrumentBytes, start, thrownBy } from "./support";

keepWholeStacks();

const folder = join(__dirname, "../../fixtures");

/** The dump of a fixture's crash, instrumented. */
function crash(of: Fixture, tier: Tier): { readonly dump: CoreDump; readonly files: InstrumentedFiles } {
  const files = instrumentBytes(loadModule(of), { tier });
  const running = start(files.module);
  return { dump: dumpOf(running, () => running.call(...callOf(of))), files };
}

const bits = (value: RecordedValue): string =>
  `${value.type} ${"bits" in value ? value.bits : "value" in value ? value.value : ""}`;

/** Locals and operands that both know, and those that differ. */
function compare(dump: CoreDump, truth: CoreDump): { same: number; wrong: string[] } {
  let same = 0;
  const wrong: string[] = [];
  truth.threads[0]!.frames.forEach((frame, at) => {
    for (const kind of ["locals", "stack"] as const)
      dump.threads[0]!.frames[at]![kind].forEach((value, index) => {
        const other = frame[kind][index];
        if (value.type === "missing" || other?.type === "missing") return;
        if (other !== undefined && bits(value) === bits(other)) same++;
        else wrong.push(`frame ${at}, ${kind} ${index}: ${bits(value)}, not ${other && bits(other)}`);
      });
  });
  return { same, wrong };
}

/**
 * Programs in every language, and every kind of trap; of those that other toolchains made the small ones, and those for
 * no operating system: the large ones are the same programs again. Node 20 does not know memory64.
 */
const programs = everyFixture.filter((of) => {
  if (of.name === "c-units/wasm64" && !isValid(loadModule(of))) return false;
  const isWanted = fixtures.includes(of) || of.toolchain.target === "wasm32-unknown-unknown";
  return isWanted || loadModule(of).length < 200_000;
});
/** Programs that crash where tier 1 does not check: at accesses to memories and tables. */
const isUnchecked = (of: Fixture): boolean =>
  /memory access|table|signature|null function/.test(expected(of).trap.error);

/** Programs of few frames, in which no local may be wanted after the trap: those are not recorded. */
const isShort = ({ name, level }: Fixture): boolean =>
  name.startsWith("c-traps/") || (name.startsWith("c-forms") && level === "release");

describe("an instrumented program", () => {
  for (const of of programs) {
    it(`crashes with the same frames and error as ever, and tells the locals that the inspector sees: ${of.name}`, () => {
      const { dump } = crash(of, 1);
      const truth = readCoreDump(new MemorySource("truth", loadDump(of)));
      const places = ({ threads }: CoreDump) =>
        threads[0]!.frames.map(({ functionIndex, offset }) => [functionIndex, offset]);
      assert.deepEqual(places(dump), places(truth), "in the original's offsets");
      assert.equal(dump.notes.error, truth.notes.error);
      if (truth.notes.buildId) assert.equal(dump.notes.buildId, truth.notes.buildId);
      else assert.match(dump.notes.buildId!, /^[0-9a-f]{32}$/, "it gets one by which its original is found");
      assert.deepEqual(dump.problems, []);
      const { wrong, same } = compare(dump, truth);
      assert.deepEqual(wrong, []);
      if (!isUnchecked(of) && !isShort(of))
        assert.ok(same >= dump.threads[0]!.frames.length / 2, `${same} locals`);
    });
  }

  for (const name of ["exceptions", "exceptions-exnref"]) {
    const file = (kind: string) => gunzipSync(readFileSync(join(folder, `exceptions/${name}.${kind}.gz`)));
    const bytes = new Uint8Array(file("wasm"));
    // Node 20 does not know the later encoding.
    if (isValid(bytes))
      it(`tells them where it catches whatever is thrown, as C++ does with exceptions: ${name}`, () => {
        const truth = readCoreDump(new MemorySource("truth", file("coredump")));
        for (const tier of [1, 2] satisfies Tier[]) {
          const running = start(instrumentBytes(bytes, { tier }).module);
          const dump = dumpOf(running, () => running.call(undefined));
          assert.equal(dump.notes.error, truth.notes.error);
          const { wrong, same } = compare(dump, truth);
          assert.deepEqual(wrong, []);
          assert.ok(same >= 24, `${same} locals`);
        }
      });
  }

  for (const of of programs.filter(isUnchecked)) {
    it(`tells the locals at traps of memory and tables as well in tier 2: ${of.name}`, () => {
      const { dump } = crash(of, 2);
      const truth = readCoreDump(new MemorySource("truth", loadDump(of)));
      assert.equal(dump.notes.error, truth.notes.error);
      assert.deepEqual(compare(dump, truth).wrong, []);
      if (/call_wrong_type/.test(of.name)) return; // a signature is not checked
      const [trapped, ...callers] = dump.threads[0]!.frames;
      const frames = of.language === "c++" && of.level === "release" ? [trapped, ...callers] : [trapped];
      assert.ok(
        frames.some((frame) => frame!.locals.length > 0),
        "of the frame of the trap, if any is wanted there",
      );
    });
  }

  for (const name of ["rust-shapes", "rust-release", "c-traps/divide_by_zero", "cpp-shapes"]) {
    it(`shows its variables with the debug file that was written: ${name}`, () => {
      const of = fixture(name);
      const { dump, files } = crash(of, 1);
      assert.ok(files.debug);
      const running = start(files.module);
      assert.equal(dump.instances.length, 1);
      const error = thrownBy(() => running.call(...callOf(of)));
      const module = { path: "app.wasm", source: new MemorySource("app.wasm", files.module) };
      const debug = { path: "debug.wasm", source: new MemorySource("debug.wasm", files.debug) };
      const bytes = captureCoreDump(error, running)!.bytes();
      for (const main of [{ module, debug }, { module: debug }])
        assert.deepEqual(faultsOf(of, openCrash({ dump: new MemorySource("dump", bytes), main })), []);
      assert.throws(
        () => openCrash({ dump: new MemorySource("dump", bytes), main: { module } }),
        (fault) => fault instanceof FormatError && /is instrumented/.test(fault.message),
        "what it was made of is needed",
      );
    });
  }

  it("has its stack traces understood as well, which tell its own offsets", () => {
    const of = fixture("rust-shapes");
    const files = instrumentBytes(loadModule(of));
    const running = start(files.module);
    const { stack } = thrownBy(() => running.call(undefined)) as Error;
    const module = { path: "app.wasm", source: new MemorySource("app.wasm", files.module) };
    const debug = { path: "debug.wasm", source: new MemorySource("debug.wasm", files.debug!) };
    const { crash: traced } = openStackTraces(stack!, "trace", { main: { module, debug } });
    const truth = readCoreDump(new MemorySource("truth", loadDump(of)));
    assert.deepEqual(
      traced.dump.threads[0]!.frames.map(({ functionIndex, offset }) => [functionIndex, offset]),
      truth.threads[0]!.frames.map(({ functionIndex, offset }) => [functionIndex, offset]),
    );
  });

  it("exports the stack pointer and nothing else changes in tier 0", () => {
    const of = fixture("c-traps/divide_by_zero");
    const original = loadModule(of);
    const { module, debug, report } = instrumentBytes(original, { tier: 0 });
    assert.equal(debug, undefined);
    assert.equal(report.exported, 1);
    const [before, after] = [original, module].map((bytes) => WasmModule.open(new MemorySource("m", bytes)));
    assert.deepEqual(
      after!.sections.map(({ name }) => name),
      before!.sections.map(({ name }) => name),
    );
    const contents = (of: WasmModule, name: string) => {
      const { start: from, size } = of.sections.find((section) => section.name === name)!;
      return Buffer.from(of.source.read(from, size));
    };
    for (const { name } of before!.sections)
      if (name !== "export") assert.ok(contents(before!, name).equals(contents(after!, name)), name);
    const running = start(module);
    const dump = dumpOf(running, () => running.call(...callOf(of)));
    assert.equal(dump.notes.names?.[0]?.globals["wasm_postmortem.global.0"], 0);
  });

  it("changes only the functions that it is told to", () => {
    const of = fixture("rust-release");
    const wanted = new Set<number>(
      readCoreDump(new MemorySource("truth", loadDump(of))).threads[0]!.frames.map((f) => f.functionIndex),
    );
    const { module, report } = instrumentBytes(loadModule(of), { functions: wanted });
    assert.ok(report.instrumented > 0 && report.instrumented <= wanted.size);
    const running = start(module);
    const dump = dumpOf(running, () => running.call(undefined));
    assert.ok(dump.threads[0]!.frames.some(({ locals }) => locals.length > 0));
    const truth = readCoreDump(new MemorySource("truth", loadDump(of)));
    assert.deepEqual(compare(dump, truth).wrong, []);
  });

  for (const name of ["rust-release", "cpp-shapes", "c-traps/divide_by_zero", "c-traps/assertion"])
    it(`tells the same where the engine has no exceptions: ${name}`, () => {
      const of = fixture(name);
      const running = start(instrumentBytes(loadModule(of), { hasExceptions: false }).module);
      const dump = dumpOf(running, () => running.call(...callOf(of)));
      const truth = readCoreDump(new MemorySource("truth", loadDump(of)));
      assert.deepEqual(compare(dump, truth).wrong, []);
      assert.deepEqual(
        dump.threads[0]!.frames.map(({ functionIndex, offset }) => [functionIndex, offset]),
        truth.threads[0]!.frames.map(({ functionIndex, offset }) => [functionIndex, offset]),
      );
      const usual = crash(of, 1).dump;
      assert.deepEqual(dump.threads, usual.threads, "as handlers tell it");
    });

  it("refers to functions as it did, those that nothing but an export declares as well", () => {
    const refer = body(0, 0xd2, 0, 0x1a, 0x00, 0x0b);
    const bytes = moduleOf(
      vectorSection(1, [0x60, 0, 0]),
      vectorSection(3, [0]),
      vectorSection(7, [3, 0x72, 0x75, 0x6e, 0, 0]),
      vectorSection(10, refer),
    );
    for (const hasExceptions of [true, false]) {
      const running = start(instrumentBytes(bytes, { hasExceptions }).module);
      assert.match(String(thrownBy(() => running.call("run"))), /^RuntimeError: unreachable$/);
    }
  });

  it("goes through tools a second time only as the original", () => {
    const { module, debug } = instrumentBytes(loadModule(fixture("c-traps/abort")));
    assert.throws(
      () => instrumentBytes(module),
      (fault) => fault instanceof FormatError && /instrumented already/.test(fault.message),
    );
    assert.deepEqual(instrumentBytes(debug!).module, module, "the debug file is the original");
  });
});

describe("a module that cannot be instrumented", () => {
  const bytes = sampleModule();
  it("is refused where it is cut off, with the section that is", () => {
    for (let length = 9; length < bytes.length - 1; length++) {
      const made = attempt(() => instrumentBytes(bytes.subarray(0, length)));
      if (!(made instanceof FormatError))
        assert.ok(WebAssembly.validate(made.module as Uint8Array), `${length}`);
    }
    assert.throws(() => instrumentBytes(bytes.subarray(0, bytes.length - 3)), FormatError);
  });

  it("is refused where it is no WebAssembly, or has no code", () => {
    assert.throws(() => instrumentBytes(new TextEncoder().encode("not wasm")), /not WebAssembly/);
    assert.throws(() => instrumentBytes(moduleOf()), /no code/);
  });

  it("never becomes one that is not valid when it was, whatever its bytes", () => {
    fc.assert(
      fc.property(mutated(bytes), (changed) => {
        const made = attempt(() => instrumentBytes(changed, { tier: 2 }));
        if (made instanceof FormatError || !WebAssembly.validate(changed as never)) return;
        assert.ok(WebAssembly.validate(made.module as never));
      }),
      { numRuns: 400 },
    );
  });
});

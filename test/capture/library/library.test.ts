/** The library held to real crashes: the dumps that it takes open, and show what the programs' sources say. */
import assert from "node:assert/strict";
import { runInNewContext } from "node:vm";
import { gunzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, it } from "mocha";
import {
  type CapturedDump,
  type CaptureOptions,
  captureCoreDump,
  keepWholeStacks,
} from "../../../capture/library/index";
import { address } from "../../../engine/bytes/offsets";
import { MemorySource } from "../../../engine/bytes/source";
import type { CoreDump } from "../../../engine/coredump/model";
import { readCoreDump } from "../../../engine/coredump/reader";
import { openCrash } from "../../../engine/postmortem/crash";
import type { Crash } from "../../../engine/postmortem/model";
import { WasmModule } from "../../../engine/wasm/module";
import { faultsOf } from "../../fixtures/faults";
import { expected, fixture, fixtures, loadDump } from "../../fixtures/index";
import { sampleBuildId } from "../../wasm/support/module-builder";
import { busy } from "../hosts/rare-traps";
import { instantiate, open, whole } from "./crashes";
import { sample, sampleProgram, thrown } from "./sample";

keepWholeStacks();

const bytesOf = (dump: CapturedDump | undefined): Uint8Array => {
  assert.ok(dump !== undefined);
  const bytes = dump.bytes();
  assert.equal(bytes.length, dump.size);
  return bytes;
};
const read = (dump: CapturedDump | undefined): CoreDump =>
  readCoreDump(new MemorySource("dump", bytesOf(dump)));

/** A crash of the sample program, with its module. */
function openSample(dump: CapturedDump | undefined, bytes = sampleProgram()): Crash {
  const module = { path: "sample.wasm", source: new MemorySource("sample.wasm", bytes) };
  return openCrash({ dump: new MemorySource("dump", bytesOf(dump)), main: { module } });
}

const placesOf = (crash: Crash) =>
  crash.dump.threads[0]!.frames.map(({ functionIndex, offset }) => [
    functionIndex as number,
    offset as number,
  ]);

describe("a core dump taken by the program itself", () => {
  for (const of of fixtures) {
    for (const [what, options] of [
      ["with the module's file", whole],
      ["without the module's file", ({ instance, module }) => ({ instance, module })],
    ] as const satisfies readonly (readonly [
      string,
      (running: ReturnType<typeof instantiate>) => CaptureOptions,
    ])[])
      it(`shows frames, lines, reason and variables as the source says: ${of.name}, ${what}`, () => {
        const running = instantiate(of);
        const crash = open(of, bytesOf(captureCoreDump(running.run(), options(running))));
        const inspected = open(of, loadDump(of));
        assert.deepEqual(crash.warnings, inspected.warnings);
        assert.deepEqual(placesOf(crash), placesOf(inspected));
        assert.equal(crash.dump.notes.error, expected(of).trap.error);
        assert.equal(crash.reason.kind, inspected.reason.kind);
        assert.deepEqual(faultsOf(of, crash, true), []);
      });
  }

  it("has every variable of an unoptimised program, though no producer recorded a local", () => {
    for (const name of ["rust-classic", "rust-shapes", "c-shapes-o0-dwarf5", "cpp-shapes"]) {
      const of = fixture(name);
      const running = instantiate(of);
      assert.deepEqual(
        faultsOf(of, open(of, bytesOf(captureCoreDump(running.run(), running))), false),
        [],
        name,
      );
    }
  });
});

describe("capturing in the program", () => {
  it("records exported globals at their places, in their types, and the build", () => {
    const running = sample();
    const { dump } = openSample(captureCoreDump(thrown(running.exports.trap), running));
    const { globals } = dump.instances[0]!;
    assert.equal(globals[0], undefined, "nobody exports it");
    assert.deepEqual(
      globals.slice(1).map((index) => dump.globals[index!]),
      [
        { type: "i32", value: 112 },
        { type: "f64", value: 5, bits: 0x4014000000000000n },
        { type: "f32", value: 1.5, bits: 0x3fc00000 },
        { type: "i64", value: -1n },
      ],
    );
    assert.equal(dump.notes.buildId, sampleBuildId);
    assert.equal(dump.executable, "sample");
  });

  it("takes a host function's exception where the program called it", () => {
    const running = sample(() => {
      throw new TypeError("the host's own");
    });
    const crash = openSample(captureCoreDump(thrown(running.exports.call_host), running));
    assert.deepEqual(placesOf(crash), [[1, 1]]);
    assert.equal(crash.dump.notes.error, "TypeError: the host's own");
    assert.match(crash.dump.notes.stack ?? "", /sample\.ts/, "with the frames of JavaScript");
  });

  it("finds the trap in the cause of an error that the glue made of it", () => {
    const running = sample();
    const error = new Error("the call failed", { cause: thrown(running.exports.trap) });
    assert.deepEqual(placesOf(openSample(captureCoreDump(error, running))), [[3, 2]]);
  });

  it("takes a stack overflow, and says that its oldest frames are missing", () => {
    const running = sample();
    const kept = Error.stackTraceLimit;
    Error.stackTraceLimit = 1000;
    const error = thrown(running.exports.overflow);
    const dump = captureCoreDump(error, running);
    Error.stackTraceLimit = kept;
    assert.ok(error instanceof RangeError);
    const crash = openSample(dump);
    assert.equal(placesOf(crash).length, 1000);
    assert.ok(placesOf(crash).every(([index]) => index === 2));
    assert.ok(crash.warnings.some((warning) => warning.includes("older frames are missing")));
  });

  it("takes what a hang leaves: memory, without a stack", () => {
    const running = sample();
    new Uint8Array(running.memory.buffer)[40] = 7;
    const { threads, memories, notes } = read(captureCoreDump("timeout", running));
    assert.deepEqual(threads[0]!.frames, []);
    assert.equal(memories[0]!.read(address(40), 1)[0], 7);
    assert.equal(notes.error, "timeout");
  });

  it("takes the memory of a hang that a timeout of node:vm has cut, and of a memory that threads share", () => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(busy));
    const { memory, run } = exports as { memory: WebAssembly.Memory; run: () => void };
    new Uint8Array(memory.buffer)[40] = 7;
    const late = thrown(() => runInNewContext("run()", { run }, { timeout: 50 }));
    const shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    new Uint8Array(shared.buffer)[40] = 8;
    const dumps = [
      read(captureCoreDump(late, { instance: { exports } })),
      read(captureCoreDump("the worker does not answer", { memory: shared })),
    ];
    assert.match(dumps[0]!.notes.error!, /Script execution timed out/);
    assert.deepEqual(
      dumps.map(({ threads, memories }) => [threads[0]!.frames, memories[0]!.read(address(40), 1)[0]]),
      [
        [[], 7],
        [[], 8],
      ],
    );
  });

  it("names no instance where it could be one of two: the other's memory would be shown", () => {
    const one = sample();
    const other = sample();
    const dump = openSample(captureCoreDump(thrown(other.exports.trap), { instances: [one, other] })).dump;
    const { instance } = dump.threads[0]!.frames[0]!;
    assert.deepEqual(dump.instances[instance]!.memories, [], "nothing is known of it");
    assert.equal(dump.memories.length, 2, "both are in the dump");
    assert.ok(dump.problems.some((problem) => problem.startsWith("No instance is known for")));
  });

  it("tells instances of different modules apart by their names", () => {
    const inner = sample(undefined, "inner");
    const outer = sample(inner.exports.trap, "outer");
    new Uint8Array(inner.memory.buffer)[0] = 1;
    new Uint8Array(outer.memory.buffer)[0] = 2;
    const dump = read(captureCoreDump(thrown(outer.exports.call_host), { ...outer, instances: [inner] }));
    const firstBytes = dump.threads[0]!.frames.map(({ instance }) => {
      const { memories, module } = dump.instances[instance]!;
      return [dump.modules[module]!.name, dump.memories[memories[0]!]!.read(address(0), 1)[0]];
    });
    assert.deepEqual(firstBytes, [
      ["inner", 1],
      ["outer", 2],
    ]);
  });

  it("does not take a frame of a module that it was not given for one of the given", () => {
    const stranger = sample(undefined, "stranger");
    const dump = read(captureCoreDump(thrown(stranger.exports.trap), sample()));
    const { instance } = dump.threads[0]!.frames[0]!;
    assert.equal(dump.modules[dump.instances[instance]!.module]!.name, "stranger");
    assert.deepEqual(dump.instances[instance]!.memories, []);
  });

  it("records no more memory than it may, and calls the rest unknown", () => {
    const running = sample();
    new Uint8Array(running.memory.buffer).fill(1, 0, 1000);
    const error = thrown(running.exports.trap);
    const limited = read(captureCoreDump(error, { ...running, memoryLimit: 100 })).memories[0]!;
    assert.deepEqual([limited.ranges, limited.gapsAreZero], [[{ start: 0, length: 100 }], false]);
    const ranges = [
      { start: 900, length: 200 },
      { start: 10, length: 5 },
      { start: 131_070, length: 10 },
    ];
    const chosen = read(captureCoreDump(error, { ...running, ranges })).memories[0]!;
    assert.deepEqual(
      chosen.ranges.map(({ start, length }) => [start, length]),
      [
        [10, 5],
        [900, 200],
        [131_070, 2],
      ],
    );
    const all = read(captureCoreDump(error, { ...running, memoryLimit: 2000 })).memories[0]!;
    assert.ok(all.gapsAreZero, "zeros do not count");
  });

  it("copies memory a chunk at a time, also when it has grown meanwhile", () => {
    const running = sample();
    const memory = new Uint8Array(running.memory.buffer);
    for (let at = 0; at < memory.length; at++) memory[at] = (at % 255) + 1;
    const dump = captureCoreDump(thrown(running.exports.trap), running)!;
    const before = Buffer.from(dump.bytes());
    running.memory.grow(1);
    const chunks = [...dump.chunks()];
    assert.ok(
      chunks.length > 1 &&
        chunks.every(({ length, buffer }) => length <= 65_536 && buffer !== running.memory.buffer),
    );
    assert.ok(Buffer.concat(chunks).equals(before));
  });

  it("streams, and packs when asked", async () => {
    const running = sample();
    const dump = captureCoreDump(thrown(running.exports.trap), running)!;
    const plain = Buffer.from(await new Response(dump.stream() as never).arrayBuffer());
    assert.ok(plain.equals(dump.bytes()));
    const packed = Buffer.from(await new Response(dump.stream({ gzip: true }) as never).arrayBuffer());
    assert.ok(gunzipSync(packed).equals(plain));
  });

  it("throws nothing, whatever it is given", () => {
    const hostile = Object.defineProperty(new Error("x"), "stack", {
      get: () => {
        throw new Error("hostile");
      },
    });
    for (const error of [undefined, null, 1, "text", Symbol("s"), hostile, Object.create(null)])
      assert.equal(captureCoreDump(error, {})?.frames, 0);
  });

  it("writes a dump that V8 itself takes for a sound module", () => {
    const running = sample();
    new Uint8Array(running.memory.buffer)[5] = 1;
    const bytes = bytesOf(captureCoreDump(thrown(running.exports.trap), running));
    assert.ok(WebAssembly.validate(bytes));
    assert.equal(WasmModule.open(new MemorySource("dump", bytes)).problems.length, 0);
  });

  it("is smaller than 10 kB, and imports nothing", async () => {
    const { outputFiles } = await build({
      entryPoints: ["capture/library/index.ts"],
      bundle: true,
      minify: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      write: false,
    });
    const { text } = outputFiles[0]!;
    assert.ok(Buffer.byteLength(text) < 10_000, `${Buffer.byteLength(text)} bytes`);
    assert.doesNotMatch(text, /\bimport\b|\brequire\(/);
  });
});

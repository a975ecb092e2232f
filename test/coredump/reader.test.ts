import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FormatError } from "../../engine/bytes/errors";
import { address } from "../../engine/bytes/offsets";
import { MemorySource, PagedSource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { settleExtents } from "../../engine/coredump/extents";
import { isCoreDump, readCoreDump } from "../../engine/coredump/reader";
import { custom, moduleOf, sampleModule, vector, vectorSection } from "../wasm/support/module-builder";

const named = (name: string) => new ByteWriter().u8(0).name(name);
const stack = (name: string, ...frames: number[][]) =>
  custom("corestack", new ByteWriter().bytes(named(name).finish()).bytes(vector(...frames).finish()));
const segment = (at: number, ...bytes: number[]) =>
  new ByteWriter()
    .u8(0)
    .u8(0x41)
    .sleb(at)
    .u8(0x0b)
    .bytes(vector(...bytes.map((byte) => [byte])).finish());

/** A dump as Wasmtime lays it out. */
const parts = {
  core: custom("core", named("app.wasm")),
  memory: vectorSection(5, [0x00, 1]),
  globals: vectorSection(6, [0x7f, 1, 0x41, 0x70, 0x0b], [0x6f, 1, 0xd0, 0x6f, 0x0b]),
  data: vectorSection(11, segment(10, 1, 2, 3), segment(4096, 4)),
  modules: custom("coremodules", vector(named("app"))),
  instances: custom("coreinstances", vector([0, 0, 1, 0, 2, 0, 1])),
  stack: stack("main", [0, 0, 5, 9, 0, 0], [0, 0, 4, 3, 0, 0]),
};
const read = (bytes: Uint8Array) => readCoreDump(new MemorySource("core.dump", bytes));
const build = (changes: Partial<typeof parts> = {}) => moduleOf(...Object.values({ ...parts, ...changes }));

describe("reading a core dump", () => {
  it("gives threads, modules, instances, memories and globals", () => {
    const dump = read(build());
    assert.equal(dump.executable, "app.wasm");
    assert.deepEqual(
      dump.threads[0]?.frames.map(({ functionIndex, offset }) => [functionIndex, offset]),
      [
        [5, 9],
        [4, 3],
      ],
    );
    assert.deepEqual(dump.modules, [{ name: "app" }]);
    assert.deepEqual(dump.instances, [{ module: 0, memories: [0], globals: [0, 1] }]);
    assert.equal(dump.memories[0]?.size, 65536);
    assert.deepEqual(dump.globals[0], { type: "i32", value: -16 });
    assert.deepEqual(dump.problems, []);
    assert.equal(dump.dialect.name, "wasmtime");
  });

  it("does not depend on the order of sections", () => {
    const dump = read(moduleOf(...Object.values(parts).reverse()));
    assert.equal(dump.executable, "app.wasm");
    assert.deepEqual([...dump.memories[0]!.read(address(10), 3)], [1, 2, 3]);
    assert.deepEqual(dump.problems, []);
  });

  it("takes gaps for zero only where the producer is known to have had the whole memory", () => {
    assert.equal(read(build()).memories[0]?.gapsAreZero, true, "Wasmtime");
    assert.equal(read(build({ stack: stack("other", [0, 0, 5, 9, 0, 0]) })).memories[0]?.gapsAreZero, false);
    const untrimmed = vectorSection(11, segment(4096, 0, 1, 2));
    assert.equal(read(build({ data: untrimmed })).memories[0]?.gapsAreZero, false);
    const long = new Uint8Array(5000).fill(1);
    assert.equal(
      read(build({ data: vectorSection(11, segment(10, ...long)) })).memories[0]?.gapsAreZero,
      false,
    );
    const noted = custom("wasm-postmortem.notes", new TextEncoder().encode('{"memoryGaps":"zero"}'));
    assert.equal(read(moduleOf(parts.core, parts.memory, parts.stack, noted)).memories[0]?.gapsAreZero, true);
  });

  it("does not claim that a reference was null when the producer writes null for all", () => {
    assert.deepEqual(read(build()).globals[1], { type: "missing" });
  });

  it("reads memory only when it is asked for", () => {
    const bytes = build({ data: vectorSection(11, segment(0, ...new Uint8Array(60000).fill(1))) });
    const source = new PagedSource(
      "core.dump",
      bytes.length,
      (at, into) => {
        into.set(bytes.subarray(at, at + into.length));
        return into.length;
      },
      1024,
    );
    const dump = readCoreDump(source);
    assert.ok(source.counters.bytesRead < 8192, `${source.counters.bytesRead} bytes were read`);
    assert.equal(dump.memories[0]!.read(address(59999), 1)[0], 1);
  });

  it("joins neighbouring segments and lets later ones win", () => {
    const data = vectorSection(
      11,
      segment(4, 1, 1, 1, 1),
      segment(8, 2, 2),
      segment(6, 9, 9, 9),
      segment(100, 5),
    );
    const [memory] = read(build({ data })).memories;
    assert.deepEqual(memory!.ranges, [
      { start: 4, length: 6 },
      { start: 100, length: 1 },
    ]);
    assert.deepEqual([...memory!.read(address(4), 6)], [1, 1, 9, 9, 9, 2]);
    assert.throws(() => memory!.read(address(8), 3), RangeError);
    assert.throws(() => memory!.read(address(0), 1), RangeError);
  });

  it("marks memories and globals that are not in the dump", () => {
    const absent = [0xff, 0xff, 0xff, 0xff, 0x0f];
    const dump = read(
      build({ instances: custom("coreinstances", vector([0, 0, 1, ...absent, 2, ...absent, 1])) }),
    );
    assert.deepEqual(dump.instances[0], { module: 0, memories: [undefined], globals: [undefined, 1] });
    assert.deepEqual(dump.problems, []);
  });

  it("reads frames' values, unsigned i32 as well", () => {
    const values = [3, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01, 0x7d, 0, 0, 0xc0, 0x3f, 1, 0x7e, 0x7f];
    const [frame] = read(build({ stack: stack("main", [0, 0, 5, 9, ...values]) })).threads[0]!.frames;
    assert.deepEqual(frame!.locals, [
      { type: "i32", value: -1 },
      { type: "missing" },
      { type: "f32", value: 1.5, bits: 0x3fc00000 },
    ]);
    assert.deepEqual(frame!.stack, [{ type: "i64", value: -1n }]);
  });

  it("reads every thread and every memory", () => {
    const dump = read(
      build({
        memory: vectorSection(5, [0x00, 1], [0x04, 2]),
        data: vectorSection(11, [0x02, 1, 0x42, 0x20, 0x0b, 1, 7]),
        stack: new ByteWriter()
          .bytes(parts.stack.finish())
          .bytes(stack("worker 1", [0, 0, 1, 2, 0, 0]).finish()),
      }),
    );
    assert.deepEqual(
      dump.threads.map(({ name, frames }) => [name, frames.length]),
      [
        ["main", 2],
        ["worker 1", 1],
      ],
    );
    assert.deepEqual([...dump.memories[1]!.read(address(32), 1)], [7]);
  });

  it("assumes one module and one instance where the dump names none, and says so", () => {
    const dump = read(moduleOf(parts.core, parts.memory, parts.stack));
    assert.deepEqual(dump.modules, [{ name: "app.wasm" }]);
    assert.deepEqual(dump.instances, [{ module: 0, memories: [0], globals: [] }]);
    assert.match(dump.dialect.why, /assumed/);
  });
});

describe("a damaged core dump", () => {
  it("that is cut in its last section keeps the frames before", () => {
    const whole = build();
    const dump = read(whole.subarray(0, whole.length - 3));
    assert.equal(dump.threads[0]?.frames.length, 1);
    assert.equal(dump.problems.length, 2);
    assert.match(dump.problems[0]!, /truncated/);
    assert.equal(dump.memories[0]?.gapsAreZero, false, "segments may have been lost");
  });

  it("that is cut in its data keeps the bytes before, and calls the rest unknown", () => {
    const { data, ...others } = parts;
    const whole = moduleOf(...Object.values(others), data);
    const [memory] = read(whole.subarray(0, whole.length - 7)).memories;
    assert.deepEqual(memory!.ranges, [{ start: 10, length: 3 }]);
    assert.equal(memory!.gapsAreZero, false);
  });

  it("reports segments outside of their memory and frames of unknown instances", () => {
    const dump = read(
      build({ data: vectorSection(11, segment(65535, 1, 2)), stack: stack("main", [0, 3, 5, 9, 0, 0]) }),
    );
    assert.deepEqual(dump.memories[0]?.ranges, [{ start: 65535, length: 1 }]);
    assert.equal(dump.problems.length, 2);
  });

  it("keeps the instances before a malformed one instead of assuming others", () => {
    const dump = read(build({ instances: custom("coreinstances", [2, 0, 0, 0, 0, 0, 7, 0, 0]) }));
    assert.deepEqual(dump.instances, [{ module: 0, memories: [], globals: [] }]);
    assert.match(dump.problems[0]!, /Instance 1 names module 7/);
    const none = read(build({ instances: custom("coreinstances", [1, 9]) }));
    assert.deepEqual(none.instances, []);
    assert.ok(none.problems.some((problem) => /name an instance that is not in the dump/.test(problem)));
  });

  it("does not assume an instance when there are several modules", () => {
    const { instances: _, ...others } = {
      ...parts,
      modules: custom("coremodules", vector(named("a"), named("b"))),
    };
    assert.deepEqual(read(moduleOf(...Object.values(others))).instances, []);
  });

  it("reports notes that are no JSON", () => {
    const notes = custom("wasm-postmortem.notes", new TextEncoder().encode("{nonsense"));
    const dump = read(moduleOf(...Object.values(parts), notes));
    assert.deepEqual(dump.notes, {});
    assert.match(dump.problems[0]!, /no JSON object/);
  });

  it("reports that there is no stack", () => {
    const { stack: _, ...others } = parts;
    assert.match(read(moduleOf(...Object.values(others))).problems[0]!, /no stack/);
  });
});

describe("what is no core dump", () => {
  const refusal = (bytes: Uint8Array) => {
    try {
      read(bytes);
    } catch (error) {
      assert.ok(error instanceof FormatError);
      return error.message;
    }
    return assert.fail("was accepted");
  };

  it("is a module given by mistake", () => {
    assert.match(refusal(sampleModule()), /is a WebAssembly module, not a core dump.*as the program/);
  });

  it("is told from a dump without being read", () => {
    const is = (bytes: Uint8Array) => isCoreDump(new MemorySource("given", bytes));
    assert.deepEqual([build(), sampleModule(), new TextEncoder().encode("text")].map(is), [
      true,
      false,
      false,
    ]);
  });

  it("is an empty module or another file", () => {
    assert.match(refusal(moduleOf()), /is no core dump/);
    assert.match(refusal(new TextEncoder().encode("core dumped")), /is not WebAssembly/);
  });

  it("is refused when no producer is known to write such frames", () => {
    const strange = stack("main", [0, 0, 5, 9, 2, 0, 0x6f, 3, 0, 0, 0]);
    assert.match(
      refusal(moduleOf(parts.core, strange)),
      /in no encoding that is known.*Known dialects: wasmtime/,
    );
  });
});

describe("overlapping segments", () => {
  it("settle to what writing them one after another gives", () => {
    let seed = 1;
    const random = (limit: number) => {
      seed = (seed * 48271) % 0x7fffffff;
      return seed % limit;
    };
    for (let round = 0; round < 200; round++) {
      const given = Array.from({ length: random(12) }, (_, i) => ({
        start: random(60),
        length: random(20),
        from: 1000 * i,
      }));
      const expected: (number | undefined)[] = [];
      for (const { start, length, from } of given)
        for (let i = 0; i < length; i++) expected[start + i] = from + i;
      const settled: (number | undefined)[] = [];
      let end = 0;
      for (const { start, length, from } of settleExtents(given)) {
        assert.ok(start >= end && length > 0, "ascending, not overlapping");
        for (let i = 0; i < length; i++) settled[start + i] = from + i;
        end = start + length;
      }
      assert.deepEqual(settled, expected);
    }
  });
});

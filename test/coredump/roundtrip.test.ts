import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { address, bodyOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import type { CoreFrame, CoreTable, CoreTableEntry, RecordedValue } from "../../engine/coredump/model";
import { readCoreDump } from "../../engine/coredump/reader";
import {
  type CoreDumpContents,
  coreDumpChunks,
  type MemoryContents,
  writeCoreDump,
} from "../../engine/coredump/writer";

/** Plain objects: the reader's have the usual prototype. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { noNullPrototype: true });

const u32 = fc.integer({ min: 0, max: 0xfffffffe });
const floats = new DataView(new ArrayBuffer(8));

function f32(bits: number): RecordedValue {
  floats.setUint32(0, bits);
  return { type: "f32", bits, value: floats.getFloat32(0) };
}
function f64(bits: bigint): RecordedValue {
  floats.setBigUint64(0, bits);
  return { type: "f64", bits, value: floats.getFloat64(0) };
}

const frameValue: fc.Arbitrary<RecordedValue> = fc.oneof(
  fc.constant<RecordedValue>({ type: "missing" }),
  fc.integer().map((value): RecordedValue => ({ type: "i32", value })),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((value): RecordedValue => ({ type: "i64", value })),
  fc.integer({ min: 0, max: 0xffffffff }).map(f32),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(f64),
);
const globalValue: fc.Arbitrary<RecordedValue> = fc.oneof(
  frameValue.filter(({ type }) => type !== "missing"),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes): RecordedValue => ({ type: "v128", bytes })),
  fc.constant<RecordedValue>({ type: "ref", isNull: true }),
);

/** Mostly zeros with islands, which is what memory looks like. */
const memoryBytes = fc
  .array(record({ gap: fc.integer({ min: 0, max: 300 }), island: fc.uint8Array({ maxLength: 80 }) }), {
    maxLength: 12,
  })
  .map((parts) => {
    const bytes = new Uint8Array(65536);
    let at = 0;
    for (const { gap, island } of parts) {
      at += gap;
      bytes.set(island, at);
      at += island.length;
    }
    return bytes;
  });

const wholeMemory: fc.Arbitrary<MemoryContents> = record({
  size: fc.constant(65536),
  parts: memoryBytes.map((bytes) => [{ start: 0, bytes }]),
  memory64: fc.boolean(),
});
const partialMemory: fc.Arbitrary<MemoryContents> = fc
  .tuple(memoryBytes, fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 3000 }))
  .map(([bytes, length, gap]) => ({
    size: 65536,
    parts: [
      { start: gap, bytes: bytes.subarray(0, length) },
      { start: 2 * gap + length, bytes: bytes.subarray(length, 2 * length) },
    ],
  }));

const contents: fc.Arbitrary<CoreDumpContents> = fc
  .tuple(
    fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 3 }),
    fc.oneof(
      fc.array(wholeMemory, { maxLength: 2 }),
      fc.array(partialMemory, { minLength: 1, maxLength: 2 }),
    ),
    fc.array(globalValue, { maxLength: 5 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .chain(([names, memories, globals, instances]) => {
    const index = (count: number) =>
      count === 0 ? fc.constant(undefined) : fc.option(fc.nat(count - 1), { nil: undefined });
    const frame: fc.Arbitrary<CoreFrame> = record({
      instance: fc.constant(0),
      functionIndex: u32.map(functionIndex),
      offset: u32.map(bodyOffset),
      locals: fc.array(frameValue, { maxLength: 6 }),
      stack: fc.array(frameValue, { maxLength: 6 }),
    });
    const entry: fc.Arbitrary<CoreTableEntry> = fc.oneof(
      fc.constantFrom<CoreTableEntry>("null", undefined),
      record({ instance: fc.nat(instances - 1), functionIndex: u32.map(functionIndex) }),
    );
    const table: fc.Arbitrary<CoreTable> = fc
      .tuple(fc.array(entry, { maxLength: 6 }), fc.nat(2 ** 32))
      .map(([entries, more]) => ({ size: entries.length + more, entries }));
    return record({
      executable: fc.string(),
      threads: fc.array(record({ name: fc.string(), frames: fc.array(frame, { maxLength: 5 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      modules: fc.constant(names.map((name) => ({ name }))),
      instances: fc.array(
        record({
          module: fc.nat(names.length - 1),
          memories: fc.array(index(memories.length), { maxLength: 3 }),
          globals: fc.array(index(globals.length), { maxLength: 3 }),
          tables: fc.array(index(2), { maxLength: 3 }),
        }),
        { minLength: instances, maxLength: instances },
      ),
      tables: fc.array(table, { minLength: 2, maxLength: 2 }),
      memories: fc.constant(memories),
      globals: fc.constant(globals),
      notes: record({ error: fc.string(), buildId: fc.constant("0011"), producer: fc.constant("test 1") }),
    });
  });

describe("a dump that was written", () => {
  it("reads back as it was given", () => {
    fc.assert(
      fc.property(contents, (given) => {
        const dump = readCoreDump(new MemorySource("test.dump", writeCoreDump(given)));
        assert.deepEqual(dump.problems, []);
        for (const part of ["executable", "threads", "modules", "instances", "globals", "tables"] as const) {
          assert.deepEqual(dump[part], given[part], part);
        }
        given.memories.forEach((memory, i) => {
          const read = dump.memories[i]!;
          assert.equal(read.size, memory.size);
          const wanted = expectedBytes(memory); // a loop: assert.deepEqual takes seconds for these arrays
          const differing = bytesOf(read).findIndex((byte, at) => byte !== wanted[at]);
          assert.equal(differing, -1, "the first byte that is another one");
        });
        const { memoryGaps, ...notes } = dump.notes;
        assert.deepEqual(notes, given.notes);
        assert.ok(memoryGaps);
      }),
      { numRuns: 150 },
    );
  });

  it("is a WebAssembly module, so that every Wasm tool opens it", () => {
    fc.assert(
      fc.property(contents, (given) => {
        const narrow = {
          ...given,
          memories: given.memories.slice(0, 1).map((memory) => ({ ...memory, memory64: false })),
        };
        const indices = { ...narrow, instances: [] };
        new WebAssembly.Module(Uint8Array.from(writeCoreDump(indices)));
      }),
      { numRuns: 50 },
    );
  });
});

/** Every byte of a memory: a number, or undefined where it is not known. */
function bytesOf(memory: ReturnType<typeof readCoreDump>["memories"][number]): (number | undefined)[] {
  const bytes: (number | undefined)[] = Array(memory.size).fill(memory.gapsAreZero ? 0 : undefined);
  for (const { start, length } of memory.ranges) {
    memory.read(start, length).forEach((byte, i) => {
      bytes[start + i] = byte;
    });
  }
  return bytes;
}

function expectedBytes(memory: MemoryContents): (number | undefined)[] {
  const bytes: (number | undefined)[] = Array(memory.size).fill(undefined);
  for (const { start, bytes: known } of memory.parts) {
    known.forEach((byte, i) => {
      bytes[start + i] = byte;
    });
  }
  return bytes;
}

const frame = { instance: 0, functionIndex: functionIndex(1), offset: bodyOffset(2), locals: [], stack: [] };
const plain: CoreDumpContents = {
  executable: "app.wasm",
  threads: [{ name: "main", frames: [frame] }],
  modules: [{ name: "app" }],
  instances: [{ module: 0, memories: [], globals: [] }],
  memories: [],
  globals: [],
  notes: {},
};
const reread = (given: CoreDumpContents) => readCoreDump(new MemorySource("test.dump", writeCoreDump(given)));

describe("writing a core dump", () => {
  it("leaves out long zeros and keeps short ones", () => {
    const bytes = new Uint8Array(65536);
    bytes[1000] = 1;
    bytes[1064] = 2; // 63 zeros between
    bytes[1129] = 3; // 64 zeros between
    const { memories } = reread({ ...plain, memories: [{ size: 65536, parts: [{ start: 0, bytes }] }] });
    assert.deepEqual(memories[0]?.ranges, [
      { start: 1000, length: 65 },
      { start: 1129, length: 1 },
    ]);
    assert.equal(memories[0]?.gapsAreZero, true);
  });

  it("keeps zeros where memory is known in parts only, so that they differ from what is unknown", () => {
    const parts = [{ start: 4096, bytes: new Uint8Array(1024) }];
    const dump = reread({ ...plain, memories: [{ size: 65536, parts }] });
    assert.deepEqual(dump.memories[0]?.ranges, [{ start: 4096, length: 1024 }]);
    assert.equal(dump.memories[0]?.gapsAreZero, false);
    assert.equal(dump.notes.memoryGaps, "absent");
  });

  it("gives views of memory instead of copies", () => {
    const bytes = new Uint8Array(1 << 20).fill(7);
    const chunks = [
      ...coreDumpChunks({ ...plain, memories: [{ size: bytes.length, parts: [{ start: 0, bytes }] }] }),
    ];
    const copied = chunks
      .filter((chunk) => chunk.buffer !== bytes.buffer)
      .reduce((size, chunk) => size + chunk.length, 0);
    assert.ok(copied < 1000, `${copied} bytes were copied`);
  });

  it("stays within the segments that engines accept", () => {
    const bytes = new Uint8Array(10 << 20);
    for (let at = 0; at < bytes.length; at += 80) bytes[at] = 1;
    const { memories } = reread({
      ...plain,
      memories: [{ size: bytes.length, parts: [{ start: 0, bytes }] }],
    });
    assert.ok(memories[0]!.ranges.length <= 100_000);
    assert.equal(memories[0]!.read(address(80), 1)[0], 1);
  });

  it("finds zeros at any alignment", () => {
    const buffer = new Uint8Array(65536 + 3);
    const bytes = buffer.subarray(3);
    bytes[70] = 5;
    const { memories } = reread({ ...plain, memories: [{ size: 65536, parts: [{ start: 0, bytes }] }] });
    assert.deepEqual(memories[0]?.ranges, [{ start: 70, length: 1 }]);
  });

  it("says missing where the format has no place for a value", () => {
    const v128: RecordedValue = { type: "v128", bytes: new Uint8Array(16) };
    const unknown: RecordedValue = { type: "missing" };
    const dump = reread({
      ...plain,
      threads: [{ name: "main", frames: [{ ...frame, locals: [v128, { type: "ref", isNull: true }] }] }],
      instances: [{ module: 0, memories: [], globals: [0, 1, 2] }],
      globals: [unknown, v128, { type: "ref", isNull: false }],
    });
    assert.deepEqual(dump.threads[0]?.frames[0]?.locals, [unknown, unknown]);
    assert.deepEqual(dump.instances[0]?.globals, [undefined, 0, undefined]);
    assert.deepEqual(dump.globals, [v128]);
  });

  it("writes memories beyond 4 GiB and of odd sizes", () => {
    const far = { size: 2 ** 33, parts: [{ start: 2 ** 33 - 4, bytes: Uint8Array.of(1, 2, 3, 4) }] };
    const odd = { size: 1000, parts: [{ start: 999, bytes: Uint8Array.of(9) }] };
    const { memories } = reread({ ...plain, memories: [far, odd] });
    assert.deepEqual(
      memories.map(({ size }) => size),
      [2 ** 33, 1000],
    );
    assert.deepEqual([...memories[0]!.read(address(2 ** 33 - 3), 2)], [2, 3]);
    assert.deepEqual([...memories[1]!.read(address(999), 1)], [9]);
  });

  it("refuses memory parts that overlap or lie outside", () => {
    const bytes = new Uint8Array(10);
    assert.throws(
      () => writeCoreDump({ ...plain, memories: [{ size: 5, parts: [{ start: 0, bytes }] }] }),
      RangeError,
    );
    const twice = [
      { start: 0, bytes },
      { start: 5, bytes },
    ];
    assert.throws(() => writeCoreDump({ ...plain, memories: [{ size: 50, parts: twice }] }), RangeError);
  });
});

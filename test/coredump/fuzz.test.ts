import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { attempt, FormatError } from "../../engine/bytes/errors";
import { bodyOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { dialects } from "../../engine/coredump/dialects/detect";
import type { CoreDump } from "../../engine/coredump/model";
import { readCoreDump } from "../../engine/coredump/reader";
import { writeCoreDump } from "../../engine/coredump/writer";
import { WasmModule } from "../../engine/wasm/module";
import { fixture, loadDump, loadModule } from "../fixtures";
import { dumpsOf, loadProduced, producers } from "../fixtures/dialects";
import { mutated } from "../wasm/support/mutations";
import * as documented from "./support/documented";

const memory = new Uint8Array(65536);
for (let at = 500; at < 60000; at += 997) memory.fill(at & 0xff, at, at + 40);
const frame = (index: number) => ({
  instance: 0,
  functionIndex: functionIndex(index),
  offset: bodyOffset(index * 3),
  locals: [
    { type: "i32" as const, value: -index },
    { type: "i64" as const, value: 1n << 40n },
    { type: "missing" as const },
  ],
  stack: [{ type: "f64" as const, value: 1.5, bits: 0x3ff8_0000_0000_0000n }],
});
const dump = writeCoreDump({
  executable: "app.wasm",
  threads: [
    { name: "main", frames: [frame(4), frame(3), frame(2)] },
    { name: "worker", frames: [frame(9)] },
  ],
  modules: [{ name: "app" }],
  instances: [{ module: 0, memories: [0, undefined], globals: [0, 1], tables: [0] }],
  tables: [{ size: 9, entries: ["null", undefined, { instance: 0, functionIndex: functionIndex(300) }] }],
  memories: [{ size: memory.length, parts: [{ start: 0, bytes: memory }] }],
  globals: [
    { type: "i32", value: 65536 },
    { type: "v128", bytes: new Uint8Array(16) },
  ],
  notes: { error: "RuntimeError: unreachable", producer: "test" },
});

function checkDump(read: CoreDump, size: number): void {
  for (const recorded of read.memories) {
    let end = 0;
    for (const { start, length } of recorded.ranges) {
      assert.ok(start >= end && length > 0);
      assert.equal(recorded.read(start, length).length, length);
      end = start + length;
    }
    assert.ok(end <= recorded.size);
  }
  for (const { size: length, entries } of read.tables ?? [])
    assert.ok(entries.length <= length && entries.length < size);
  assert.ok(read.threads.flatMap(({ frames }) => frames).length < size);
  // Frames work out their positions and values when they are asked.
  for (const { frames } of read.threads)
    for (const { offset, locals, stack } of frames)
      assert.ok(offset >= 0 && locals.length + stack.length < size);
}

/** Damage is done to this many bytes: what follows in an image is the program's memory. */
const HEAD = 600;

describe("a damaged core dump", () => {
  it("gives a typed error or a dump whose ranges can be read", () => {
    fc.assert(
      fc.property(mutated(dump), (bytes) => {
        const read = attempt(() => readCoreDump(new MemorySource("fuzz.dump", bytes)));
        if (!(read instanceof FormatError)) checkDump(read, bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  const crashed = fixture("c-traps/abort");
  const module = WasmModule.open(new MemorySource(crashed.module, loadModule(crashed)));
  const recorded = { dump: readCoreDump(new MemorySource("v8", loadDump(crashed))), module };
  const samples = new Map<string, Uint8Array>(
    Object.entries(documented).map(([name, write]) => [name, write(recorded)]),
  );
  for (const producer of producers) {
    const produced = dumpsOf(producer).find((one) => one.fixture === crashed);
    if (produced !== undefined) samples.set(producer, loadProduced(produced));
  }

  for (const [name, sample] of samples) {
    it(`does the same in every dialect: ${name}`, () => {
      const options = { modulesOf: () => () => module };
      assert.ok(
        !(attempt(() => readCoreDump(new MemorySource("whole", sample), options)) instanceof FormatError),
      );
      fc.assert(
        fc.property(
          mutated(sample.subarray(0, HEAD)),
          fc.constantFrom(undefined, ...dialects),
          (head, forced) => {
            const bytes = Buffer.concat([head, sample.subarray(HEAD)]);
            const source = new MemorySource("fuzz.dump", bytes);
            const read = attempt(() => readCoreDump(source, { ...options, dialect: forced?.name }));
            if (!(read instanceof FormatError)) checkDump(read, bytes.length);
          },
        ),
        { numRuns: 250 },
      );
    });
  }
});

/** A file made of pieces of another: the bytes, and how many of them are held. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, it } from "mocha";
import { type ByteSource, MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { chunksOf, Pieces, sizeOf } from "../../engine/rewrite/pieces";
import { split } from "../../engine/rewrite/split";
import { custom, moduleOf, sampleSections } from "../wasm/support/module-builder";

describe("a file made of pieces", () => {
  it("has the ranges and the new bytes in their order", () => {
    const old = Uint8Array.from({ length: 50 }, (_, index) => index);
    const piece = fc.oneof(
      fc.tuple(fc.nat(50), fc.nat(50)).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) })),
      fc.uint8Array({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece), (list) => {
        const pieces = new Pieces();
        for (const one of list) one instanceof Uint8Array ? pieces.add(one) : pieces.copy(one.start, one.end);
        const source = new MemorySource("old", old);
        const made = Array.from(chunksOf(source, pieces.finish()), (chunk) => [...chunk]).flat();
        const wanted = list.flatMap((one) => [
          ...(one instanceof Uint8Array ? one : old.slice(one.start, one.end)),
        ]);
        assert.deepEqual(made, wanted);
        assert.equal(sizeOf(pieces.finish()), wanted.length);
      }),
    );
  });

  it("of hundreds of megabytes is read in pieces of one", () => {
    const size = 512 * 1024 * 1024;
    const head = moduleOf(sampleSections.types, new ByteWriter().u8(0).uleb(size).name(".debug_str"));
    const tail = custom("producers", [0]).finish();
    const debugEnd = head.length - ".debug_str".length - 1 + size;
    const file = new Sparse([
      [0, head],
      [debugEnd, tail],
    ]);
    let sha1Bytes = 0;
    const hash = createHash("sha1");
    const sha1 = () => ({
      update: (bytes: Uint8Array) => void (sha1Bytes += hash.update(bytes) && bytes.length),
      digest: () => hash.digest(),
    });
    const parts = split(file, { stripNames: false, sha1, urlOf: (name) => name });
    assert.ok(parts.state === "split");
    let written = 0;
    for (const pieces of [parts.debug, parts.module])
      for (const chunk of chunksOf(file, pieces)) written += chunk.length;
    assert.ok(sha1Bytes > size && written > size, "the file was read through twice");
    assert.ok(sizeOf(parts.module) < 200, "and nothing of the section is in the module");
    assert.equal(file.largest, 1 << 20);
    assert.ok(file.buffers.size <= 3, "one buffer for each time that it is read through");
  });
});

/** A file of zeros but for some parts; it remembers how it was read. */
class Sparse implements ByteSource {
  readonly name = "large.wasm";
  readonly size: number;
  largest = 0;
  readonly buffers = new Set<ArrayBufferLike>();

  constructor(private readonly parts: readonly (readonly [start: number, bytes: Uint8Array])[]) {
    const [start, bytes] = parts.at(-1)!;
    this.size = start + bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    assert.ok(length <= 4096, "contents are read by fill alone");
    return this.filled(offset, new Uint8Array(length));
  }

  fill(offset: number, into: Uint8Array): void {
    this.buffers.add(into.buffer);
    this.filled(offset, into);
  }

  private filled(offset: number, into: Uint8Array): Uint8Array {
    assert.ok(offset >= 0 && offset + into.length <= this.size);
    this.largest = Math.max(this.largest, into.length);
    into.fill(0);
    for (const [start, bytes] of this.parts) {
      const from = Math.max(start, offset);
      const to = Math.min(start + bytes.length, offset + into.length);
      if (from < to) into.set(bytes.subarray(from - start, to - start), from - offset);
    }
    return into;
  }
}

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { describe, it } from "mocha";
import { attempt, FormatError, once } from "../../engine/bytes/errors";
import { ByteReader, decodeUtf8 } from "../../engine/bytes/reader";
import { BytesNotResident, RemoteSource, settle } from "../../engine/bytes/remote-source";
import { fill, MemorySource, PagedSource, SlicedSource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";

const numbered = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 7) & 0xff);
const paged = (bytes: Uint8Array, pageSize = 16, maxPages = 4) =>
  new PagedSource(
    "file",
    bytes.length,
    (offset, into) => {
      into.set(bytes.subarray(offset, offset + into.length));
      return Math.min(into.length, bytes.length - offset);
    },
    pageSize,
    maxPages,
  );

describe("reading bytes", () => {
  it("gives back every number that was written, at any width", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (value) => {
        const bytes = new ByteWriter().sleb(value).uleb(BigInt.asUintN(64, value)).u64(value).finish();
        const reader = new ByteReader(bytes, "test");
        assert.equal(reader.slebBig(), value);
        assert.equal(reader.ulebBig(), BigInt.asUintN(64, value));
        assert.equal(reader.i64(), value);
        assert.ok(reader.atEnd);
      }),
    );
  });

  it("reads LEB128 numbers that are padded, as linkers write them", () => {
    assert.equal(new ByteReader(Uint8Array.of(0x85, 0x80, 0x80, 0x80, 0x00), "test").uleb(), 5);
    assert.equal(new ByteReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f), "test").sleb(), -1);
  });

  it("names the section and the offset of what is truncated", () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3), ".debug_info", 0x100);
    reader.u8();
    assert.throws(
      () => reader.u32(),
      (error: unknown) =>
        error instanceof FormatError && error.where.section === ".debug_info" && error.where.offset === 0x101,
    );
    assert.equal(reader.position, 0x101, "a failed read does not move");
  });

  it("refuses a LEB128 number that never ends", () => {
    const endless = new Uint8Array(64).fill(0x80);
    assert.throws(() => new ByteReader(endless, "test").uleb(), FormatError);
    assert.throws(() => new ByteReader(endless, "test").slebBig(), FormatError);
    assert.throws(() => new ByteReader(endless, "test").skipLeb(), FormatError);
  });

  it("refuses offsets past 2^53 instead of rounding them", () => {
    assert.throws(
      () => new ByteReader(new ByteWriter().uleb(1n << 60n).finish(), "test").uleb(),
      FormatError,
    );
    assert.throws(
      () => new ByteReader(new ByteWriter().u64(1n << 60n).finish(), "test").u64Number(),
      FormatError,
    );
  });

  it("decodes names of any length, malformed ones too", () => {
    assert.equal(decodeUtf8(new TextEncoder().encode("größe")), "größe");
    assert.equal(decodeUtf8(Uint8Array.of(0x61, 0xff)), "a\uFFFD");
    const long = "x".repeat(100);
    assert.equal(decodeUtf8(new TextEncoder().encode(long)), long);
  });
});

describe("writing bytes", () => {
  it("loses none when the buffer grows in the middle of a number", () => {
    for (let before = 250; before <= 260; before++) {
      const writer = new ByteWriter();
      for (let i = 0; i < before; i++) writer.u8(7);
      writer.u64(0x1122334455667788n).f64(1.5).u32(0xaabbccdd).u16(0xeeff).bytes([1, 2, 3]);
      const reader = new ByteReader(writer.finish(), "test");
      reader.skip(before);
      assert.equal(reader.u64(), 0x1122334455667788n);
      assert.equal(reader.f64(), 1.5);
      assert.equal(reader.u32(), 0xaabbccdd);
      assert.equal(reader.u16(), 0xeeff);
      assert.deepEqual([...reader.take(3)], [1, 2, 3]);
      assert.ok(reader.atEnd);
    }
  });
});

describe("byte sources", () => {
  it("give the same bytes whether in memory, paged or sliced", () => {
    const bytes = numbered(200);
    const file = paged(bytes);
    fc.assert(
      fc.property(fc.nat(199), fc.nat(80), (offset, wanted) => {
        const length = Math.min(wanted, 200 - offset);
        const expected = bytes.subarray(offset, offset + length);
        assert.deepEqual(file.read(offset, length), expected);
        assert.deepEqual(new MemorySource("m", bytes).read(offset, length), expected);
        const slice = new SlicedSource("s", file, offset, length);
        assert.deepEqual(slice.read(0, length), expected);
        const into = new Uint8Array(length);
        fill(slice, 0, into);
        assert.deepEqual(into, expected);
        fill(new MemorySource("m", bytes), offset, into.fill(0));
        assert.deepEqual(into, expected);
      }),
    );
  });

  it("read a page once, and do not hold more pages than they may", () => {
    const file = paged(numbered(200));
    file.read(0, 4);
    file.read(8, 4);
    assert.equal(file.counters.reads, 1);
    for (let offset = 0; offset < 192; offset += 16) file.read(offset, 1);
    const before = file.counters.reads;
    file.read(0, 1);
    assert.equal(file.counters.reads, before + 1, "the oldest page had left");
  });

  it("refuse ranges outside of the file with its name", () => {
    assert.throws(() => paged(numbered(10)).read(8, 4), /Need 4 bytes but file ends/);
    assert.throws(() => new SlicedSource("part", paged(numbered(10)), 5, 100).read(0, 6), /part/);
  });

  it("notice a file that shrank while it was read", () => {
    const source = new PagedSource("gone", 100, () => 0);
    assert.throws(() => source.read(0, 4), /gave 0 of 100 bytes/);
  });

  it("answer a synchronous question over a source that can only be awaited", async () => {
    const bytes = numbered(1000);
    const source = new RemoteSource(
      "object",
      1000,
      async (offset, length) => bytes.slice(offset, offset + length),
      64,
    );
    assert.throws(() => source.read(0, 4), BytesNotResident);
    const sum = await settle(() => source.read(10, 4)[0]! + source.read(900, 100)[99]!);
    assert.equal(sum, bytes[10]! + bytes[999]!);
    assert.ok(source.residentBytes < 300, "only the pages asked for are held");
    assert.deepEqual(source.read(900, 100), bytes.subarray(900));
  });
});

describe("errors", () => {
  it("are remembered, so that a broken part is not read again and again", () => {
    let runs = 0;
    const broken = once(() => {
      runs++;
      return new ByteReader(new Uint8Array(0), "code").u8();
    });
    assert.ok(attempt(broken) instanceof FormatError);
    assert.ok(attempt(broken) instanceof FormatError);
    assert.equal(runs, 1);
  });

  it("that are not about the format are not swallowed", () => {
    assert.throws(
      () =>
        attempt(() => {
          throw new RangeError("bug");
        }),
      RangeError,
    );
  });
});

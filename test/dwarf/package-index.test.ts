import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { FormatError } from "../../engine/bytes/errors";
import { MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { PackageIndex } from "../../engine/dwarf/package-index";

const read = (bytes: Uint8Array): PackageIndex =>
  PackageIndex.read(new MemorySource(".debug_cu_index", bytes));

/** Two units in four slots; columns as DW_SECT numbers, each unit's parts as [offset, size]. */
function index(
  version: 2 | 5,
  columns: readonly number[],
  units: readonly (readonly [number, number][])[],
): Uint8Array {
  const writer = new ByteWriter().u32(version).u32(columns.length).u32(units.length).u32(4);
  const slots = [0n, 0x1111n, 0n, 0x2222n];
  for (const signature of slots) writer.u64(signature);
  for (const row of [0, 1, 0, 2]) writer.u32(row);
  for (const column of columns) writer.u32(column);
  for (const part of [0, 1] as const)
    for (const unit of units) for (const contribution of unit) writer.u32(contribution[part]);
  return writer.finish();
}

const PARTS: readonly (readonly [number, number][])[] = [
  [
    [0, 10],
    [0, 20],
    [0, 30],
  ],
  [
    [10, 11],
    [20, 21],
    [30, 31],
  ],
];

describe("the index of a package", () => {
  it("gives each unit's parts of the sections, in GNU's numbers and in DWARF 5's", () => {
    const parts = (bytes: Uint8Array): unknown => Object.fromEntries(read(bytes).find(0x2222n) ?? []);
    assert.deepEqual(parts(index(2, [1, 3, 5], PARTS)), {
      ".debug_info": { offset: 10, size: 11 },
      ".debug_abbrev": { offset: 20, size: 21 },
      ".debug_loc": { offset: 30, size: 31 },
    });
    assert.deepEqual(parts(index(5, [1, 5, 8], PARTS)), {
      ".debug_info": { offset: 10, size: 11 },
      ".debug_loclists": { offset: 20, size: 21 },
      ".debug_rnglists": { offset: 30, size: 31 },
    });
    assert.equal(read(index(5, [1, 3, 5], PARTS)).find(0x3333n), undefined);
    assert.equal([...read(index(5, [1, 3, 5], PARTS)).contributions].length, 2);
  });

  it("with a column of another number keeps those that are known", () => {
    const found = read(index(5, [1, 3, 40], PARTS)).find(0x1111n);
    assert.deepEqual([...(found?.keys() ?? [])], [".debug_info", ".debug_abbrev"]);
  });

  it("that is malformed is refused, whatever it claims", () => {
    const sound = index(2, [1, 3, 5], PARTS);
    assert.throws(() => read(sound.subarray(0, sound.length - 1)), FormatError);
    assert.throws(() => read(new ByteWriter().u32(3).u32(0).u32(0).u32(0).finish()), /version 3/);
    const huge = new ByteWriter().u32(5).u32(3).u32(0xffffffff).u32(0xffffffff).finish();
    assert.throws(() => read(huge), FormatError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(sound.length - 1), (bytes, at) => {
        const damaged = sound.slice();
        damaged.set(bytes.subarray(0, damaged.length - at), at);
        try {
          read(damaged);
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }),
    );
  });
});

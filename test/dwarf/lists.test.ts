import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_FORM, DW_LLE, DW_LLE_GNU, DW_RLE, DW_TAG, DW_UT } from "../../engine/dwarf/constants";
import { openDebugInformation } from "../../engine/dwarf/dwarf";
import type { Entry } from "../../engine/dwarf/model";
import { DwarfAssembler, type SectionAssembler, type UnitSpec } from "../support/assembler";

/** A unit with base address 0x1000 and an entry that refers to the list `list` through `attribute`. */
function withList(
  attribute: number,
  section: string,
  write: (list: SectionAssembler) => void,
  spec: UnitSpec = {},
): Entry {
  const { version = 5, addressSize = 4, section: info = ".debug_info" } = spec;
  const suffix = info.endsWith(".dwo") ? ".dwo" : "";
  const dwarf = new DwarfAssembler();
  const form = version >= 4 ? DW_FORM.sec_offset : DW_FORM.data4;
  const addressBase = version >= 5 ? DW_AT.addr_base : DW_AT.GNU_addr_base;
  dwarf
    .section(`.debug_abbrev${suffix}`)
    .uleb(1, DW_TAG.compile_unit)
    .u8(1)
    .uleb(DW_AT.low_pc, DW_FORM.addr, addressBase, form, 0, 0)
    .uleb(2, DW_TAG.variable)
    .u8(0)
    .uleb(attribute, form, 0, 0, 0);
  dwarf.unit(spec, (unit) => {
    unit.uleb(1).number(0x1000, addressSize).offset("addresses").uleb(2).offset("list").u8(0);
  });
  dwarf.section(".debug_addr").u32(0).label("addresses");
  for (const address of [0x2000, 0x2008, 0xffffffff])
    dwarf.section(".debug_addr").number(address, addressSize);
  const list = dwarf.section(section).u8(0xee).label("list");
  write(list);
  const [unit] = openDebugInformation(dwarf.sections()).units();
  return [...unit!.root.children()][0]!;
}

function rangesOf(section: string, write: (list: SectionAssembler) => void, spec: UnitSpec = {}) {
  return withList(DW_AT.ranges, section, write, spec)
    .ranges()
    .map(({ low, high }) => [low, high]);
}

describe("Range lists", () => {
  const rnglist = (write: (list: SectionAssembler) => void, spec: UnitSpec = {}) =>
    rangesOf(".debug_rnglists", write, spec);

  it("of DWARF 5 have eight kinds of entries", () => {
    const ranges = rnglist((list) =>
      list
        .u8(DW_RLE.offset_pair)
        .uleb(0x10, 0x20)
        .u8(DW_RLE.base_addressx)
        .uleb(1)
        .u8(DW_RLE.offset_pair)
        .uleb(0x10, 0x20)
        .u8(DW_RLE.base_address)
        .u32(0x3000)
        .u8(DW_RLE.offset_pair)
        .uleb(0x10, 0x20)
        .u8(DW_RLE.startx_endx)
        .uleb(0, 1)
        .u8(DW_RLE.startx_length)
        .uleb(1, 4)
        .u8(DW_RLE.start_end)
        .u32(0x4000)
        .u32(0x4008)
        .u8(DW_RLE.start_length)
        .u32(0x5000)
        .uleb(0x200)
        .u8(DW_RLE.end_of_list)
        .u8(DW_RLE.start_length),
    );
    assert.deepEqual(ranges, [
      [0x1010, 0x1020],
      [0x2018, 0x2028],
      [0x3010, 0x3020],
      [0x2000, 0x2008],
      [0x2008, 0x200c],
      [0x4000, 0x4008],
      [0x5000, 0x5200],
    ]);
  });

  it("leave out what the linker discarded, and empty ranges", () => {
    const ranges = rnglist((list) =>
      list
        .u8(DW_RLE.start_length)
        .u32(0xffffffff)
        .uleb(8)
        .u8(DW_RLE.start_length)
        .u32(0xfffffffe)
        .uleb(1)
        .u8(DW_RLE.start_length)
        .u32(0)
        .uleb(8)
        .u8(DW_RLE.start_length)
        .u32(0x10)
        .uleb(0)
        .u8(DW_RLE.startx_length)
        .uleb(2, 8)
        .u8(DW_RLE.base_addressx)
        .uleb(2)
        .u8(DW_RLE.offset_pair)
        .uleb(0x10, 0x20)
        .u8(DW_RLE.start_end)
        .u32(0x20)
        .u32(0x30)
        .u8(DW_RLE.end_of_list),
    );
    assert.deepEqual(ranges, [[0x20, 0x30]]);
  });

  for (const version of [2, 3, 4] as const) {
    it(`of DWARF ${version} are pairs, with a base that may be selected`, () => {
      const ranges = rangesOf(
        ".debug_ranges",
        (list) => {
          for (const word of [
            [0x10, 0x20],
            [0xffffffff, 0x3000],
            [0, 8],
            [0xfffffffe, 0xfffffffe],
            [0xffffffff, 0xfffffffe],
            [0x10, 0x20],
            [0xffffffff, 0],
            [0x10, 0x20],
            [0, 0],
            [1, 2],
          ])
            list.u32(word[0]!).u32(word[1]!);
        },
        { version },
      );
      assert.deepEqual(ranges, [
        [0x1010, 0x1020],
        [0x3000, 0x3008],
        [0x10, 0x20],
      ]);
    });
  }

  it("of wasm64 tell a selected base from a tombstone", () => {
    const ranges = rangesOf(
      ".debug_ranges",
      (list) => {
        list.u64(-1n).u64(0x3000n).u64(0n).u64(8n);
        list.u64(-2n).u64(-2n).u64(0x10n).u64(0x20n).u64(0n).u64(0n);
      },
      { version: 4, addressSize: 8 },
    );
    assert.deepEqual(ranges, [
      [0x3000, 0x3008],
      [0x3010, 0x3020],
    ]);
  });

  it("longer than a first read are read on", () => {
    const ranges = rnglist((list) => {
      for (let i = 1; i <= 500; i++)
        list
          .u8(DW_RLE.start_length)
          .u32(16 * i)
          .uleb(8);
      list.u8(DW_RLE.end_of_list);
    });
    assert.equal(ranges.length, 500);
    assert.deepEqual(ranges[499], [8000, 8008]);
  });

  it("without an end, or with an unknown kind, cover nothing, and a problem says where", () => {
    const problem = (write: (list: SectionAssembler) => void): string => {
      const entry = withList(DW_AT.ranges, ".debug_rnglists", write, {});
      assert.deepEqual(entry.ranges(), []);
      return entry.unit.debug.problems.join();
    };
    assert.match(
      problem((list) => list.u8(DW_RLE.base_address).u32(1)),
      /are left \(\.debug_rnglists at offset 0x6\)/,
    );
    assert.match(
      problem((list) => list.u8(0x33)),
      /unknown kind 51 \(\.debug_rnglists at offset 0x1\)/,
    );
  });
});

describe("Location lists", () => {
  const at = (entry: Entry, pc: number) => {
    const found = entry.location(DW_AT.location, codeOffset(pc));
    return found instanceof Uint8Array ? [...found] : found;
  };

  it("of DWARF 5 have nine kinds of entries, and GNU's view pairs between them", () => {
    const entry = withList(DW_AT.location, ".debug_loclists", (list) =>
      list
        .u8(DW_LLE.GNU_view_pair)
        .uleb(1, 200)
        .u8(DW_LLE.offset_pair)
        .uleb(0x10, 0x20)
        .block(1)
        .u8(DW_LLE.startx_endx)
        .uleb(0, 1)
        .block(2)
        .u8(DW_LLE.startx_length)
        .uleb(1, 4)
        .block(3)
        .u8(DW_LLE.base_addressx)
        .uleb(1)
        .u8(DW_LLE.offset_pair)
        .uleb(0x10, 0x20)
        .block(4)
        .u8(DW_LLE.base_address)
        .u32(0x3000)
        .u8(DW_LLE.offset_pair)
        .uleb(0x10, 0x20)
        .block(5)
        .u8(DW_LLE.start_end)
        .u32(0x4000)
        .u32(0x4008)
        .block(6)
        .u8(DW_LLE.start_length)
        .u32(0x5000)
        .uleb(0x200)
        .block(7)
        .u8(DW_LLE.end_of_list)
        .u8(DW_LLE.default_location)
        .block(9),
    );
    for (const [pc, expression] of [
      [0x1010, 1],
      [0x101f, 1],
      [0x2000, 2],
      [0x2008, 3],
      [0x2018, 4],
      [0x3010, 5],
      [0x4007, 6],
      [0x51ff, 7],
    ] as const)
      assert.deepEqual(at(entry, pc), [expression], `0x${pc.toString(16)}`);
    for (const pc of [0x100f, 0x1020, 0x200c, 0x5200, 0xffffffff])
      assert.equal(at(entry, pc), "not-here", `0x${pc.toString(16)}`);
    assert.equal(entry.location(DW_AT.location, undefined), "not-here");
  });

  it("fall back on the default location, wherever it stands in the list", () => {
    const entry = withList(DW_AT.location, ".debug_loclists", (list) =>
      list
        .u8(DW_LLE.default_location)
        .block(9)
        .u8(DW_LLE.start_length)
        .u32(0x10)
        .uleb(8)
        .block(1)
        .u8(DW_LLE.end_of_list),
    );
    assert.deepEqual(at(entry, 0x12), [1]);
    assert.deepEqual(at(entry, 0x99), [9]);
    assert.deepEqual(entry.location(DW_AT.location, undefined), Uint8Array.of(9));
  });

  for (const version of [2, 3, 4] as const) {
    it(`of DWARF ${version} count from the unit's base address, or from a selected one`, () => {
      const entry = withList(
        DW_AT.location,
        ".debug_loc",
        (list) =>
          list
            .u32(0x10)
            .u32(0x20)
            .u16(2)
            .bytes(1, 1)
            .u32(0xfffffffe)
            .u32(0xfffffffe)
            .u16(1)
            .bytes(8)
            .u32(0xffffffff)
            .u32(0x3000)
            .u32(0)
            .u32(8)
            .u16(1)
            .bytes(2)
            .u32(0)
            .u32(0),
        { version },
      );
      assert.deepEqual(at(entry, 0x1010), [1, 1]);
      assert.deepEqual(at(entry, 0x3000), [2]);
      assert.equal(at(entry, 0x3008), "not-here");
      assert.equal(at(entry, 0x10), "not-here");
    });
  }

  it("of a split file before DWARF 5 have an encoding of their own", () => {
    const entry = withList(
      DW_AT.location,
      ".debug_loc.dwo",
      (list) =>
        list
          .u8(DW_LLE_GNU.start_length_entry)
          .uleb(0)
          .u32(4)
          .u16(1)
          .bytes(1)
          .u8(DW_LLE_GNU.start_end_entry)
          .uleb(1, 2)
          .u16(1)
          .bytes(2)
          .u8(DW_LLE_GNU.base_address_selection_entry)
          .uleb(0)
          .u8(DW_LLE_GNU.end_of_list_entry),
      { version: 4, section: ".debug_info.dwo", unitType: DW_UT.compile },
    );
    assert.deepEqual(at(entry, 0x2003), [1]);
    assert.deepEqual(at(entry, 0x2008), [2]);
    assert.equal(at(entry, 0x2004), "not-here");
  });

  it("of discarded code never match", () => {
    const entry = withList(DW_AT.location, ".debug_loclists", (list) =>
      list
        .u8(DW_LLE.base_addressx)
        .uleb(2)
        .u8(DW_LLE.offset_pair)
        .uleb(0, 0x100)
        .block(1)
        .u8(DW_LLE.startx_length)
        .uleb(2, 0x100)
        .block(2)
        .u8(DW_LLE.end_of_list),
    );
    for (const pc of [0, 1, 0x50, 0xffffffff]) assert.equal(at(entry, pc), "not-here");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { DW_AT, DW_FORM, DW_TAG, formName } from "../../engine/dwarf/constants";
import { openDebugInformation } from "../../engine/dwarf/dwarf";
import type { AttributeValue } from "../../engine/dwarf/model";
import { DwarfAssembler, type SectionAssembler, type UnitSpec } from "../support/assembler";

/**
 * A unit whose root has the attribute under test between two names, so that a form of the wrong width is
 * noticed. Tables that indexes refer to hold known values.
 */
function assemble(
  form: number,
  write: (info: SectionAssembler) => void,
  spec: UnitSpec = {},
  constant: readonly number[] = [],
): DwarfAssembler {
  const dwarf = new DwarfAssembler();
  const { offsetSize = 4, addressSize = 4 } = spec;
  const bases =
    (spec.version ?? 5) >= 5
      ? [DW_AT.str_offsets_base, DW_AT.addr_base, DW_AT.rnglists_base, DW_AT.loclists_base]
      : [];
  dwarf.abbreviations([
    1,
    DW_TAG.compile_unit,
    "no",
    [
      ...[DW_AT.name, DW_FORM.string, DW_AT.const_value, form, ...constant],
      ...[DW_AT.producer, DW_FORM.string, ...bases.flatMap((base) => [base, DW_FORM.sec_offset])],
    ],
  ]);
  dwarf.unit(spec, (info) => {
    info.uleb(1).cstring("before");
    write(info);
    info.cstring("after");
    for (const base of bases.map((_, i) => ["strings", "addresses", "ranges", "locations"][i]!))
      info.offset(base, offsetSize);
  });
  dwarf.section(".debug_str").cstring("").label("hello").cstring("hello").label("world").cstring("wörld");
  dwarf.section(".debug_line_str").u8(0).label("line").cstring("line");
  const strings = dwarf.section(".debug_str_offsets").bytes(9, 9, 9, 9).label("strings");
  strings.offset("hello", offsetSize).offset("world", offsetSize);
  const addresses = dwarf.section(".debug_addr").bytes(9, 9, 9, 9).label("addresses");
  addresses.number(0x1111, addressSize).number(0x2222, addressSize);
  for (const [section, label] of [
    [".debug_rnglists", "ranges"],
    [".debug_loclists", "locations"],
  ] as const) {
    dwarf.section(section).bytes(9).label(label).number(0x40, offsetSize).number(0x50, offsetSize);
  }
  return dwarf;
}

function read(
  form: number,
  write: (info: SectionAssembler) => void,
  spec: UnitSpec = {},
  constant: readonly number[] = [],
): AttributeValue | undefined {
  const info = openDebugInformation(assemble(form, write, spec, constant).sections());
  const { root } = [...info.units()][0]!;
  const value = root.own(DW_AT.const_value);
  assert.equal(root.string(DW_AT.name), "before");
  assert.equal(root.string(DW_AT.producer), "after", `${formName(form)} has the wrong width`);
  assert.deepEqual(info.problems, []);
  return value;
}

const constant = (value: bigint, size?: number, signed = false) =>
  size === undefined ? { kind: "constant", value, signed } : { kind: "constant", value, signed, size };
const string = (value: string) => ({ kind: "string", value });
const address = (value: number) => ({ kind: "address", value });
const offset = (value: number) => ({ kind: "section-offset", offset: value });
const reference = (value: number, supplementary = false) => ({
  kind: "reference",
  offset: value,
  supplementary,
});
const bytes = Uint8Array.of(1, 2, 3);

type Case = readonly [form: number, write: (info: SectionAssembler) => void, expected: unknown];

const CASES: readonly Case[] = [
  [DW_FORM.addr, (i) => i.u32(0x1234), address(0x1234)],
  [DW_FORM.addrx, (i) => i.uleb(1), address(0x2222)],
  [DW_FORM.addrx1, (i) => i.u8(1), address(0x2222)],
  [DW_FORM.addrx2, (i) => i.u16(1), address(0x2222)],
  [DW_FORM.addrx3, (i) => i.bytes(1, 0, 0), address(0x2222)],
  [DW_FORM.addrx4, (i) => i.u32(1), address(0x2222)],
  [DW_FORM.LLVM_addrx_offset, (i) => i.uleb(1).u32(3), address(0x2225)],
  [DW_FORM.data1, (i) => i.u8(0xff), constant(0xffn, 1)],
  [DW_FORM.data2, (i) => i.u16(0xfffe), constant(0xfffen, 2)],
  [DW_FORM.data4, (i) => i.u32(0xfffffffe), constant(0xfffffffen, 4)],
  [DW_FORM.data8, (i) => i.u64(0xffff_ffff_ffff_fffen), constant(0xffff_ffff_ffff_fffen, 8)],
  [DW_FORM.data16, (i) => i.u64(7n).u64(1n << 63n), constant((1n << 127n) + 7n, 16)],
  [DW_FORM.udata, (i) => i.uleb(1n << 63n), constant(1n << 63n)],
  [DW_FORM.sdata, (i) => i.sleb(-300), constant(-300n, undefined, true)],
  [DW_FORM.block1, (i) => i.u8(3).bytes(1, 2, 3), { kind: "block", bytes }],
  [DW_FORM.block2, (i) => i.u16(3).bytes(1, 2, 3), { kind: "block", bytes }],
  [DW_FORM.block4, (i) => i.u32(3).bytes(1, 2, 3), { kind: "block", bytes }],
  [DW_FORM.block, (i) => i.block(1, 2, 3), { kind: "block", bytes }],
  [DW_FORM.exprloc, (i) => i.block(1, 2, 3), { kind: "exprloc", bytes }],
  [DW_FORM.flag, (i) => i.u8(2), { kind: "flag", value: true }],
  [DW_FORM.flag, (i) => i.u8(0), { kind: "flag", value: false }],
  [DW_FORM.flag_present, () => {}, { kind: "flag", value: true }],
  [DW_FORM.ref1, (i) => i.u8(0x20), reference(0x20)],
  [DW_FORM.ref2, (i) => i.u16(0x20), reference(0x20)],
  [DW_FORM.ref4, (i) => i.u32(0x20), reference(0x20)],
  [DW_FORM.ref8, (i) => i.u64(0x20n), reference(0x20)],
  [DW_FORM.ref_udata, (i) => i.uleb(0x20), reference(0x20)],
  [DW_FORM.ref_addr, (i) => i.u32(0x20), reference(0x20)],
  [DW_FORM.ref_sup4, (i) => i.u32(0x20), reference(0x20, true)],
  [DW_FORM.ref_sup8, (i) => i.u64(0x20n), reference(0x20, true)],
  [DW_FORM.GNU_ref_alt, (i) => i.u32(0x20), reference(0x20, true)],
  [DW_FORM.ref_sig8, (i) => i.u64(0xabn << 56n), { kind: "signature", value: 0xabn << 56n }],
  [DW_FORM.string, (i) => i.cstring("ünline"), string("ünline")],
  [DW_FORM.strp, (i) => i.offset("world"), string("wörld")],
  [DW_FORM.line_strp, (i) => i.offset("line"), string("line")],
  [DW_FORM.strx, (i) => i.uleb(1), string("wörld")],
  [DW_FORM.strx1, (i) => i.u8(1), string("wörld")],
  [DW_FORM.strx2, (i) => i.u16(1), string("wörld")],
  [DW_FORM.strx3, (i) => i.bytes(1, 0, 0), string("wörld")],
  [DW_FORM.strx4, (i) => i.u32(1), string("wörld")],
  [DW_FORM.strp_sup, (i) => i.u32(1), undefined],
  [DW_FORM.GNU_strp_alt, (i) => i.u32(1), undefined],
  [DW_FORM.sec_offset, (i) => i.u32(0x1234), offset(0x1234)],
  [DW_FORM.rnglistx, (i) => i.uleb(1), offset(0x51)],
  [DW_FORM.loclistx, (i) => i.uleb(1), offset(0x51)],
  [DW_FORM.indirect, (i) => i.uleb(DW_FORM.data2).u16(5), constant(5n, 2)],
  [DW_FORM.indirect, (i) => i.uleb(DW_FORM.string).cstring("x"), string("x")],
  [DW_FORM.indirect, (i) => i.uleb(DW_FORM.block).block(1, 2, 3), { kind: "block", bytes }],
  [DW_FORM.indirect, (i) => i.uleb(DW_FORM.implicit_const).sleb(-2), constant(-2n, undefined, true)],
];

describe("Attribute forms", () => {
  for (const [form, write, expected] of CASES) {
    it(`${formName(form)} reads as ${JSON.stringify(expected, (_, v) => (typeof v === "bigint" ? `${v}` : v))}`, () => {
      assert.deepEqual(read(form, write), expected);
    });
  }

  it("has every form of the standard and of the extensions in the table above", () => {
    const tested = new Set(CASES.map(([form]) => form));
    const untested = Object.values(DW_FORM).filter((form) => !tested.has(form));
    assert.deepEqual(untested.map(formName), [
      "DW_FORM_implicit_const",
      "DW_FORM_GNU_addr_index",
      "DW_FORM_GNU_str_index",
    ]);
  });

  it("takes an implicit constant from the abbreviation, with its sign", () => {
    assert.deepEqual(
      read(DW_FORM.implicit_const, () => {}, {}, [-7]),
      constant(-7n, undefined, true),
    );
  });

  it("widens offsets in 64-bit DWARF", () => {
    const spec = { offsetSize: 8 } as const;
    assert.deepEqual(
      read(DW_FORM.strp, (i) => i.offset("world", 8), spec),
      string("wörld"),
    );
    assert.deepEqual(
      read(DW_FORM.strx1, (i) => i.u8(1), spec),
      string("wörld"),
    );
    assert.deepEqual(
      read(DW_FORM.sec_offset, (i) => i.u64(9n), spec),
      offset(9),
    );
    assert.deepEqual(
      read(DW_FORM.ref_addr, (i) => i.u64(0x20n), spec),
      reference(0x20),
    );
    assert.deepEqual(
      read(DW_FORM.rnglistx, (i) => i.uleb(1), spec),
      offset(0x51),
    );
  });

  it("reads 8-byte addresses of wasm64", () => {
    const spec = { addressSize: 8 } as const;
    assert.deepEqual(
      read(DW_FORM.addr, (i) => i.u64(1n << 40n), spec),
      address(2 ** 40),
    );
    assert.deepEqual(
      read(DW_FORM.addrx, (i) => i.uleb(1), spec),
      address(0x2222),
    );
  });

  it("takes an address for DW_FORM_ref_addr in DWARF 2, an offset later", () => {
    const wide = { addressSize: 8, offsetSize: 4 } as const;
    assert.deepEqual(
      read(DW_FORM.ref_addr, (i) => i.u64(0x20n), { ...wide, version: 2 }),
      reference(0x20),
    );
    assert.deepEqual(
      read(DW_FORM.ref_addr, (i) => i.u32(0x20), { ...wide, version: 3 }),
      reference(0x20),
    );
  });

  it("finds tables without a base where DWARF 5 puts their first slot: after their header", () => {
    const dwarf = new DwarfAssembler();
    dwarf.abbreviations([
      1,
      DW_TAG.compile_unit,
      "no",
      [DW_AT.name, DW_FORM.strx1, DW_AT.low_pc, DW_FORM.addrx],
    ]);
    dwarf.unit({ version: 5 }, (info) => info.uleb(1).u8(1).uleb(1));
    dwarf.section(".debug_str").cstring("a").label("b").cstring("b");
    dwarf.section(".debug_str_offsets").u32(12).u16(5).u16(0).u32(0).offset("b");
    dwarf.section(".debug_addr").u32(12).u16(5).u8(4).u8(0).u32(1).u32(2);
    const { root } = [...openDebugInformation(dwarf.sections()).units()][0]!;
    assert.equal(root.name, "b");
    assert.equal(root.address(DW_AT.low_pc), 2);
  });

  it("reads GNU's indexes of DWARF 4 split files from tables without headers", () => {
    const dwarf = new DwarfAssembler();
    dwarf.abbreviations([
      1,
      DW_TAG.compile_unit,
      "no",
      [
        DW_AT.GNU_addr_base,
        DW_FORM.sec_offset,
        DW_AT.name,
        DW_FORM.GNU_str_index,
        DW_AT.low_pc,
        DW_FORM.GNU_addr_index,
      ],
    ]);
    dwarf.unit({ version: 4 }, (info) => info.uleb(1).offset("addresses").uleb(1).uleb(1));
    dwarf.section(".debug_str").cstring("a").label("b").cstring("b");
    dwarf.section(".debug_str_offsets").u32(0).offset("b");
    dwarf.section(".debug_addr").u32(0).label("addresses").u32(1).u32(2);
    const { root } = [...openDebugInformation(dwarf.sections()).units()][0]!;
    assert.equal(root.name, "b");
    assert.equal(root.address(DW_AT.low_pc), 2);
  });

  it("resolves strings and references of a supplementary file", () => {
    const supplementary = new DwarfAssembler();
    supplementary.abbreviations(
      [1, DW_TAG.partial_unit, "yes", []],
      [2, DW_TAG.base_type, "no", [DW_AT.name, DW_FORM.strp]],
    );
    supplementary.unit({ version: 5, unitType: 3 }, (info) =>
      info.uleb(1).label("int").uleb(2).offset("text").u8(0),
    );
    supplementary.section(".debug_str").u8(0).label("text").cstring("int");
    const dwarf = assemble(DW_FORM.strp_sup, (i) => i.u32(1));
    const other = openDebugInformation(supplementary.sections());
    const [unit] = openDebugInformation(dwarf.sections(), { supplementary: other }).units();
    assert.deepEqual(unit!.root.own(DW_AT.const_value), string("int"));
    const referring = assemble(DW_FORM.GNU_ref_alt, (i) => i.u32(13));
    const [second] = openDebugInformation(referring.sections(), { supplementary: other }).units();
    assert.equal(second!.root.reference(DW_AT.const_value)?.name, "int");
  });

  it("says which section is missing when a string cannot be read", () => {
    const dwarf = new DwarfAssembler();
    dwarf.abbreviations([1, DW_TAG.compile_unit, "no", [DW_AT.name, DW_FORM.strp]]);
    dwarf.unit({ version: 4 }, (info) => info.uleb(1).u32(0));
    const { root } = [...openDebugInformation(dwarf.sections()).units()][0]!;
    assert.throws(() => root.own(DW_AT.name), /The section is missing \(\.debug_str/);
    assert.equal(root.name, undefined);
    assert.match(root.unit.debug.problems.join(), /The section is missing \(\.debug_str/);
  });
});

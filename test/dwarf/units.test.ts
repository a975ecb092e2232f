import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset, sectionOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_FORM, DW_OP, DW_TAG, DW_UT } from "../../engine/dwarf/constants";
import { hasDebugInformation, openDebugInformation } from "../../engine/dwarf/dwarf";
import { DwarfAssembler } from "../support/assembler";

const named = (dwarf: DwarfAssembler) =>
  [...openDebugInformation(dwarf.sections()).units()].map((unit) => unit.name);

describe("Units", () => {
  it("of every version and width are listed with what their headers say", () => {
    const dwarf = new DwarfAssembler();
    dwarf.section(".debug_abbrev").bytes(0).label("table");
    dwarf.abbreviations([1, DW_TAG.compile_unit, "no", [DW_AT.name, DW_FORM.string]]);
    for (const version of [2, 3, 4, 5] as const)
      for (const offsetSize of [4, 8] as const)
        for (const addressSize of [4, 8] as const)
          dwarf.unit({ version, offsetSize, addressSize, abbreviations: "table" }, (info) =>
            info.uleb(1).cstring(`v${version} ${offsetSize} ${addressSize}`),
          );
    const units = [...openDebugInformation(dwarf.sections()).units()];
    assert.equal(units.length, 16);
    for (const unit of units)
      assert.equal(unit.name, `v${unit.version} ${unit.offsetSize} ${unit.addressSize}`);
  });

  it("of all unit types of DWARF 5 have their extra fields stepped over", () => {
    const dwarf = new DwarfAssembler();
    dwarf.abbreviations([1, DW_TAG.compile_unit, "no", [DW_AT.name, DW_FORM.string]]);
    for (const [name, unitType] of Object.entries(DW_UT)) {
      const isType = unitType === DW_UT.type || unitType === DW_UT.split_type;
      const isSplit = unitType === DW_UT.skeleton || unitType === DW_UT.split_compile;
      const extra = isType ? { signature: 7n, typeEntry: `${name} root` } : isSplit ? { signature: 9n } : {};
      dwarf.unit({ unitType, ...extra }, (info) => info.label(`${name} root`).uleb(1).cstring(name));
    }
    assert.deepEqual(named(dwarf), Object.keys(DW_UT));
  });

  it("that are broken are left out with a problem, and the sound ones stay", () => {
    const dwarf = new DwarfAssembler();
    dwarf.abbreviations([1, DW_TAG.compile_unit, "no", [DW_AT.name, DW_FORM.string]]);
    const info = dwarf.section(".debug_info");
    dwarf.unit({}, (unit) => unit.uleb(1).cstring("first"));
    info.initialLength("after 9").u16(9).u32(0).u8(4).label("after 9");
    dwarf.unit({ unitType: 0x55 }, (unit) => unit.uleb(1));
    info.initialLength("after short").u8(0).label("after short");
    info.initialLength("after address size").u16(4).u32(0).u8(2).label("after address size");
    dwarf.unit({}, (unit) => unit.uleb(1).cstring("last"));
    info.u32(1000).u16(4);
    const opened = openDebugInformation(dwarf.sections());
    assert.deepEqual(
      [...opened.units()].map((unit) => unit.name),
      ["first", "last"],
    );
    assert.deepEqual(
      opened.problems.map((problem) => problem.problem),
      [
        "DWARF version 9 is not supported",
        "DW_UT 0x55 is not known",
        "A unit of 1 bytes has no room for its header",
        "An address size of 2 bytes is not supported",
        "The unit claims 1000 bytes, 2 are left",
      ],
    );
    assert.ok(opened.problems.every((problem) => problem.where.section === ".debug_info"));
  });

  it("without a usable root entry do not keep the others from being found by pc", () => {
    const dwarf = new DwarfAssembler();
    dwarf.abbreviations([
      1,
      DW_TAG.compile_unit,
      "no",
      [DW_AT.low_pc, DW_FORM.addr, DW_AT.high_pc, DW_FORM.udata],
    ]);
    dwarf.unit({}, (info) => info.uleb(77));
    dwarf.unit({}, () => {});
    dwarf.unit({}, (info) => info.uleb(0));
    dwarf.unit({}, (info) => info.uleb(1).u32(0x100).uleb(8));
    const info = openDebugInformation(dwarf.sections());
    assert.equal(info.unitAt(codeOffset(0x104)), [...info.units()][3]);
    assert.ok(info.problems.some((problem) => /Abbreviation 77/.test(problem.message)));
  });

  it("are none in a module without debug information", () => {
    const sections = new DwarfAssembler().sections();
    assert.equal(hasDebugInformation(sections), false);
    const info = openDebugInformation(sections);
    assert.deepEqual([...info.units()], []);
    assert.equal(info.unitAt(codeOffset(1)), undefined);
    assert.equal(info.entryAt(sectionOffset(0)), undefined);
  });

  it("of a split file are read from its .dwo sections", () => {
    const dwarf = new DwarfAssembler();
    dwarf
      .section(".debug_abbrev.dwo")
      .uleb(1, DW_TAG.compile_unit)
      .u8(0)
      .uleb(DW_AT.name, DW_FORM.strx1, 0, 0, 0);
    dwarf.unit({ section: ".debug_info.dwo", unitType: DW_UT.split_compile, signature: 1n }, (info) =>
      info.uleb(1).u8(0),
    );
    dwarf.section(".debug_str.dwo").cstring("split.c");
    dwarf.section(".debug_str_offsets.dwo").u32(8).u16(5).u16(0).u32(0);
    assert.deepEqual(named(dwarf), ["split.c"]);
  });

  it("give addresses by index, and none past the end of the table", () => {
    const dwarf = new DwarfAssembler();
    dwarf.abbreviations([1, DW_TAG.compile_unit, "no", [DW_AT.addr_base, DW_FORM.sec_offset]]);
    dwarf.unit({}, (info) => info.uleb(1).offset("addresses"));
    dwarf.section(".debug_addr").u32(0).label("addresses").u32(5);
    const [unit] = openDebugInformation(dwarf.sections()).units();
    assert.equal(unit!.addressAt(0), 5);
    assert.equal(unit!.addressAt(1), undefined);
  });
});

describe("Type units", () => {
  for (const version of [4, 5] as const) {
    it(`of DWARF ${version} give their type by signature, and entries that refer to it are completed by it`, () => {
      const dwarf = new DwarfAssembler();
      dwarf.abbreviations(
        [1, DW_TAG.type_unit, "yes", []],
        [2, DW_TAG.structure_type, "no", [DW_AT.name, DW_FORM.string, DW_AT.byte_size, DW_FORM.data1]],
        [3, DW_TAG.compile_unit, "yes", []],
        [
          4,
          DW_TAG.structure_type,
          "no",
          [DW_AT.signature, DW_FORM.ref_sig8, DW_AT.declaration, DW_FORM.flag_present],
        ],
        [5, DW_TAG.variable, "no", [DW_AT.type, DW_FORM.ref_sig8, DW_AT.specification, DW_FORM.ref4]],
      );
      dwarf.unit({ version }, (info) =>
        info
          .uleb(3)
          .label("declared")
          .uleb(4)
          .u64(77n)
          .label("variable")
          .uleb(5)
          .u64(77n)
          .difference("unit0", "declared")
          .u8(0),
      );
      dwarf.unit(
        {
          version,
          unitType: DW_UT.type,
          signature: 77n,
          typeEntry: "type",
          section: version === 4 ? ".debug_types" : ".debug_info",
        },
        (info) => info.uleb(1).label("type").uleb(2).cstring("point").u8(8).u8(0),
      );
      const info = openDebugInformation(dwarf.sections());
      const type = info.typeBySignature(77n)!;
      assert.equal(type.name, "point");
      assert.equal(type.parent?.tag, DW_TAG.type_unit);
      assert.equal(info.entryAt(type.offset)?.name, "point", "its offset is its own");
      assert.equal(info.typeBySignature(78n), undefined);
      const [declared, variable] = [...[...info.units()][0]!.root.children()];
      assert.equal(declared!.name, "point");
      assert.equal(declared!.unsigned(DW_AT.byte_size), 8);
      assert.equal(declared!.flag(DW_AT.declaration), true);
      assert.equal(type.flag(DW_AT.declaration), false);
      assert.equal(variable!.reference(DW_AT.type)?.offset, type.offset);
    });
  }
});

describe("Units whose code lies in another order than theirs", () => {
  it("are found by pc all the same", () => {
    const dwarf = new DwarfAssembler();
    const code = [DW_AT.low_pc, DW_FORM.addr, DW_AT.high_pc, DW_FORM.udata] as const;
    dwarf.abbreviations([1, DW_TAG.compile_unit, "no", code]);
    const starts = [0x500, 0x100, 0x900, 0x300, 0x700];
    for (const start of starts) dwarf.unit({}, (info) => info.uleb(1).u32(start).uleb(0x100));
    const info = openDebugInformation(dwarf.sections());
    const units = [...info.units()];
    for (const [nth, start] of starts.entries())
      assert.equal(info.unitAt(codeOffset(start + 0x80)), units[nth]);
    assert.equal(info.unitAt(codeOffset(0x480)), undefined);
  });
});

describe("Laziness", () => {
  const program = (): DwarfAssembler => {
    const dwarf = new DwarfAssembler();
    const code = [DW_AT.low_pc, DW_FORM.addr, DW_AT.high_pc, DW_FORM.udata] as const;
    dwarf.abbreviations(
      [1, DW_TAG.compile_unit, "yes", code],
      [2, DW_TAG.subprogram, "no", [DW_AT.name, DW_FORM.string, ...code]],
      [3, DW_TAG.variable, "no", [DW_AT.name, DW_FORM.string, DW_AT.location, DW_FORM.exprloc]],
    );
    for (let unit = 0; unit < 10; unit++) {
      dwarf.unit({}, (info) => {
        const start = 0x1000 * (unit + 1);
        info.uleb(1).u32(start).uleb(0x100);
        for (let f = 0; f < 16; f++)
          info
            .uleb(2)
            .cstring(`f${unit}_${f}`)
            .u32(start + 16 * f)
            .uleb(16);
        info.uleb(3).cstring(`v${unit}`).block(DW_OP.addr, 0, 1, 0, 0).u8(0);
      });
    }
    return dwarf;
  };

  it("opening reads nothing", () => {
    const info = openDebugInformation(program().sections());
    assert.deepEqual(info.counters, { unitHeaders: 0, units: 0, entries: 0, linePrograms: 0 });
  });

  it("listing units reads their headers alone", () => {
    const info = openDebugInformation(program().sections());
    assert.equal([...info.units()].length, 10);
    assert.deepEqual(info.counters, { unitHeaders: 10, units: 0, entries: 0, linePrograms: 0 });
  });

  it("finding the unit of a pc reads the root entries of a few units", () => {
    const info = openDebugInformation(program().sections());
    assert.equal(info.unitAt(codeOffset(0x3010))?.offset, [...info.units()][2]!.offset);
    const { units, entries } = info.counters;
    assert.equal(units, 0);
    assert.ok(entries <= Math.log2(10) + 1, `${entries} entries`);
  });

  it("a frame costs its own unit", () => {
    const info = openDebugInformation(program().sections());
    const pc = codeOffset(0x3010);
    const subprogram = info.unitAt(pc)!.subprogramAt(pc)!;
    assert.equal(subprogram.name, "f2_1");
    assert.equal(subprogram.parent?.tag, DW_TAG.compile_unit);
    assert.equal(info.counters.units, 1);
    assert.ok(info.counters.entries < 60, `${info.counters.entries} entries`);
    assert.deepEqual(
      subprogram.unit.globalVariables().map((variable) => variable.name),
      ["v2"],
    );
    assert.equal(info.counters.units, 1);
  });
});

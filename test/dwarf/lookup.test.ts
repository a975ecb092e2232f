import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { RemoteSource, settle } from "../../engine/bytes/remote-source";
import { type ByteSource, MemorySource } from "../../engine/bytes/source";
import { DW_AT, DW_FORM, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import { openDebugInformation } from "../../engine/dwarf/dwarf";
import { IntervalTable } from "../../engine/dwarf/intervals";
import type { DebugInformation } from "../../engine/dwarf/model";
import { dwarfSectionsOf } from "../../engine/dwarf/sections";
import { WasmModule } from "../../engine/wasm/module";
import { DwarfAssembler, type SectionAssembler } from "../support/assembler";
import { dwarfModules } from "./modules";

const CODE = [DW_AT.low_pc, DW_FORM.addr, DW_AT.high_pc, DW_FORM.udata] as const;
const NAMED = [DW_AT.name, DW_FORM.string] as const;

function assembler(): DwarfAssembler {
  return new DwarfAssembler().abbreviations(
    [1, DW_TAG.compile_unit, "yes", CODE],
    [2, DW_TAG.compile_unit, "yes", []],
    [3, DW_TAG.subprogram, "yes", [...NAMED, ...CODE]],
    [4, DW_TAG.namespace, "yes", NAMED],
    [5, DW_TAG.class_type, "yes", NAMED],
    [6, DW_TAG.lexical_block, "yes", []],
    [7, DW_TAG.variable, "no", [...NAMED, DW_AT.location, DW_FORM.exprloc]],
    [8, DW_TAG.variable, "no", NAMED],
    [9, DW_TAG.subprogram, "no", NAMED],
    [10, DW_TAG.subprogram, "no", [...NAMED, DW_AT.ranges, DW_FORM.sec_offset]],
  );
}

const open = (info: SectionAssembler, name: string, start: number, size: number): SectionAssembler =>
  info.uleb(3).cstring(name).u32(start).uleb(size);
const variable = (info: SectionAssembler, name: string): SectionAssembler =>
  info.uleb(7).cstring(name).block(DW_OP.addr, 0, 1, 0, 0);

describe("The subprogram at a pc", () => {
  const dwarf = assembler();
  dwarf.unit({}, (info) => {
    info.uleb(1).u32(0x100).uleb(0xf00);
    info.uleb(9).cstring("declared");
    open(info, "plain", 0x100, 0x10).u8(0);
    info.uleb(4).cstring("ns").uleb(5).cstring("Class");
    open(info, "method", 0x110, 0x10).u8(0);
    info.u8(0).u8(0);
    open(info, "outer", 0x200, 0x100).uleb(6);
    open(info, "nested", 0x240, 0x10).u8(0);
    info.u8(0).u8(0);
    for (const discarded of [0, 0xffffffff]) open(info, "discarded", discarded, 0x1000).u8(0);
    info.uleb(10).cstring("split").offset("split ranges");
    info.uleb(10).cstring("broken").u32(0xffffff);
    open(info, "last", 0x400, 0x10).u8(0);
    info.u8(0);
  });
  dwarf.section(".debug_rnglists").label("split ranges").bytes(7, 0, 3, 0, 0, 8, 7, 0, 5, 0, 0, 8, 0);
  const info = openDebugInformation(dwarf.sections());
  const at = (pc: number) => info.unitAt(codeOffset(pc))?.subprogramAt(codeOffset(pc))?.name;

  it("is found at unit level, in namespaces and in classes", () => {
    assert.deepEqual([0x100, 0x10f, 0x110, 0x11f].map(at), ["plain", "plain", "method", "method"]);
  });

  it("is the nested one where functions nest", () => {
    assert.deepEqual([0x200, 0x23f, 0x240, 0x24f, 0x250, 0x2ff].map(at), [
      "outer",
      "outer",
      "nested",
      "nested",
      "outer",
      "outer",
    ]);
  });

  it("is found in every range of a function that is in several", () => {
    assert.deepEqual([0x300, 0x307, 0x308, 0x500].map(at), ["split", "split", undefined, "split"]);
  });

  it("is none between functions, and never one that the linker discarded", () => {
    assert.deepEqual([0x120, 0x1ff, 0x410, 0x80].map(at), [undefined, undefined, undefined, undefined]);
  });

  it("is found past one whose ranges cannot be read, which is reported", () => {
    assert.equal(at(0x400), "last");
    assert.match(info.problems.join(), /\.debug_rnglists/);
  });
});

describe("The unit at a pc", () => {
  it("is found by its functions when it does not say what it covers", () => {
    const dwarf = assembler();
    dwarf.unit({}, (info) => info.uleb(2).u8(0));
    dwarf.unit({}, (info) => open(info.uleb(2), "f", 0x100, 0x10).u8(0).u8(0));
    const info = openDebugInformation(dwarf.sections());
    assert.equal(info.unitAt(codeOffset(0x108)), [...info.units()][1]);
    assert.equal(info.unitAt(codeOffset(0x110)), undefined);
  });

  it("comes from .debug_aranges without a look at other units, and from the units where that has a gap", () => {
    const dwarf = assembler();
    for (const start of [0x100, 0x200, 0x300])
      dwarf.unit({}, (info) => info.uleb(1).u32(start).uleb(0x10).u8(0));
    const aranges = dwarf.section(".debug_aranges");
    aranges.initialLength("aranges end").u16(2).offset("unit2").u8(4).u8(0).u32(0);
    aranges.u32(0x300).u32(0x10).u32(0xffffffff).u32(0x10).u32(0).u32(0).label("aranges end");
    aranges.initialLength("lying end").u16(2).offset("unit0").u8(4).u8(0).u32(0);
    aranges.u32(0x200).u32(0x10).u32(0).u32(0).label("lying end");
    const info = openDebugInformation(dwarf.sections());
    assert.equal(info.unitAt(codeOffset(0x308))?.name, undefined);
    assert.equal(info.counters.entries, 1, "the root of the unit that is listed");
    const units = [...info.units()];
    assert.equal(info.unitAt(codeOffset(0x308)), units[2]);
    assert.equal(info.unitAt(codeOffset(0x100)), units[0], "not listed");
    assert.equal(info.unitAt(codeOffset(0x200)), units[1], "listed for a unit that does not have it");
  });
});

describe("Debug information over bytes that must be awaited", () => {
  it("gives the same answers as over bytes in memory, and fetches a part of the file", async () => {
    const [module] = dwarfModules.filter(({ name }) => name === "dwarf4-types");
    const bytes = module!.bytes();
    const fetched: number[] = [];
    const remote = new RemoteSource(
      "module",
      bytes.length,
      async (offset, length) => {
        fetched.push(length);
        return bytes.slice(offset, offset + length);
      },
      64,
    );
    const openOver = (source: ByteSource) => openDebugInformation(dwarfSectionsOf(WasmModule.open(source)));
    const ask = (info: DebugInformation) => {
      const pc = codeOffset(0x100);
      const subprogram = info.unitAt(pc)?.subprogramAt(pc);
      const row = subprogram?.unit.lines?.rowAt(pc);
      const variables = subprogram && [...subprogram.children()].map((child) => child.name);
      return { name: subprogram?.name, line: row?.line, path: row?.file?.path, variables };
    };
    const expected = ask(openOver(new MemorySource("module", bytes)));
    assert.equal(expected.path, "/build/shapes.cc");
    const info = await settle(() => openOver(remote));
    assert.deepEqual(await settle(() => ask(info)), expected);
    assert.ok(fetched.reduce((total, length) => total + length, 0) < bytes.length);
    assert.deepEqual(info.problems, []);
  });
});

describe("Global variables", () => {
  it("are those with a place at unit or namespace level", () => {
    const dwarf = assembler();
    dwarf.unit({}, (info) => {
      variable(info.uleb(2), "global");
      info.uleb(8).cstring("declared elsewhere");
      info.uleb(4).cstring("a").uleb(4).cstring("b");
      variable(info, "inner").u8(0).u8(0);
      info.uleb(5).cstring("Class");
      variable(info, "member").u8(0);
      variable(open(info, "f", 0x100, 8), "static local").u8(0);
      variable(info, "last").u8(0);
    });
    const [unit] = openDebugInformation(dwarf.sections()).units();
    assert.deepEqual(
      unit!.globalVariables().map((entry) => entry.name),
      ["global", "inner", "last"],
    );
  });
});

describe("Interval tables", () => {
  it("find what covers a point whatever the order and overlap of the intervals", () => {
    const interval = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 30 }), (intervals) => {
        const table = new IntervalTable(intervals.flatMap(([low, size], i) => [low, low + size, i]));
        for (let point = 0; point < 85; point++) {
          const covering = intervals.filter(([low, size]) => low <= point && point < low + size);
          const found = table.find(point);
          assert.equal(found >= 0, covering.length > 0, `${point}`);
          if (found < 0) continue;
          const [low, size] = intervals[table.payload(found)]!;
          const latest = Math.max(...covering.map(([low]) => low));
          const tightest = Math.min(...covering.filter(([low]) => low === latest).map(([, size]) => size));
          assert.deepEqual([low, size], [latest, tightest], `${point}`);
        }
      }),
    );
  });
});

/** Macros of .debug_macro and .debug_macinfo, as llvm-dwarfdump reads them, and in the forms that clang never writes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { DW_AT, DW_FORM, DW_MACINFO, DW_MACRO } from "../../engine/dwarf/constants";
import { openDebugInformation } from "../../engine/dwarf/dwarf";
import type { MacroFile, Unit } from "../../engine/dwarf/model";
import { type DwarfSections, dwarfSectionsOf } from "../../engine/dwarf/sections";
import { WasmModule } from "../../engine/wasm/module";
import type { DwarfAssembler, SectionAssembler } from "../support/assembler";
import { DWARFDUMP, hasDwarfdump } from "../support/dwarfdump";
import { assemble, sectionOffset } from "../support/entry-tree";

const fixtures = join(__dirname, "../fixtures/c-macros");
/** Where each form's macros lie. */
const FILES = [
  "dwarf5/app.wasm",
  "macinfo/app.wasm",
  "gnu/app.wasm",
  "split-dwarf5/macros.dwo",
  "split-dwarf4/macros.dwo",
];

/** A line for every directive, as far in as its file is. */
function lines({ directives }: MacroFile, indent = ""): string[] {
  return directives.flatMap((directive) => {
    const line = `${indent}${directive.line}`;
    if (directive.kind === "define") return [`${line} define ${directive.text}`];
    if (directive.kind === "undefine") return [`${line} undef ${directive.name}`];
    return [`${line} file`, ...lines(directive.file, `${indent}  `)];
  });
}

/** The same of what llvm-dwarfdump prints. */
function dumped(path: string): string[] {
  const { stdout } = spawnSync(DWARFDUMP, ["--debug-macro", path], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [, indent, kind, at, rest] =
      /^( *)DW_MAC\w+?_(define|undef|start_file)\w* - lineno: (\d+) (?:macro|filenum): (.*)$/.exec(line) ??
      [];
    if (kind === undefined) return [];
    return [`${indent}${at} ${kind === "start_file" ? "file" : `${kind} ${rest}`}`];
  });
}

const unitOf = (sections: DwarfSections): Unit => [...openDebugInformation(sections).units()][0]!;

describe("macros of a unit", () => {
  for (const file of FILES) {
    it(`are those that llvm-dwarfdump lists: ${file}`, function () {
      if (!hasDwarfdump) this.skip();
      const path = join(fixtures, file);
      assert.ok(existsSync(path));
      const module = WasmModule.open(new MemorySource(file, readFileSync(path)));
      const { macros } = unitOf(dwarfSectionsOf(module));
      const wanted = dumped(path);
      assert.ok(wanted.length > 40);
      assert.deepEqual(lines(macros!), wanted);
      // Up to DWARF 4 a split unit's files are its skeleton's, which is in the module.
      if (file === "split-dwarf4/macros.dwo") return;
      const includes = macros!.directives.flatMap((one) => (one.kind === "include" ? [one.file] : []));
      assert.deepEqual(
        includes.map((one) => one.file?.path),
        ["/build/macros.c"],
      );
    });
  }

  /** The macros of a unit whose root names offset 0 of the section that `write` fills. */
  const assembled = (write: (dwarf: DwarfAssembler) => void, at: number = DW_AT.macros): Unit =>
    assemble([[{ attributes: [sectionOffset(at, 0)] }, []]], write).units[0]!;
  const text = (section: SectionAssembler, kind: number, line: number, written: string): void => {
    section.u8(kind).uleb(line).cstring(written);
  };

  it("are read through imports, texts by offset, and entries that the list describes itself", () => {
    const unit = assembled((dwarf) => {
      dwarf.section(".debug_str").cstring("NAMED 1").cstring("GONE");
      const macro = dwarf.section(".debug_macro");
      // A list of its own kind of entries: 0xe0 has a byte and a text.
      macro.u16(5).u8(4).u8(1).u8(0xe0).uleb(2).u8(DW_FORM.data1).u8(DW_FORM.string);
      macro.u8(0xe0).u8(7).cstring("whatever");
      macro.u8(DW_MACRO.define_strp).uleb(3).u32(0);
      macro.u8(DW_MACRO.import).offset("shared");
      macro.u8(DW_MACRO.undef_strp).uleb(9).u32(8).u8(0);
      macro.label("shared").u16(4).u8(1);
      text(macro, DW_MACRO.define, 4, "SHARED(a) a");
      macro.u8(0);
    });
    assert.deepEqual(lines(unit.macros!), ["3 define NAMED 1", "4 define SHARED(a) a", "9 undef GONE"]);
  });

  it("skip what a vendor adds to .debug_macinfo", () => {
    const unit = assembled((dwarf) => {
      const macro = dwarf.section(".debug_macinfo");
      macro.u8(DW_MACINFO.vendor_ext).uleb(1).cstring("own");
      text(macro, DW_MACRO.define, 2, "A 1");
      macro.u8(0);
    }, DW_AT.macro_info);
    assert.deepEqual(lines(unit.macros!), ["2 define A 1"]);
  });

  it("are none where the list is damaged, which is said", () => {
    const faults: readonly (readonly [string, (macro: SectionAssembler) => void])[] = [
      ["Version 7", (macro) => macro.u16(7)],
      ["DW_MACRO 0x40", (macro) => macro.u16(5).u8(0).u8(0x40)],
      ["bytes, 0 are left", (macro) => macro.u16(5).u8(0).u8(DW_MACRO.define)],
      ["has not begun", (macro) => macro.u16(5).u8(0).u8(DW_MACRO.end_file).u8(0)],
      ["has no end", (macro) => macro.u16(5).u8(0).u8(DW_MACRO.start_file).uleb(0, 0).u8(0)],
      ["import each other", (macro) => macro.u16(5).u8(0).u8(DW_MACRO.import).u32(0).u8(0)],
      ["supplementary file", (macro) => macro.u16(5).u8(0).u8(DW_MACRO.define_sup).uleb(1).u32(0).u8(0)],
    ];
    for (const [wanted, write] of faults) {
      const unit = assembled((dwarf) => write(dwarf.section(".debug_macro")));
      assert.equal(unit.macros, undefined, wanted);
      const [problem] = unit.debug.problems;
      assert.ok(problem?.message.includes(wanted), `${wanted}: ${problem?.message}`);
      assert.equal(problem?.where.section, ".debug_macro");
    }
  });

  it("end soon, whatever the bytes", () => {
    const anything = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(anything, fc.constantFrom(DW_AT.macros, DW_AT.macro_info), (bytes, at) => {
        const unit = assembled((dwarf) => {
          const macro = dwarf.section(at === DW_AT.macros ? ".debug_macro" : ".debug_macinfo");
          if (at === DW_AT.macros) macro.u16(5).u8(0);
          macro.bytes(...bytes);
        }, at);
        assert.ok(unit.macros !== undefined || unit.debug.problems.length > 0);
      }),
      { numRuns: 1000 },
    );
  });
});

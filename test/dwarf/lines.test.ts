import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_FORM, DW_LNCT, DW_LNE, DW_LNS, DW_TAG } from "../../engine/dwarf/constants";
import { type DwarfDebugInformation, openDebugInformation } from "../../engine/dwarf/dwarf";
import type { LineTable } from "../../engine/dwarf/model";
import { composePath } from "../../engine/dwarf/paths";
import { DwarfAssembler, type SectionAssembler } from "../support/assembler";

interface Header {
  readonly version?: 2 | 3 | 4 | 5;
  readonly offsetSize?: 4 | 8;
  readonly minimumInstructionLength?: number;
  readonly maximumOperations?: number;
  readonly lineRange?: number;
  /** Operand counts of the standard opcodes; the opcode base is one more than there are. */
  readonly operandCounts?: readonly number[];
  /** Directories and files, as the version encodes them. */
  readonly tables?: (line: SectionAssembler) => void;
}

const STANDARD = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
const LINE_BASE = -3;

function oldTables(line: SectionAssembler): void {
  line.cstring("include").cstring("/usr/include").u8(0);
  line
    .cstring("main.c")
    .uleb(0, 0, 0)
    .cstring("util.h")
    .uleb(1, 123456, 1000)
    .cstring("stdio.h")
    .uleb(2, 0, 0)
    .u8(0);
}

function newTables(line: SectionAssembler): void {
  line.u8(1).uleb(DW_LNCT.path, DW_FORM.string);
  line.uleb(3).cstring("/src").cstring("include").cstring("/usr/include");
  line.u8(2).uleb(DW_LNCT.path, DW_FORM.string, DW_LNCT.directory_index, DW_FORM.udata);
  line.uleb(3).cstring("main.c").uleb(0).cstring("util.h").uleb(1).cstring("stdio.h").uleb(2);
}

/** Opens a unit of /src/main.c with the line table that `program` writes. */
function open(header: Header, program: (line: SectionAssembler) => void): DwarfDebugInformation {
  const { version = 4, offsetSize = 4, operandCounts = STANDARD } = header;
  const dwarf = new DwarfAssembler();
  dwarf.abbreviations([
    1,
    DW_TAG.compile_unit,
    "no",
    [DW_AT.name, DW_FORM.string, DW_AT.comp_dir, DW_FORM.string, DW_AT.stmt_list, DW_FORM.data4],
  ]);
  dwarf.unit({ version: version === 5 ? 3 : version === 4 ? 3 : version }, (info) =>
    info.uleb(1).cstring("main.c").cstring("/src").offset("table"),
  );
  const line = dwarf.section(".debug_line").u8(0xee).label("table");
  line.initialLength("table end", offsetSize).u16(version);
  if (version >= 5) line.u8(4).u8(0);
  line.difference("tables", "program", offsetSize).label("tables");
  line.u8(header.minimumInstructionLength ?? 1);
  if (version >= 4) line.u8(header.maximumOperations ?? 1);
  line
    .u8(1)
    .u8(LINE_BASE)
    .u8(header.lineRange ?? 12);
  line.u8(operandCounts.length + 1).bytes(...operandCounts);
  (header.tables ?? (version >= 5 ? newTables : oldTables))(line);
  line.label("program");
  program(line);
  line.label("table end");
  return openDebugInformation(dwarf.sections());
}

function tableOf(info: DwarfDebugInformation): LineTable {
  const [unit] = info.units();
  assert.ok(unit?.lines, info.problems.join("\n"));
  return unit.lines;
}

function rowsOf(info: DwarfDebugInformation): string[] {
  return tableOf(info)
    .rowsIn({ low: codeOffset(0), high: codeOffset(2 ** 32) })
    .map(
      (row) =>
        `${row.address.toString(16)} ${row.file?.path.split("/").at(-1)}:${row.line}:${row.column}${row.isStatement ? "" : " -"}`,
    );
}

const setAddress = (line: SectionAssembler, address: number): SectionAssembler =>
  line.u8(0).uleb(5).u8(DW_LNE.set_address).u32(address);
const endSequence = (line: SectionAssembler): SectionAssembler => line.u8(0).uleb(1).u8(DW_LNE.end_sequence);
/** The special opcode that advances so, with the standard opcode base and line range. */
const special = (address: number, line: number): number => line - LINE_BASE + 12 * address + 13;

describe("Line programs", () => {
  it("run every standard, extended and special opcode", () => {
    const info = open({}, (line) => {
      setAddress(line, 0x100).u8(DW_LNS.copy);
      line.u8(DW_LNS.advance_pc).uleb(0x10).u8(DW_LNS.advance_line).sleb(99).u8(DW_LNS.copy);
      line.u8(DW_LNS.set_file).uleb(2).u8(DW_LNS.set_column).uleb(7).u8(DW_LNS.negate_stmt).u8(special(2, 3));
      line.u8(DW_LNS.const_add_pc).u8(DW_LNS.set_basic_block).u8(DW_LNS.set_prologue_end);
      line.u8(DW_LNS.set_epilogue_begin).u8(DW_LNS.set_isa).uleb(300).u8(special(0, -3));
      line.u8(DW_LNS.fixed_advance_pc).u16(0x1000).u8(DW_LNS.negate_stmt).u8(DW_LNS.copy);
      line.u8(0).uleb(2).u8(DW_LNE.set_discriminator).uleb(5).u8(special(1, 1));
      line.u8(0).uleb(4).u8(0x93).bytes(1, 2, 3).u8(DW_LNS.advance_pc).uleb(1);
      endSequence(line);
    });
    assert.deepEqual(rowsOf(info), [
      "100 main.c:1:0",
      "110 main.c:100:0",
      "112 util.h:103:7 -",
      "126 util.h:100:7 -",
      "1126 util.h:100:7",
      "1127 util.h:101:7",
    ]);
    assert.deepEqual(info.problems, []);
  });

  it("skip standard opcodes that a later version added, by their operand counts", () => {
    const info = open({ operandCounts: [...STANDARD, 2] }, (line) => {
      setAddress(line, 0x100).u8(13).uleb(1000, 2000).u8(DW_LNS.copy).u8(DW_LNS.advance_pc).uleb(1);
      endSequence(line);
    });
    assert.deepEqual(rowsOf(info), ["100 main.c:1:0"]);
  });

  it("take opcodes from a smaller opcode base on as special ones", () => {
    const info = open({ operandCounts: STANDARD.slice(0, 9) }, (line) => {
      setAddress(line, 0x100).u8(10 + 12 * 2 + 5);
      line.u8(DW_LNS.advance_pc).uleb(1);
      endSequence(line);
    });
    assert.deepEqual(rowsOf(info), ["102 main.c:3:0"]);
  });

  it("multiply by the minimum instruction length, and divide among VLIW operations", () => {
    const info = open({ minimumInstructionLength: 4, maximumOperations: 3 }, (line) => {
      setAddress(line, 0x100)
        .u8(special(2, 0))
        .u8(special(2, 0))
        .u8(DW_LNS.advance_pc)
        .uleb(5)
        .u8(DW_LNS.copy);
      line.u8(DW_LNS.fixed_advance_pc).u16(1).u8(special(1, 0)).u8(DW_LNS.advance_pc).uleb(3);
      endSequence(line);
    });
    assert.deepEqual(
      rowsOf(info).map((row) => row.split(" ")[0]),
      ["100", "104", "10c", "10d"],
    );
  });

  for (const version of [2, 3, 4, 5] as const) {
    for (const offsetSize of [4, 8] as const) {
      it(`of version ${version} in ${8 * offsetSize}-bit DWARF number files and compose paths`, () => {
        const info = open({ version, offsetSize }, (line) => {
          setAddress(line, 0x100);
          if (version === 5) line.u8(DW_LNS.set_file).uleb(0);
          line.u8(DW_LNS.copy).u8(DW_LNS.advance_pc).uleb(1);
          endSequence(line);
        });
        const lines = tableOf(info);
        const paths = ["/src/main.c", "/src/include/util.h", "/usr/include/stdio.h"];
        assert.deepEqual(
          lines.files.map((file) => file.path),
          paths,
        );
        const first = version === 5 ? 0 : 1;
        assert.deepEqual(
          [0, 1, 2, 3].map((n) => lines.file(n)?.path),
          first === 0 ? [...paths, undefined] : [undefined, ...paths],
        );
        assert.deepEqual(rowsOf(info), ["100 main.c:1:0"]);
      });
    }
  }

  it("of version 5 describe their own tables, with checksums and embedded sources", () => {
    const info = open(
      {
        version: 5,
        tables: (line) => {
          line.u8(1).uleb(DW_LNCT.path, DW_FORM.string).uleb(1).cstring("/src");
          line
            .u8(6)
            .uleb(
              DW_LNCT.timestamp,
              DW_FORM.block,
              DW_LNCT.MD5,
              DW_FORM.data16,
              DW_LNCT.path,
              DW_FORM.string,
            );
          line.uleb(
            DW_LNCT.directory_index,
            DW_FORM.data1,
            DW_LNCT.LLVM_source,
            DW_FORM.string,
            0x3001,
            DW_FORM.udata,
          );
          line.uleb(2);
          line
            .block(1, 2)
            .u64(0x0706050403020100n)
            .u64(0x0f0e0d0c0b0a0908n)
            .cstring("a.c")
            .u8(0)
            .cstring("int a;")
            .uleb(9);
          line.block().u64(0n).u64(0n).cstring("b.c").u8(0).cstring("").uleb(9);
        },
      },
      () => {},
    );
    assert.deepEqual(tableOf(info).files, [
      { path: "/src/a.c", md5: "000102030405060708090a0b0c0d0e0f", source: "int a;" },
      { path: "/src/b.c", md5: "00000000000000000000000000000000", source: undefined },
    ]);
  });

  it("may add files while they run, up to DWARF 4", () => {
    const info = open({}, (line) => {
      line.u8(0).uleb(10).u8(DW_LNE.define_file).cstring("new.c").uleb(1, 0, 0).u8(DW_LNS.set_file).uleb(4);
      setAddress(line, 0x100).u8(DW_LNS.copy).u8(DW_LNS.advance_pc).uleb(1);
      endSequence(line);
    });
    assert.deepEqual(rowsOf(info), ["100 new.c:1:0"]);
    assert.equal(tableOf(info).file(4)?.path, "/src/include/new.c");
  });

  it("leave out sequences of discarded code, and sort the others", () => {
    const info = open({}, (line) => {
      for (const start of [0x300, 0, 0xffffffff, 0xfffffffe, 0x100]) {
        setAddress(line, start)
          .u8(DW_LNS.advance_line)
          .sleb(start & 0xff)
          .u8(special(0, 0))
          .u8(special(4, 1));
        line.u8(DW_LNS.advance_pc).uleb(4);
        endSequence(line);
      }
    });
    assert.deepEqual(rowsOf(info), ["100 main.c:1:0", "104 main.c:2:0", "300 main.c:1:0", "304 main.c:2:0"]);
  });

  it("leave out a sequence whose addresses do not ascend, and say so", () => {
    const info = open({}, (line) => {
      setAddress(line, 0x200).u8(DW_LNS.copy);
      setAddress(line, 0x100).u8(DW_LNS.copy).u8(DW_LNS.advance_pc).uleb(0x400);
      endSequence(line);
      setAddress(line, 0x900).u8(DW_LNS.copy).u8(DW_LNS.advance_pc).uleb(1);
      endSequence(line);
    });
    assert.deepEqual(rowsOf(info), ["900 main.c:1:0"]);
    assert.match(info.problems.join(), /do not ascend/);
  });

  it("leave out a sequence whose numbers no row can hold, and keep a line's and a column's full width", () => {
    const info = open({}, (line) => {
      setAddress(line, 0x100).u8(DW_LNS.advance_line).sleb(-2).u8(DW_LNS.copy).u8(DW_LNS.advance_pc).uleb(8);
      endSequence(line);
      setAddress(line, 0x200)
        .u8(DW_LNS.copy)
        .u8(DW_LNS.advance_pc)
        .uleb(2 ** 40)
        .u8(DW_LNS.copy);
      endSequence(line);
      setAddress(line, 0x300).u8(DW_LNS.advance_line).sleb(3_000_000_000).u8(DW_LNS.set_column).uleb(100_000);
      line.u8(DW_LNS.copy).u8(DW_LNS.advance_pc).uleb(8);
      endSequence(line);
    });
    assert.deepEqual(rowsOf(info), ["300 main.c:3000000001:100000"]);
    assert.equal(info.problems.length, 2);
  });

  it("that break off keep the sequences before the fault", () => {
    const info = open({}, (line) => {
      setAddress(line, 0x100).u8(DW_LNS.copy).u8(DW_LNS.advance_pc).uleb(8);
      endSequence(line);
      setAddress(line, 0x200).u8(DW_LNS.copy).u8(0).uleb(5).u8(DW_LNE.set_address).u8(1);
    });
    assert.deepEqual(rowsOf(info), ["100 main.c:1:0"]);
    assert.match(info.problems.join(), /\.debug_line at offset/);
  });

  it("with a line range of 0, or a header that lies, are reported and leave the unit without lines", () => {
    const zero = open({ lineRange: 0 }, (line) => line.u8(200));
    assert.deepEqual(rowsOf(zero), []);
    assert.match(zero.problems.join(), /line range/);
    const lying = open(
      { version: 5, tables: (line) => line.u8(0).uleb(0).u8(0).uleb(1_000_000_000) },
      () => {},
    );
    assert.equal([...lying.units()][0]!.lines, undefined);
    assert.match(lying.problems.join(), /1000000000 entries cannot fit/);
  });
});

describe("A line lookup", () => {
  const info = open({}, (line) => {
    setAddress(line, 0x100).u8(DW_LNS.copy).u8(special(4, 1)).u8(special(0, 1)).u8(special(4, 1));
    line.u8(DW_LNS.advance_pc).uleb(8);
    endSequence(line);
    setAddress(line, 0x200).u8(DW_LNS.copy).u8(DW_LNS.advance_pc).uleb(8);
    endSequence(line);
  });
  const lineAt = (pc: number) => tableOf(info).rowAt(codeOffset(pc))?.line;

  it("gives the last row at or before the pc", () => {
    assert.deepEqual([0x100, 0x103, 0x104, 0x107, 0x108, 0x10f].map(lineAt), [1, 1, 3, 3, 4, 4]);
  });

  it("gives nothing between sequences and outside of them", () => {
    assert.deepEqual([0, 0xff, 0x110, 0x1ff, 0x208, 0xffffffff].map(lineAt), Array(6).fill(undefined));
  });

  it("lists the rows of a range of code, with the one that covers its start", () => {
    const rows = tableOf(info).rowsIn({ low: codeOffset(0x106), high: codeOffset(0x204) });
    assert.deepEqual(
      rows.map((row) => row.address),
      [0x104, 0x108, 0x200],
    );
    assert.deepEqual(tableOf(info).rowsIn({ low: codeOffset(0x110), high: codeOffset(0x200) }), []);
  });

  it("runs the program once, and not for the files' sake", () => {
    const fresh = open({}, (line) => endSequence(line));
    assert.equal(tableOf(fresh).file(1)?.path, "/src/main.c");
    assert.equal(fresh.counters.linePrograms, 0);
    tableOf(fresh).rowAt(codeOffset(1));
    tableOf(fresh).rowAt(codeOffset(2));
    assert.equal(fresh.counters.linePrograms, 1);
  });
});

describe("Source paths", () => {
  for (const [compilation, directory, name, path] of [
    ["/src", undefined, "a.c", "/src/a.c"],
    ["/src", "lib", "a.c", "/src/lib/a.c"],
    ["/src", "/lib", "a.c", "/lib/a.c"],
    ["/src", "lib", "/abs/a.c", "/abs/a.c"],
    ["/src/", "lib/", "a.c", "/src/lib/a.c"],
    [undefined, "lib", "a.c", "lib/a.c"],
    ["", "", "a.c", "a.c"],
    ["C:\\src", "lib", "a.c", "C:\\src\\lib\\a.c"],
    ["C:\\src", "D:\\lib", "a.c", "D:\\lib\\a.c"],
    ["C:/src", "lib", "a.c", "C:/src/lib/a.c"],
    ["\\\\server\\share", "lib", "a.c", "\\\\server\\share\\lib\\a.c"],
    ["C:\\src", "..\\lib", "C:\\a.c", "C:\\a.c"],
  ] as const) {
    it(`${compilation} + ${directory} + ${name} = ${path}`, () => {
      assert.equal(composePath(compilation, directory, name), path);
    });
  }
});

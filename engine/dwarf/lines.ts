/**
 * Line tables (DWARF 5 §6.2): files by number, and the row of the line number matrix for a pc.
 *
 * The header is read when files are asked for, the program run when rows are.
 */
import { type FormatError, once } from "../bytes/errors";
import { type CodeOffset, codeOffset } from "../bytes/offsets";
import type { ByteSource } from "../bytes/source";
import type { FormContext } from "./attribute-values";
import { type LineHeader, readLineHeader } from "./line-header";
import type { LineRows } from "./line-rows";
import { LineSequences } from "./line-sequences";
import type { CodeRange, DwarfCounters, LineRow, LineTable, SourceFile } from "./model";
import { composePath } from "./paths";
import { readGrowing } from "./sections";

/** Whom a line table tells of its cost and of faults. */
export interface LineTableOwner {
  readonly counters: DwarfCounters;
  report(problem: FormatError): void;
}

/**
 * Opens the line table at `offset` of .debug_line; its header is read now.
 *
 * @param unit the unit that names it, for its directory and its string tables
 */
export function openLineTable(
  source: ByteSource,
  offset: number,
  unit: { readonly formContext: FormContext; readonly compilationDirectory: string | undefined },
  owner: LineTableOwner,
): LineTable {
  const header = readGrowing(
    source,
    offset,
    (reader) => readLineHeader(reader, source.size, unit.formContext),
    1024,
  );
  return new DwarfLineTable(source, header, unit.compilationDirectory, owner);
}

class DwarfLineTable implements LineTable {
  private readonly composed: (SourceFile | undefined)[] = [];

  constructor(
    private readonly source: ByteSource,
    private readonly header: LineHeader,
    private readonly directory: string | undefined,
    private readonly owner: LineTableOwner,
  ) {}

  /** Files that the header lists and those that the program adds (DW_LNE_define_file, up to DWARF 4). */
  get files(): readonly SourceFile[] {
    const first = this.header.firstFile;
    return this.header.files.map((_, index) => this.file(first + index)!);
  }

  file(number: number): SourceFile | undefined {
    const { header } = this;
    const index = number - header.firstFile;
    const known = this.composed[index];
    if (known !== undefined) return known;
    const entry = header.files[index];
    if (entry === undefined) return undefined;
    const path = composePath(this.directory, header.directories[entry.directory], entry.name);
    const file = { path, md5: entry.md5, source: entry.source };
    this.composed[index] = file;
    return file;
  }

  private readonly sequences = once((): LineSequences => {
    const sequences = new LineSequences(this.source, this.header, (problem) => this.owner.report(problem));
    this.owner.counters.linePrograms++;
    return sequences;
  });

  rowAt(pc: CodeOffset): LineRow | undefined {
    const rows = this.sequences().covering(pc);
    return rows && this.row(rows, rows.lastBy(pc));
  }

  rowsIn(range: CodeRange): readonly LineRow[] {
    const found: LineRow[] = [];
    for (const rows of this.sequences().within(range.low, range.high)) {
      for (let row = Math.max(0, rows.lastBy(range.low)); row < rows.length; row++) {
        if (rows.address(row) >= range.high) break;
        found.push(this.row(rows, row));
      }
    }
    return found;
  }

  private row(rows: LineRows, index: number): LineRow {
    return {
      address: codeOffset(rows.address(index)),
      file: this.file(rows.file(index)),
      line: rows.line(index),
      column: rows.column(index),
      isStatement: rows.isStatement(index),
    };
  }
}

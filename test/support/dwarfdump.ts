/**
 * What llvm-dwarfdump prints of a module, parsed: the oracle that the DWARF reader is compared with.
 */
import { spawnSync } from "node:child_process";

export const DWARFDUMP = "llvm-dwarfdump-22";

/** Whether the oracle is installed here. */
export const hasDwarfdump = spawnSync(DWARFDUMP, ["--version"]).status === 0;

export interface DumpedAttribute {
  /** `DW_AT_name`. */
  readonly name: string;
  /** The first line's text inside of the parentheses, e.g. `0x0000004c "int"`. */
  readonly value: string;
  /** Further lines: what a list has for a range of code. */
  readonly ranges: readonly { readonly low: number; readonly high: number; readonly text: string }[];
}

export interface DumpedEntry {
  readonly section: string;
  readonly offset: number;
  readonly depth: number;
  /** `DW_TAG_subprogram`. */
  readonly tag: string;
  readonly attributes: DumpedAttribute[];
}

export interface DumpedLineRow {
  readonly address: number;
  readonly line: number;
  readonly column: number;
  readonly file: number;
  readonly isStatement: boolean;
  readonly endSequence: boolean;
}

export interface DumpedLineTable {
  readonly offset: number;
  version: number;
  readonly fileNames: string[];
  readonly rows: DumpedLineRow[];
}

function dump(file: string, ...options: string[]): string[] {
  const result = spawnSync(DWARFDUMP, [...options, file], { maxBuffer: 2 ** 30, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${DWARFDUMP} failed on ${file}: ${result.stderr}`);
  return result.stdout.split("\n");
}

/** All entries of .debug_info and .debug_types, in the order of the bytes. */
export const dumpEntries = (file: string): DumpedEntry[] =>
  parseEntries(dump(file, "--debug-info", "--debug-types"));

/**
 * The entries with one of these names or linkage names, each followed by what is inside of it, which is deeper. One
 * that is inside of another comes twice. The sections' names are not told.
 */
export const dumpNamed = (file: string, names: readonly string[]): DumpedEntry[] =>
  names.length === 0
    ? []
    : parseEntries(dump(file, "--show-children", ...names.map((name) => `--name=${name}`)));

function parseEntries(lines: readonly string[]): DumpedEntry[] {
  const entries: DumpedEntry[] = [];
  let section = "";
  let attributes: DumpedAttribute[] = [];
  let ranges: { low: number; high: number; text: string }[] = [];
  for (const line of lines) {
    let match = /^(\.debug_\w+) contents:/.exec(line);
    if (match !== null) {
      section = match[1]!;
      continue;
    }
    match = /^0x([0-9a-f]+):( *)(DW_TAG_\w+)/.exec(line);
    if (match !== null) {
      attributes = [];
      entries.push({
        section,
        offset: Number.parseInt(match[1]!, 16),
        depth: (match[2]!.length - 1) / 2,
        tag: match[3]!,
        attributes,
      });
      continue;
    }
    match = /^ +(DW_AT_\w+)\t\((.*?)\)?$/.exec(line);
    if (match !== null) {
      ranges = [];
      attributes.push({ name: match[1]!, value: match[2]!, ranges });
      continue;
    }
    match = /^ +\[0x([0-9a-f]+), 0x([0-9a-f]+)\)(?:: )?(.*?)\)?$/.exec(line);
    if (match !== null) {
      const [, low, high, text] = match;
      ranges.push({ low: Number.parseInt(low!, 16), high: Number.parseInt(high!, 16), text: text! });
    }
  }
  return entries;
}

/** All line tables, by their offset in .debug_line. */
export function dumpLines(file: string): Map<number, DumpedLineTable> {
  const tables = new Map<number, DumpedLineTable>();
  let table: DumpedLineTable = { offset: -1, version: 0, fileNames: [], rows: [] };
  for (const line of dump(file, "--debug-line")) {
    let match = /^debug_line\[0x([0-9a-f]+)\]/.exec(line);
    if (match !== null) {
      table = { offset: Number.parseInt(match[1]!, 16), version: 0, fileNames: [], rows: [] };
      tables.set(table.offset, table);
      continue;
    }
    match = /^ +version: (\d+)/.exec(line);
    if (match !== null) table.version = Number(match[1]);
    match = /^ +name: "(.*)"$/.exec(line);
    if (match !== null) table.fileNames.push(unescapeText(match[1]!));
    match = /^0x([0-9a-f]+) +(\d+) +(\d+) +(\d+) +\d+ +\d+ +\d+ *(.*)$/.exec(line);
    if (match === null) continue;
    const [, address, row, column, number, flags] = match;
    table.rows.push({
      address: Number.parseInt(address!, 16),
      line: Number(row),
      column: Number(column),
      file: Number(number),
      isStatement: flags!.includes("is_stmt"),
      endSequence: flags!.includes("end_sequence"),
    });
  }
  return tables;
}

/** Text as the dump escapes it: backslash, quote, tab, newline, and other bytes in octal. */
export function unescapeText(escaped: string): string {
  const bytes: number[] = [];
  for (const [piece] of escaped.matchAll(/\\[0-7]{3}|\\.|[^\\]/gsu)) {
    if (/^\\[0-7]{3}$/.test(piece)) bytes.push(Number.parseInt(piece.slice(1), 8));
    else if (piece === "\\n") bytes.push(10);
    else if (piece === "\\t") bytes.push(9);
    else bytes.push(...new TextEncoder().encode(piece.startsWith("\\") ? piece.slice(1) : piece));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

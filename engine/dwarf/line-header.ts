/**
 * The header of a line number program, versions 2 to 5 (DWARF 5 §6.2.4): how to run it, and its directories
 * and files.
 */
import type { ByteReader } from "../bytes/reader";
import { type FormContext, readValue } from "./attribute-values";
import { DW_FORM, DW_LNCT } from "./constants";
import { readInitialLength } from "./encoding";

export interface LineFile {
  readonly name: string;
  /** Index into `LineHeader.directories`. */
  readonly directory: number;
  /** Lower-case hex. */
  readonly md5: string | undefined;
  readonly source: string | undefined;
}

export interface LineHeader {
  readonly version: number;
  /** Bytes of an address; known from the table itself since DWARF 5. */
  readonly addressSize: number;
  readonly minimumInstructionLength: number;
  /** More than 1 on VLIW machines only. */
  readonly maximumOperations: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Operands of each standard opcode; index 0 is unused. */
  readonly operandCounts: Uint8Array;
  /** By the number that files use: 0 is the compilation directory, undefined here before DWARF 5. */
  readonly directories: readonly (string | undefined)[];
  /** The first has the number `firstFile`; a program may add some (DW_LNE_define_file). */
  readonly files: LineFile[];
  /** 1, or 0 since DWARF 5. */
  readonly firstFile: number;
  /** Where the program starts and ends, in the section. */
  readonly programStart: number;
  readonly end: number;
}

/**
 * Reads the header at the reader's position.
 *
 * @param sectionEnd where the section ends, which may be past the reader's end
 * @param unit the unit that names this table
 */
export function readLineHeader(reader: ByteReader, sectionEnd: number, unit: FormContext): LineHeader {
  const start = reader.position;
  const { length, offsetSize } = readInitialLength(reader);
  const end = reader.position + length;
  if (end > sectionEnd)
    reader.fail(`The line table claims ${length} bytes, more than there are`, undefined, start);
  const version = reader.u16();
  if (version < 2 || version > 5)
    reader.fail(`Line table version ${version} is not supported`, undefined, start);
  let addressSize = unit.encoding.addressSize;
  if (version >= 5) {
    addressSize = reader.u8();
    reader.u8(); // segment selector size
  }
  const headerLength = reader.unsigned(offsetSize);
  const programStart = reader.position + headerLength;
  if (programStart > end)
    reader.fail(`The header of the line table claims ${headerLength} bytes, more than the table has`);
  const minimumInstructionLength = reader.u8();
  const maximumOperations = version >= 4 ? reader.u8() : 1;
  const defaultIsStatement = reader.u8() !== 0;
  const lineBase = reader.i8();
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  if (opcodeBase === 0) reader.fail("The first special opcode of the line table is 0");
  const operandCounts = new Uint8Array(opcodeBase);
  operandCounts.set(reader.take(opcodeBase - 1), 1);
  const context = inLineTable(unit, version, addressSize, offsetSize);
  const tables = version >= 5 ? readEntryTables(reader, context) : readOldTables(reader);
  return {
    version,
    addressSize,
    minimumInstructionLength,
    maximumOperations,
    defaultIsStatement,
    lineBase,
    lineRange,
    opcodeBase,
    operandCounts,
    ...tables,
    firstFile: version >= 5 ? 0 : 1,
    programStart,
    end,
  };
}

/** The unit's tables, with the line table's own version and widths. */
function inLineTable(
  unit: FormContext,
  version: number,
  addressSize: number,
  offsetSize: number,
): FormContext {
  return {
    encoding: { version, addressSize, offsetSize },
    origin: unit.origin,
    string: (offset) => unit.string(offset),
    lineString: (offset) => unit.lineString(offset),
    supplementaryString: (offset) => unit.supplementaryString(offset),
    indexedString: (index) => unit.indexedString(index),
    indexedAddress: (index) => unit.indexedAddress(index),
    rangeListOffset: (index) => unit.rangeListOffset(index),
    locationListOffset: (index) => unit.locationListOffset(index),
  };
}

interface Tables {
  readonly directories: readonly (string | undefined)[];
  readonly files: LineFile[];
}

/** Versions 2 to 4: lists that end in an empty name. */
function readOldTables(reader: ByteReader): Tables {
  const directories: (string | undefined)[] = [undefined];
  for (let name = reader.cstring(); name !== ""; name = reader.cstring()) directories.push(name);
  const files: LineFile[] = [];
  for (let name = reader.cstring(); name !== ""; name = reader.cstring())
    files.push(readOldFile(reader, name));
  return { directories, files };
}

/** What follows a file's name in versions 2 to 4: directory, time and size. */
export function readOldFile(reader: ByteReader, name: string): LineFile {
  const directory = reader.uleb();
  reader.skipLeb();
  reader.skipLeb();
  return { name, directory, md5: undefined, source: undefined };
}

/** Version 5: tables that describe their own fields. */
function readEntryTables(reader: ByteReader, context: FormContext): Tables {
  const directories = readEntries(reader, context).map((entry) => entry.name);
  return { directories, files: readEntries(reader, context) };
}

function readEntries(reader: ByteReader, context: FormContext): LineFile[] {
  const fields: { content: number; form: number }[] = [];
  for (let count = reader.u8(); count > 0; count--)
    fields.push({ content: reader.uleb(), form: reader.uleb() });
  const count = reader.uleb();
  // An entry takes a byte at least: what claims more entries than bytes would otherwise never end.
  if (count > reader.remaining) reader.fail(`${count} entries cannot fit into what is left`);
  const entries: LineFile[] = [];
  for (let i = 0; i < count; i++) {
    let name = "";
    let directory = 0;
    let md5: string | undefined;
    let source: string | undefined;
    for (const { content, form } of fields) {
      const value = readValue(reader, form, context);
      if (value === undefined) continue;
      switch (content) {
        case DW_LNCT.path:
          if (value.kind === "string") name = value.value;
          break;
        case DW_LNCT.directory_index:
          if (value.kind === "constant") directory = Number(value.value);
          break;
        case DW_LNCT.MD5:
          if (form === DW_FORM.data16 && value.kind === "constant") md5 = md5Hex(value.value);
          break;
        case DW_LNCT.LLVM_source:
          // An empty text stands for "no source embedded" where other files have theirs.
          if (value.kind === "string" && value.value !== "") source = value.value;
          break;
      }
    }
    entries.push({ name, directory, md5, source });
  }
  return entries;
}

/** The digest's bytes in their order; the constant was read as a little-endian number. */
function md5Hex(value: bigint): string {
  const hex = value.toString(16).padStart(32, "0");
  return (hex.match(/../g) ?? []).reverse().join("");
}

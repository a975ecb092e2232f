/**
 * Macros as compilers record them: .debug_macro of DWARF 5 (§6.3) and of GNU's version 4, and .debug_macinfo of DWARF 2
 * to 4 (DWARF 4 §6.3). All are lists of what the preprocessor met, in the order in which it met it; files that it
 * included stand between a start and an end. A list may import others, which units share.
 */
import { FormatError } from "../bytes/errors";
import type { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import { type FormContext, readValue } from "./attribute-values";
import { DW_AT, DW_MACINFO, DW_MACRO, macroEntryName } from "./constants";
import type { DwarfEntry } from "./entries";
import type { LineTable, MacroDirective, MacroFile } from "./model";
import { readGrowing } from "./sections";

/** What is asked of the unit whose macros they are. */
export interface MacroUnit {
  readonly root: DwarfEntry;
  readonly formContext: FormContext;
  readonly lines: LineTable | undefined;
  lineTableAt(offset: number): LineTable | undefined;
  /** The unit's part of a section; a FormatError when there is none. */
  section(name: string): ByteSource;
}

/** Files inside of files, and lists that lists import. */
const DEPTH_LIMIT = 200;
/** Entries of a unit, those of imported lists each time: imports of imports could stand for more than memory has. */
const MOST_ENTRIES = 2 ** 20;
/** Bytes of a list that are read at first. */
const WINDOW = 16 * 1024;

/** An entry as it lies in a list, before it is known what it is inside of. */
type MacroEntry =
  | Exclude<MacroDirective, { kind: "include" }>
  | { readonly kind: "start"; readonly line: number; readonly file: MacroFile["file"] }
  | { readonly kind: "end" }
  | { readonly kind: "import"; readonly offset: number };

/**
 * The unit's macros; undefined where its root names none.
 * @throws FormatError where a list is malformed: what comes behind could undo what came before
 */
export function readMacros(unit: MacroUnit): MacroFile | undefined {
  const { root } = unit;
  const offset = root.sectionOffset(DW_AT.macros) ?? root.sectionOffset(DW_AT.GNU_macros);
  if (offset !== undefined) {
    const source = unit.section(".debug_macro");
    return nested(source.name, offset, (at) =>
      readGrowing(source, at, (list) => readList(list, unit), WINDOW),
    );
  }
  const older = root.sectionOffset(DW_AT.macro_info);
  if (older === undefined) return undefined;
  const source = unit.section(".debug_macinfo");
  return nested(source.name, older, (at) =>
    readGrowing(source, at, (list) => readMacinfo(list, unit), WINDOW),
  );
}

/** The files inside of each other that a list's entries, and those of the lists that it imports, start and end. */
function nested(section: string, start: number, read: (offset: number) => readonly MacroEntry[]): MacroFile {
  const lists = new Map<number, readonly MacroEntry[]>();
  const open: { file: MacroFile["file"]; directives: MacroDirective[] }[] = [
    { file: undefined, directives: [] },
  ];
  let count = 0;
  const add = (offset: number, depth: number): void => {
    const fail = (what: string): never => {
      throw new FormatError(what, { section, offset });
    };
    if (depth > DEPTH_LIMIT) fail("Lists of macros import each other too deeply");
    const list = lists.get(offset) ?? read(offset);
    lists.set(offset, list);
    for (const entry of list) {
      if (++count > MOST_ENTRIES) fail("The unit has too many macros");
      if (entry.kind === "import") add(entry.offset, depth + 1);
      else if (entry.kind === "end") {
        if (open.length === 1) fail("A file of macros ends that has not begun");
        open.pop();
      } else if (entry.kind === "start") {
        if (open.length > DEPTH_LIMIT) fail("Files of macros are nested too deeply");
        const file = { file: entry.file, directives: [] };
        open.at(-1)!.directives.push({ kind: "include", line: entry.line, file });
        open.push(file);
      } else open.at(-1)!.directives.push(entry);
    }
  };
  add(start, 0);
  if (open.length > 1) throw new FormatError("A file of macros has no end", { section, offset: start });
  return open[0]!;
}

/** Operands of entries that a list describes itself (§6.3.1): their forms. */
type Described = ReadonlyMap<number, readonly number[]>;

/** What the header of a list says (§6.3.1). */
interface ListHeader {
  readonly context: FormContext;
  readonly offsetSize: number;
  readonly lines: LineTable | undefined;
  readonly described: Described;
}

function readList(reader: ByteReader, unit: MacroUnit): readonly MacroEntry[] {
  const header = readHeader(reader, unit);
  const entries: MacroEntry[] = [];
  for (let code = reader.u8(); code !== 0; code = reader.u8()) {
    const entry = readEntry(code, reader, header);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function readHeader(reader: ByteReader, unit: MacroUnit): ListHeader {
  const version = reader.u16();
  if (version !== 4 && version !== 5)
    reader.fail(`Version ${version} of .debug_macro is not supported`, undefined, reader.position - 2);
  const flags = reader.u8();
  const offsetSize = flags & 1 ? 8 : 4;
  const lineOffset = flags & 2 ? reader.unsigned(offsetSize) : undefined;
  const described = new Map<number, readonly number[]>();
  if (flags & 4) {
    for (let left = reader.u8(); left > 0; left--) {
      const entry = reader.u8();
      const count = reader.uleb();
      if (count > reader.remaining) reader.fail(`${count} operands cannot fit into what is left`);
      described.set(
        entry,
        Array.from({ length: count }, () => reader.u8()),
      );
    }
  }
  return {
    context: unit.formContext,
    offsetSize,
    lines: lineOffset === undefined ? unit.lines : unit.lineTableAt(lineOffset),
    described,
  };
}

/** What stands behind an entry's code; undefined for one that only its producer knows. */
function readEntry(code: number, reader: ByteReader, header: ListHeader): MacroEntry | undefined {
  const { context, offsetSize, lines, described } = header;
  const supplementary = (): string => {
    const offset = reader.unsigned(offsetSize);
    return context.supplementaryString(offset) ?? reader.fail("The supplementary file is not there");
  };
  switch (code) {
    case DW_MACRO.define:
    case DW_MACRO.undef:
      return textual(code === DW_MACRO.define, reader.uleb(), reader.cstring());
    case DW_MACRO.define_strp:
    case DW_MACRO.undef_strp:
      return textual(
        code === DW_MACRO.define_strp,
        reader.uleb(),
        context.string(reader.unsigned(offsetSize)),
      );
    case DW_MACRO.define_sup:
    case DW_MACRO.undef_sup:
      return textual(code === DW_MACRO.define_sup, reader.uleb(), supplementary());
    case DW_MACRO.define_strx:
    case DW_MACRO.undef_strx:
      return textual(code === DW_MACRO.define_strx, reader.uleb(), context.indexedString(reader.uleb()));
    case DW_MACRO.start_file:
      return started(reader.uleb(), reader.uleb(), lines);
    case DW_MACRO.end_file:
      return { kind: "end" };
    case DW_MACRO.import:
      return { kind: "import", offset: reader.unsigned(offsetSize) };
  }
  const forms = described.get(code);
  if (forms === undefined)
    return reader.fail(`The entry ${macroEntryName(code)} is not supported`, undefined, reader.position - 1);
  for (const form of forms) readValue(reader, form, context);
  return undefined;
}

const textual = (defines: boolean, line: number, text: string): MacroEntry =>
  defines ? { kind: "define", line, text } : { kind: "undefine", line, name: text };

const started = (line: number, file: number, lines: LineTable | undefined): MacroEntry => ({
  kind: "start",
  line,
  file: lines?.file(file),
});

function readMacinfo(reader: ByteReader, { lines }: MacroUnit): readonly MacroEntry[] {
  const entries: MacroEntry[] = [];
  for (let code = reader.u8(); code !== 0; code = reader.u8()) {
    switch (code) {
      case DW_MACRO.define:
      case DW_MACRO.undef:
        entries.push(textual(code === DW_MACRO.define, reader.uleb(), reader.cstring()));
        break;
      case DW_MACRO.start_file:
        entries.push(started(reader.uleb(), reader.uleb(), lines));
        break;
      case DW_MACRO.end_file:
        entries.push({ kind: "end" });
        break;
      case DW_MACINFO.vendor_ext:
        reader.uleb();
        reader.cstring();
        break;
      default:
        reader.fail(`${code} is no entry of .debug_macinfo`, undefined, reader.position - 1);
    }
  }
  return entries;
}

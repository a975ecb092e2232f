/**
 * A WebAssembly module on disk: its sections, its functions and where their code stands, its names, and
 * how to tell builds apart. Nothing is read before it is asked for.
 */
import { attempt, FormatError, once } from "../bytes/errors";
import {
  type CodeOffset,
  codeOffset,
  type FileOffset,
  type FunctionIndex,
  fileOffset,
  functionIndex,
} from "../bytes/offsets";
import { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import { BodyIndex } from "./bodies";
import type { Constant } from "./constant";
import { type DataSegment, readActiveData } from "./data-segments";
import {
  type ActiveElements,
  type Export,
  type Global,
  type Import,
  type Memory,
  readActiveElements,
  readExports,
  readFunctions,
  readGlobals,
  readImports,
  readMemories,
  readTables,
  readTags,
  type Table,
  type TableEntry,
  tableEntryOf,
} from "./declarations";
import { NameSection } from "./names";
import { readSections, type Section, sectionSource } from "./sections";
import { type FunctionType, readTypeSection } from "./types";

export type { Section } from "./sections";

/** A function's code, declarations of locals included. */
export interface FunctionBody {
  readonly index: FunctionIndex;
  /** The byte after the body's size: body offset 0, and DWARF's low_pc. */
  readonly start: CodeOffset;
  /** Bytes. */
  readonly size: number;
  readonly fileStart: FileOffset;
}

/** The contents of a module's name section in another file. */
export type NamesElsewhere = (module: WasmModule) => ByteSource | undefined;

export class WasmModule {
  readonly name: string;
  readonly sections: readonly Section[];
  private readonly faults: FormatError[];
  private readonly bodies: BodyIndex | undefined;

  /**
   * Reads the section headers, and no section.
   * @param namesElsewhere finds the name section that was split off, when the module has none and is asked for names
   * @throws FormatError with advice when `source` is not a core WebAssembly module
   */
  static open(source: ByteSource, namesElsewhere?: NamesElsewhere): WasmModule {
    return new WasmModule(source, namesElsewhere);
  }

  private constructor(
    readonly source: ByteSource,
    private readonly namesElsewhere: NamesElsewhere | undefined,
  ) {
    this.name = source.name;
    const { sections, problems } = readSections(source);
    this.sections = sections;
    this.faults = problems;
    const code = this.codeSection;
    this.bodies = code && new BodyIndex(sectionSource(source, code), this.report);
  }

  private readonly report = (problem: FormatError): void => {
    this.faults.push(problem);
  };

  /** What was found malformed up to now: parts that were not asked for yet were not looked at. */
  get problems(): readonly FormatError[] {
    return this.faults;
  }

  // Sections

  /** The first section of the specification's own with this name, e.g. "code". */
  private standardSection(name: string): Section | undefined {
    return this.sections.find((section) => section.id !== 0 && section.name === name);
  }

  get codeSection(): Section | undefined {
    return this.standardSection("code");
  }

  /** Contents, without the name, of the first custom section of this name. */
  customSection(name: string): ByteSource | undefined {
    const section = this.sections.find((candidate) => candidate.id === 0 && candidate.name === name);
    return section && sectionSource(this.source, section);
  }

  /**
   * Reads a whole section of the specification's own; `absent` when there is none.
   * @throws FormatError when it is malformed: an index space with a hole would give wrong answers
   */
  private parse<T>(name: string, absent: T, read: (reader: ByteReader) => T): T {
    const section = this.standardSection(name);
    if (section === undefined) return absent;
    const source = sectionSource(this.source, section);
    return read(new ByteReader(source.read(0, source.size), name));
  }

  /** What `read` gives; when it meets malformed bytes, reports them and gives `otherwise`. */
  private sound<T>(otherwise: T, read: () => T): T {
    const result = attempt(read);
    if (!(result instanceof FormatError)) return result;
    this.report(result);
    return otherwise;
  }

  // Which build this is

  /**
   * The build id (tool-conventions, BuildId.md) in lower-case hex. Tools that write the id without its
   * length are understood: when the length does not fit, the whole section is the id.
   */
  get buildId(): string | undefined {
    return this.readBuildId();
  }

  private readonly readBuildId = once(() => {
    const section = this.customSection("build_id");
    if (section === undefined || section.size === 0) return undefined;
    const bytes = section.read(0, Math.min(section.size, 1024));
    const reader = new ByteReader(bytes, section.name);
    const length = attempt(() => reader.uleb());
    const id = length === reader.remaining ? reader.take(length) : bytes;
    return Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
  });

  /** Where the debug information was moved to: a path or URL (custom section `external_debug_info`). */
  get externalDebugInfo(): string | undefined {
    return this.text("external_debug_info");
  }

  /** URL of a source map (custom section `sourceMappingURL`). */
  get sourceMappingUrl(): string | undefined {
    return this.text("sourceMappingURL");
  }

  private text(section: string): string | undefined {
    const source = this.customSection(section);
    if (source === undefined) return undefined;
    return this.sound(undefined, () => new ByteReader(source.read(0, source.size), section).name());
  }

  // Declarations

  private readonly types = once(() => this.sound([], () => this.parse("type", [], readTypeSection)));
  private readonly readImports = once(() => this.parse<Import[]>("import", [], readImports));
  private readonly readExports = once(() =>
    this.sound([], () => this.parse<Export[]>("export", [], readExports)),
  );
  private readonly functions = once(() => this.parse<ArrayLike<number>>("function", [], readFunctions));
  private readonly importedFunctions = once(() =>
    this.imports.filter((candidate) => candidate.kind === "function"),
  );
  private readonly readGlobals = once((): readonly Global[] => {
    const imported: Global[] = [];
    for (const candidate of this.imports) {
      if (candidate.kind === "global")
        imported.push({ ...candidate.type, imported: true, initial: undefined });
    }
    return imported.concat(this.parse("global", [], (reader) => readGlobals(reader, imported)));
  });
  private readonly readMemories = once((): readonly Memory[] => {
    const imported: Memory[] = [];
    for (const candidate of this.imports) {
      if (candidate.kind === "memory") imported.push({ ...candidate.type, imported: true });
    }
    return imported.concat(this.parse("memory", [], readMemories));
  });
  private readonly readTables = once((): readonly Table[] => {
    const imported: Table[] = [];
    for (const candidate of this.imports) {
      if (candidate.kind === "table")
        imported.push({ ...candidate.type, imported: true, initial: undefined });
    }
    return imported.concat(this.parse("table", [], (reader) => readTables(reader, this.globalConstant)));
  });
  private readonly tags = once((): readonly number[] => {
    const imported: number[] = [];
    for (const candidate of this.imports) {
      if (candidate.kind === "tag") imported.push(candidate.typeIndex);
    }
    return imported.concat(this.sound([], () => this.parse<number[]>("tag", [], readTags)));
  });
  private readonly elements = once(() =>
    this.sound(undefined, () =>
      this.parse<ActiveElements[]>("element", [], (reader) =>
        readActiveElements(reader, this.globalConstant),
      ),
    ),
  );

  /** The value that a global has for the whole run, where it is known. */
  private readonly globalConstant = (index: number): Constant | undefined => {
    const global = this.globals[index];
    return global?.mutable ? undefined : global?.initial;
  };

  /** Segments that filled the memories at instantiation, none where the section is malformed. */
  get activeData(): readonly DataSegment[] {
    return this.readData();
  }

  private readonly readData = once((): readonly DataSegment[] => {
    const section = this.standardSection("data");
    if (section === undefined) return [];
    return this.sound([], () => readActiveData(sectionSource(this.source, section), this.globalConstant));
  });

  /** The bytes of one of them. */
  dataOf(segment: DataSegment): Uint8Array {
    const section = this.standardSection("data");
    if (section === undefined) return new Uint8Array(0);
    return sectionSource(this.source, section).read(segment.at, segment.size);
  }

  /** Segments that fill the tables at instantiation, in this order; undefined where the section is malformed. */
  get activeElements(): readonly ActiveElements[] | undefined {
    return this.elements();
  }

  get imports(): readonly Import[] {
    return this.readImports();
  }
  get exports(): readonly Export[] {
    return this.readExports();
  }
  /** Imported globals first. */
  get globals(): readonly Global[] {
    return this.readGlobals();
  }
  /** Imported memories first. */
  get memories(): readonly Memory[] {
    return this.readMemories();
  }
  /** Imported tables first. */
  get tables(): readonly Table[] {
    return this.readTables();
  }

  /** Types that the module defines, those of recursive groups one by one. */
  get typeCount(): number {
    return this.types().length;
  }

  /** The function type at a type index; undefined for structs, arrays and out of range. */
  typeAt(index: number): FunctionType | undefined {
    const type = this.types()[index];
    return type?.kind === "function" ? type.type : undefined;
  }

  /** Number of fields of the struct type at a type index; undefined for other types and out of range. */
  fieldCount(index: number): number | undefined {
    const type = this.types()[index];
    return type?.kind === "struct" ? type.fields : undefined;
  }

  /** Imported and defined tags. */
  get tagCount(): number {
    return this.tags().length;
  }

  /** What a tag's exceptions carry (its parameters); imported tags first. */
  tagType(index: number): FunctionType | undefined {
    const type = this.tags()[index];
    return type === undefined ? undefined : this.typeAt(type);
  }

  /**
   * What a table slot holds after instantiation, before the program or its host changes it.
   * @returns undefined when that is not known: imported tables, offsets that depend on imports, slots
   *   beyond the initial size
   */
  tableEntry(table: number, slot: number): TableEntry {
    const declared = this.tables[table];
    const elements = this.elements();
    if (declared === undefined || elements === undefined) return undefined;
    let entry: TableEntry = slot < declared.minimum ? tableEntryOf(declared.initial) : undefined;
    for (const segment of elements) {
      if (segment.table !== table) continue;
      if (segment.offset === undefined) entry = undefined;
      else if (slot >= segment.offset && slot < segment.offset + segment.entries.length) {
        entry = segment.entries[slot - segment.offset];
      }
    }
    return entry;
  }

  /** The only slot of table 0 where instantiation puts a function; undefined when there is none, or several. */
  onlySlotOf(index: FunctionIndex): number | undefined {
    const slot = this.slots().get(index);
    return slot === undefined || slot < 0 || this.tableEntry(0, slot) !== index ? undefined : slot;
  }

  /** Slots of table 0 by function; -1 for those of functions that have several. */
  private readonly slots = once((): ReadonlyMap<FunctionIndex, number> => {
    const slots = new Map<FunctionIndex, number>();
    for (const { table, offset, entries } of this.elements() ?? []) {
      if (table !== 0) continue;
      entries.forEach((entry, at) => {
        if (entry === undefined || entry === "null") return;
        slots.set(entry, slots.has(entry) || offset === undefined ? -1 : offset + at);
      });
    }
    return slots;
  });

  // Functions

  get importedFunctionCount(): number {
    return this.importedFunctions().length;
  }

  /** Imported and defined functions. */
  get functionCount(): number {
    return this.importedFunctionCount + this.functions().length;
  }

  functionType(index: FunctionIndex): FunctionType | undefined {
    const type = this.functionTypeIndex(index);
    return type === undefined ? undefined : this.typeAt(type);
  }

  /** The index of a function's type; undefined out of range. */
  functionTypeIndex(index: FunctionIndex): number | undefined {
    const imported = this.importedFunctions()[index];
    return imported?.typeIndex ?? this.functions()[index - this.importedFunctionCount];
  }

  /** A defined function's body; undefined for imports, and where the code section is cut off before it. */
  body(index: FunctionIndex): FunctionBody | undefined {
    const place = this.bodies?.at(index - this.importedFunctionCount);
    return place && { index, ...place, fileStart: this.codeOffsetToFile(place.start) };
  }

  /** The function whose body contains `pc`; undefined on the bytes between bodies. */
  functionAt(pc: CodeOffset): FunctionIndex | undefined {
    const position = this.bodies?.containing(pc);
    return position === undefined ? undefined : functionIndex(this.importedFunctionCount + position);
  }

  /** Function bodies located so far: the cost of lookups, for tests and `info`. */
  get bodiesLocated(): number {
    return this.bodies?.known ?? 0;
  }

  /** @throws FormatError when the module has no code section */
  codeOffsetToFile(pc: CodeOffset): FileOffset {
    const code = this.codeSection;
    if (code === undefined) {
      throw new FormatError(
        `${this.name} has no code section`,
        { section: this.name, offset: 0 },
        "It may hold debug information only: give the module that ran as well.",
      );
    }
    return fileOffset(code.start + pc);
  }

  /** The code offset of a byte of the file; undefined outside of the code section. */
  fileToCodeOffset(offset: FileOffset): CodeOffset | undefined {
    const code = this.codeSection;
    if (code === undefined || offset < code.start || offset >= code.start + code.size) return undefined;
    return codeOffset(offset - code.start);
  }

  // Names

  private readonly nameSection = once(() => this.customSection("name") ?? this.namesElsewhere?.(this));
  private readonly names = once(() => {
    const source = this.nameSection();
    return source && new NameSection(source, this.report);
  });
  private readonly exportNames = once(() => {
    const names = new Map<string, string>();
    for (const { kind, index, name } of this.exports) {
      const key = `${kind} ${index}`;
      if (!names.has(key)) names.set(key, name);
    }
    return names;
  });

  /** Whether there is a name section, here or where it was split off to. */
  get hasNames(): boolean {
    return this.nameSection() !== undefined;
  }

  /** The name that the module gives itself. */
  get moduleName(): string | undefined {
    return this.names()?.module;
  }

  /** Name by the name section, else the first export's, else "module.name" of an import. */
  functionName(index: FunctionIndex): string | undefined {
    return this.names()?.name("function", index) ?? this.externalName("function", index);
  }
  /** The functions that the name section names, by ascending index. */
  *namedFunctions(): Iterable<readonly [index: FunctionIndex, name: string]> {
    for (const [index, name] of this.names()?.all("function") ?? []) yield [functionIndex(index), name];
  }
  localName(index: FunctionIndex, local: number): string | undefined {
    return this.names()?.indirectName("local", index, local);
  }
  labelName(index: FunctionIndex, label: number): string | undefined {
    return this.names()?.indirectName("label", index, label);
  }
  typeName(index: number): string | undefined {
    return this.names()?.name("type", index);
  }
  fieldName(type: number, field: number): string | undefined {
    return this.names()?.indirectName("field", type, field);
  }
  elementName(index: number): string | undefined {
    return this.names()?.name("element", index);
  }
  dataName(index: number): string | undefined {
    return this.names()?.name("data", index);
  }
  globalName(index: number): string | undefined {
    return this.names()?.name("global", index) ?? this.externalName("global", index);
  }
  memoryName(index: number): string | undefined {
    return this.names()?.name("memory", index) ?? this.externalName("memory", index);
  }
  tableName(index: number): string | undefined {
    return this.names()?.name("table", index) ?? this.externalName("table", index);
  }
  tagName(index: number): string | undefined {
    return this.names()?.name("tag", index) ?? this.externalName("tag", index);
  }

  private externalName(kind: Export["kind"], index: number): string | undefined {
    const exported = this.exportNames().get(`${kind} ${index}`);
    if (exported !== undefined) return exported;
    let at = 0;
    for (const candidate of this.imports) {
      if (candidate.kind === kind && at++ === index) return `${candidate.module}.${candidate.name}`;
    }
    return undefined;
  }
}

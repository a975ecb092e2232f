/**
 * A unit: its header, its entries, and what they refer to in other sections (DWARF 5 §3.1).
 *
 * The root entry is read alone, since finding the unit of a pc asks for every unit's root. The unit's bytes
 * are read as a whole when any other entry is asked for, and may be dropped and read again.
 */
import { attempt, FormatError, once, type Where } from "../bytes/errors";
import { type CodeOffset, type SectionOffset, sectionOffset } from "../bytes/offsets";
import { ByteReader } from "../bytes/reader";
import { type ByteSource, SlicedSource } from "../bytes/source";
import type { Abbreviation, AbbreviationTable } from "./abbreviations";
import { type FormContext, readValue } from "./attribute-values";
import { DW_AT, DW_LANG, DW_UT } from "./constants";
import type { Encoding } from "./encoding";
import { DwarfEntry, type EntryUnit } from "./entries";
import type { LocationListEntry } from "./location-lists";
import { readMacros } from "./macros";
import type {
  AttributeValue,
  CodeRange,
  DebugInformation,
  DwarfCounters,
  Entry,
  LineTable,
  MacroFile,
  NamedEntryPass,
} from "./model";
import { NamedEntries } from "./named-entries";
import type { Contributions } from "./package-index";
import type { RangeList } from "./ranges";
import { readGrowing } from "./sections";
import { type SplitReference, splitReferenceOf } from "./split";
import type { UnitHeader } from "./unit-header";
import { indexUnit, type UnitIndex } from "./unit-index";
import { UnitTables } from "./unit-tables";

/** What a unit asks of the debug information that it is part of. */
export interface UnitOwner extends DebugInformation {
  readonly counters: DwarfCounters;
  /** Whether the sections are of a split file (.dwo). */
  readonly isSplit: boolean;
  readonly supplementary: DebugInformation | undefined;
  /** The space that units' offsets count in: .debug_info, and .debug_types after it. */
  readonly entrySpace: ByteSource;
  /** A section by its name without .dwo; a FormatError when there is none. */
  section(name: string): ByteSource;
  supplementaryString(offset: number): string | undefined;
  abbreviations(offset: number, encoding: Encoding): AbbreviationTable;
  lineTable(unit: DwarfUnit, offset: number): LineTable | undefined;
  /** The split unit of a skeleton. @throws FormatError that says why there is none */
  splitUnitOf(skeleton: DwarfUnit, reference: SplitReference): DwarfUnit;
  report(problem: FormatError): void;
  /** Says that a unit's bytes are in memory now; the owner may have others dropped. */
  keep(unit: DwarfUnit, bytes: number): void;
}

/** Bytes of a range list in which most units have their first range that was not discarded. */
const BEGINNING = 512;

export class DwarfUnit implements EntryUnit {
  readonly encoding: Encoding;
  /** Where the unit starts in the entry space. */
  readonly origin: number;
  private body: ByteReader | undefined;
  private counted = false;
  private skeleton: DwarfUnit | undefined;

  /** @param contributions its parts of the sections, when it is one of a package */
  constructor(
    readonly owner: UnitOwner,
    readonly header: UnitHeader,
    private readonly contributions?: Contributions,
  ) {
    this.encoding = header.encoding;
    this.origin = header.offset;
  }

  get offset(): SectionOffset {
    return sectionOffset(this.header.offset);
  }
  get debug(): DebugInformation {
    return this.owner;
  }
  get program(): DebugInformation {
    return (this.skeleton ?? this).owner;
  }
  get version(): number {
    return this.encoding.version;
  }
  get addressSize(): number {
    return this.encoding.addressSize;
  }
  get offsetSize(): number {
    return this.encoding.offsetSize;
  }

  contains(offset: number): boolean {
    return offset >= this.header.firstEntry && offset < this.header.end;
  }

  /** Where a fault at `offset` is, for messages. */
  placeOf(offset: number): Where {
    return { section: this.owner.entrySpace.name, offset };
  }

  // The two halves of a split unit

  /** What a skeleton and its split unit share. */
  get dwoId(): bigint | undefined {
    return this.header.dwoId ?? this.root.constant(DW_AT.GNU_dwo_id, false);
  }

  private readonly split = once(() =>
    this.tolerant(() => {
      const reference = this.owner.isSplit ? undefined : splitReferenceOf(this);
      return reference && this.owner.splitUnitOf(this, reference);
    }),
  );

  get complete(): DwarfUnit {
    return this.split() ?? this;
  }

  /** Makes this the other half of a skeleton, which has its addresses, lines and directory. */
  join(skeleton: DwarfUnit): void {
    this.skeleton = skeleton;
  }

  get skeletonTables(): UnitTables | undefined {
    return this.skeleton?.tables;
  }

  /** The unit's part of a section, by its name without .dwo; a FormatError when there is none. */
  section(name: string): ByteSource {
    const whole = this.owner.section(name);
    const part = this.contributions?.get(name);
    return part === undefined ? whole : new SlicedSource(whole.name, whole, part.offset, part.size);
  }

  private startOf(section: string): number {
    return this.contributions?.get(section)?.offset ?? 0;
  }

  // Bytes and entries

  private readonly abbreviationTable = once(() =>
    this.owner.abbreviations(this.startOf(".debug_abbrev") + this.header.abbreviations, this.encoding),
  );

  get abbreviations(): AbbreviationTable {
    return this.abbreviationTable();
  }

  /** The unit's bytes from its header on; they are read when they are not held. */
  reader(): ByteReader {
    if (this.body !== undefined) return this.body;
    const { header, owner } = this;
    const bytes = owner.entrySpace.read(header.offset, header.end - header.offset);
    this.body = new ByteReader(bytes, owner.entrySpace.name, header.offset);
    if (!this.counted) owner.counters.units++;
    this.counted = true;
    owner.keep(this, bytes.length);
    return this.body;
  }

  /** Lets go of the unit's bytes. */
  drop(): void {
    this.body = undefined;
  }

  /** A reader of the root entry alone, and the entry. */
  private readonly rootAlone = once(() => {
    const { firstEntry, end } = this.header;
    const { entrySpace } = this.owner;
    return readGrowing(entrySpace, firstEntry, (window) => {
      const code = window.uleb();
      if (code === 0) return window.fail("The unit has no entries", undefined, firstEntry);
      const abbreviation = this.abbreviationOf(code, firstEntry);
      const attributes = window.position;
      const after = abbreviation.after(window.bytes, attributes - firstEntry);
      if (!(after <= window.bytes.length && firstEntry + after <= end)) this.malformed(firstEntry);
      this.owner.counters.entries++;
      return {
        reader: new ByteReader(window.bytes.slice(0, after), entrySpace.name, firstEntry),
        entry: new DwarfEntry(this, sectionOffset(firstEntry), abbreviation, attributes),
      };
    });
  });

  /** A reader that holds the attributes at `position`: the root's own bytes suffice for the root. */
  private readerAt(position: number): ByteReader {
    if (this.body !== undefined) return this.body;
    const root = position === this.header.firstEntry ? undefined : this.rootAlone().reader;
    return root !== undefined && position <= root.end ? root : this.reader();
  }

  private malformed(offset: number): never {
    throw new FormatError("The entry is malformed or reaches past the end of its unit", this.placeOf(offset));
  }

  private abbreviationOf(code: number, offset: number): Abbreviation {
    const abbreviation = this.abbreviations.get(code);
    if (abbreviation !== undefined) return abbreviation;
    throw new FormatError(`Abbreviation ${code} is not declared`, this.placeOf(offset));
  }

  get root(): DwarfEntry {
    return this.rootAlone().entry;
  }

  entryAt(offset: SectionOffset): DwarfEntry {
    if (offset === this.header.firstEntry) return this.root;
    const entry = this.contains(offset) ? this.entryOrNullAt(offset) : undefined;
    if (entry !== undefined) return entry;
    throw new FormatError(
      `The unit at 0x${this.header.offset.toString(16)} has no entry here`,
      this.placeOf(offset),
    );
  }

  /** The entry at `offset`; undefined for the null entry that ends children, and at the unit's end. */
  entryOrNullAt(offset: number): DwarfEntry | undefined {
    if (offset >= this.header.end) return undefined;
    const reader = this.reader();
    reader.position = offset;
    const code = reader.uleb();
    if (code === 0) return undefined;
    const attributes = reader.position;
    const abbreviation = this.abbreviationOf(code, offset);
    this.owner.counters.entries++;
    return new DwarfEntry(this, sectionOffset(offset), abbreviation, attributes);
  }

  /** Attribute number `index` of an entry whose attributes start at `attributes`. */
  readAttribute(attributes: number, abbreviation: Abbreviation, index: number): AttributeValue | undefined {
    const reader = this.readerAt(attributes);
    const at = abbreviation.locate(reader.bytes, attributes - reader.base, index);
    if (!(at <= reader.bytes.length)) this.malformed(attributes);
    reader.position = reader.base + at;
    return readValue(
      reader,
      abbreviation.forms[index]!,
      this.tables,
      abbreviation.implicitConstants?.get(index),
    );
  }

  /** Where the entry after an entry's attributes starts: its first child, or what follows it. */
  afterAttributes(attributes: number, abbreviation: Abbreviation): number {
    const reader = this.readerAt(attributes);
    const at = abbreviation.after(reader.bytes, attributes - reader.base);
    if (!(at <= reader.bytes.length)) this.malformed(attributes);
    return reader.base + at;
  }

  namedEntries(tags: ReadonlySet<number>, scopes: ReadonlySet<number>): NamedEntryPass {
    return new NamedEntries(this, { tags, scopes });
  }

  get firstEntry(): number {
    return this.header.firstEntry;
  }

  // What one pass over all entries finds

  private readonly index = once((): UnitIndex => {
    const index = indexUnit(this, this.reader(), this.header.firstEntry);
    this.owner.counters.entries += index.entries;
    return index;
  });

  codeRangesAt(offset: number): RangeList | undefined {
    return this.entryAt(sectionOffset(offset)).codeRanges();
  }

  report(problem: FormatError): void {
    this.owner.report(problem);
  }

  /** Where the children of an entry that has children end. */
  endOfChildren(offset: number): number {
    const end = this.index().owners.endOf(offset - this.origin);
    if (end === undefined) return this.header.end;
    return this.origin + end;
  }

  ownerOf(offset: number): DwarfEntry | undefined {
    if (offset === this.header.firstEntry) return undefined;
    const owner = this.index().owners.ownerOf(offset - this.origin);
    return owner === undefined ? undefined : this.entryAt(sectionOffset(this.origin + owner));
  }

  subprogramAt(pc: CodeOffset): Entry | undefined {
    const { subprograms } = this.index();
    const found = subprograms.find(pc);
    return found < 0 ? undefined : this.entryAt(sectionOffset(this.origin + subprograms.payload(found)));
  }

  *subprograms(): Iterable<Entry> {
    const { subprograms } = this.index();
    for (let at = 0; at < subprograms.size; at++)
      yield this.entryAt(sectionOffset(this.origin + subprograms.payload(at)));
  }

  globalVariables(): readonly Entry[] {
    return Array.from(this.index().globals, (at) => this.entryAt(sectionOffset(this.origin + at)));
  }

  // What the root says

  /** What `read` gives; a fault is reported, and the answer is then that nothing is known. */
  private tolerant<T>(read: () => T | undefined): T | undefined {
    const result = attempt(read);
    if (!(result instanceof FormatError)) return result;
    this.owner.report(result);
    return undefined;
  }

  private readonly rootLanguage = once(() => {
    const stated = this.tolerant(() => this.root.unsigned(DW_AT.language));
    // Up to 0.13, Zig's compiler says C99.
    return stated === DW_LANG.C99 && /^zig\b/.test(this.producer ?? "") ? DW_LANG.Zig : stated;
  });

  get language(): number | undefined {
    return this.rootLanguage();
  }
  get producer(): string | undefined {
    return this.tolerant(() => this.root.string(DW_AT.producer));
  }
  get name(): string | undefined {
    return this.tolerant(() => this.root.string(DW_AT.name));
  }
  get compilationDirectory(): string | undefined {
    if (this.skeleton !== undefined) return this.skeleton.compilationDirectory;
    return this.tolerant(() => this.root.string(DW_AT.comp_dir));
  }

  private readonly lineTable = once(() =>
    this.tolerant(() => {
      const offset = this.root.sectionOffset(DW_AT.stmt_list);
      return offset === undefined ? undefined : this.lineTableAt(offset);
    }),
  );

  get lines(): LineTable | undefined {
    return this.skeleton === undefined ? this.lineTable() : this.skeleton.lines;
  }

  private readonly macroFiles = once(() => this.tolerant(() => readMacros(this)));

  get macros(): MacroFile | undefined {
    return this.macroFiles();
  }

  /** The table that a macro section's header names, by its offset in the unit's part of .debug_line. */
  lineTableAt(offset: number): LineTable | undefined {
    return this.owner.lineTable(this, this.startOf(".debug_line") + offset);
  }

  private readonly coverage = once(() => this.tolerant(() => this.root.codeRanges()));

  /**
   * Whether the unit says that it covers `pc`; undefined when it does not say what it covers. The list is
   * gone through as it is: units lie apart for the most part, and a crash asks about a dozen places, which is
   * less than sorting every unit's list would cost.
   */
  covers(pc: CodeOffset): boolean | undefined {
    if (this.skeleton !== undefined) return this.skeleton.covers(pc);
    return this.coverage()?.covers(pc);
  }

  private readonly beginning = once(() => this.tolerant(() => this.root.codeRanges(BEGINNING)));

  /** The first of the unit's code, as it lists it; undefined where that takes a longer look. */
  get firstCode(): number | undefined {
    if (this.skeleton !== undefined) return this.skeleton.firstCode;
    const ranges = this.beginning();
    return ranges !== undefined && ranges.length > 0 ? ranges.numbers[0] : undefined;
  }

  ranges(): readonly CodeRange[] | undefined {
    if (this.skeleton !== undefined) return this.skeleton.ranges();
    return this.coverage()?.toArray();
  }

  // What other sections hold for this unit

  private readonly tables = new UnitTables(this);

  get formContext(): FormContext {
    return this.tables;
  }

  addressAt(index: number): number | undefined {
    return this.tolerant(() => this.tables.indexedAddress(index));
  }

  rangeListAt(offset: number, most?: number): RangeList {
    return this.tables.rangeListAt(offset, most);
  }

  locationAt(offset: number, pc: CodeOffset | undefined): LocationListEntry | undefined {
    return this.tables.locationAt(offset, pc);
  }

  locationsAt(offset: number): readonly LocationListEntry[] {
    return this.tables.locationsAt(offset);
  }

  /** Whether this is a type unit, which holds one type under a signature. */
  get isTypeUnit(): boolean {
    return this.header.unitType === DW_UT.type || this.header.unitType === DW_UT.split_type;
  }
}

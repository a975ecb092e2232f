/**
 * The debug information of one module: the list of its units, and the ways in (by pc, by offset, by type
 * signature). Opening it reads nothing; unit headers are read one after the other, as far as a question needs.
 */
import { attempt, FormatError, once } from "../bytes/errors";
import { type CodeOffset, type SectionOffset, sectionOffset } from "../bytes/offsets";
import { ByteReader } from "../bytes/reader";
import { type ByteSource, MemorySource } from "../bytes/source";
import { AbbreviationTable } from "./abbreviations";
import { readAddressRanges } from "./aranges";
import type { Encoding } from "./encoding";
import { JoinedSource } from "./entry-space";
import { IntervalTable } from "./intervals";
import { openLineTable } from "./lines";
import type { DebugInformation, DwarfCounters, Entry, LineTable } from "./model";
import { NameIndex } from "./name-index";
import { type Contributions, PackageIndex } from "./package-index";
import type { DwarfSections } from "./sections";
import { findSplitUnit, type SplitFiles, type SplitInformation, type SplitReference } from "./split";
import { stringAt } from "./strings";
import { MAX_UNIT_HEADER, readUnitHeader } from "./unit-header";
import { DwarfUnit, type UnitOwner } from "./units";

export interface DwarfOptions {
  /** The supplementary file's debug information (DWARF 5 §7.3.6; what dwz makes), opened likewise. */
  readonly supplementary?: DwarfDebugInformation;
  /** Where the files of split units are found; without, skeletons stay alone. */
  readonly splitFiles?: SplitFiles | undefined;
  /** See DebugInformation. */
  readonly inSteps?: boolean | undefined;
}

/** Whether there is anything to open. */
export function hasDebugInformation(sections: DwarfSections): boolean {
  return SUFFIXES.some((suffix) => (sections.section(`.debug_info${suffix}`)?.size ?? 0) > 0);
}

/** Opens the debug information of a module; one without any opens as well and has no units. Reads nothing. */
export function openDebugInformation(
  sections: DwarfSections,
  options: DwarfOptions = {},
): DwarfDebugInformation {
  return new DwarfDebugInformation(sections, options);
}

/** What section names end in: nothing, or what marks a split file's, which may be in the same file. */
const SUFFIXES = ["", ".dwo"] as const;

/** Sections that are never split: a split file's units use those of the file that it was split from. */
const NEVER_SPLIT: ReadonlySet<string> = new Set([".debug_addr", ".debug_line_str", ".debug_aranges"]);

/** Problems that are remembered; a hostile file can have millions. */
const MAX_PROBLEMS = 100;

/** Bytes of units that are held at a time; the unit in use is held whatever its size. */
const UNIT_BYTES_KEPT = 24 * 1024 * 1024;

export class DwarfDebugInformation implements DebugInformation, UnitOwner, SplitInformation<DwarfUnit> {
  readonly counters: DwarfCounters;
  readonly problems: FormatError[];
  readonly isSplit: boolean;
  readonly supplementary: DwarfDebugInformation | undefined;
  readonly entrySpace: ByteSource;
  readonly inSteps: boolean;

  get size(): number {
    return this.entrySpace.size;
  }

  /** Units known so far, by ascending offset. */
  private readonly known: DwarfUnit[] = [];
  /** Where the header after the last known unit is; undefined when all are known. */
  private nextHeader: number | undefined;
  /** Where .debug_types starts in the entry space. */
  private readonly typesStart: number;

  /** Sections by name; a frame asks for .debug_str a thousand times. */
  private readonly opened = new Map<string, ByteSource | undefined>();
  private readonly tables = new Map<string, AbbreviationTable>();
  private readonly lineTables = new Map<string, LineTable>();
  private readonly held: { unit: DwarfUnit; bytes: number }[];
  /** Files with split units that are open, by path. */
  private readonly splits = new Map<string, DwarfDebugInformation>();
  private addressRanges: IntervalTable | undefined;
  private signatures: Map<bigint, DwarfUnit> | undefined;

  /** @param skeletons for a file with split units: the debug information that has the skeletons */
  constructor(
    private readonly sections: DwarfSections,
    private readonly options: DwarfOptions,
    skeletons?: DwarfDebugInformation,
  ) {
    this.supplementary = options.supplementary;
    this.inSteps = skeletons?.inSteps ?? options.inSteps ?? false;
    this.counters = skeletons?.counters ?? { unitHeaders: 0, units: 0, entries: 0, linePrograms: 0 };
    this.problems = skeletons?.problems ?? [];
    this.held = skeletons?.held ?? [];
    const suffix = SUFFIXES.find((suffix) => sections.section(`.debug_info${suffix}`) !== undefined);
    this.isSplit = skeletons !== undefined || suffix === ".dwo";
    const info = this.optional(".debug_info") ?? new MemorySource(".debug_info", new Uint8Array(0));
    const types = this.optional(".debug_types");
    this.entrySpace = types === undefined ? info : new JoinedSource(info, types);
    this.typesStart = info.size;
    this.nextHeader = this.entrySpace.size > 0 ? 0 : undefined;
  }

  // Sections

  private optional(name: string): ByteSource | undefined {
    if (this.opened.has(name)) return this.opened.get(name);
    const source = this.sections.section(this.isSplit && !NEVER_SPLIT.has(name) ? `${name}.dwo` : name);
    this.opened.set(name, source);
    return source;
  }

  section(name: string): ByteSource {
    const source = this.optional(name);
    if (source !== undefined) return source;
    throw new FormatError(
      "The section is missing",
      { section: name, offset: 0 },
      "The debug information refers to it: was the module stripped in part?",
    );
  }

  supplementaryString(offset: number): string | undefined {
    const { supplementary } = this;
    return supplementary && stringAt(supplementary.section(".debug_str"), offset);
  }

  abbreviations(offset: number, encoding: Encoding): AbbreviationTable {
    const key = [offset, encoding.version <= 2, encoding.addressSize, encoding.offsetSize].join(" ");
    let table = this.tables.get(key);
    if (table === undefined) {
      table = new AbbreviationTable(this.section(".debug_abbrev"), offset, encoding);
      this.tables.set(key, table);
    }
    return table;
  }

  lineTable(unit: DwarfUnit, offset: number): LineTable {
    // Type units name the line table of the unit that they came with, but no directory.
    const key = `${offset} ${unit.compilationDirectory ?? ""}`;
    let table = this.lineTables.get(key);
    if (table === undefined) {
      table = openLineTable(this.section(".debug_line"), offset, unit, this);
      this.lineTables.set(key, table);
    }
    return table;
  }

  report(problem: FormatError): void {
    const isKnown = this.problems.some(({ message }) => message === problem.message);
    if (!isKnown && this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }

  keep(unit: DwarfUnit, bytes: number): void {
    this.held.push({ unit, bytes });
    let total = 0;
    for (const one of this.held) total += one.bytes;
    while (total > UNIT_BYTES_KEPT && this.held.length > 1) {
      const oldest = this.held.shift()!;
      oldest.unit.drop();
      total -= oldest.bytes;
    }
  }

  // Units

  *units(): Iterable<DwarfUnit> {
    for (let i = 0; i < this.known.length || this.readNextHeader(); i++) {
      const unit = this.known[i];
      if (unit !== undefined) yield unit;
    }
  }

  /** Makes one more unit known; false when there is none. */
  private readNextHeader(): boolean {
    while (this.nextHeader !== undefined) {
      const start = this.nextHeader;
      const inTypes = start >= this.typesStart;
      const sectionEnd = inTypes ? this.entrySpace.size : this.typesStart;
      const bytes = this.entrySpace.read(start, Math.min(MAX_UNIT_HEADER, sectionEnd - start));
      const header = attempt(() =>
        readUnitHeader(new ByteReader(bytes, this.entrySpace.name, start), inTypes, sectionEnd),
      );
      // Without a length the next unit cannot be found; the types after .debug_info still can.
      const end = header instanceof FormatError ? sectionEnd : header.end;
      this.nextHeader = end < this.entrySpace.size ? end : undefined;
      this.counters.unitHeaders++;
      if (header instanceof FormatError) this.report(header);
      else if ("why" in header)
        this.report(new FormatError(header.why, { section: this.entrySpace.name, offset: start }));
      else {
        this.known.push(new DwarfUnit(this, header, this.packaged().units.get(start)));
        return true;
      }
    }
    return false;
  }

  private unitContaining(offset: number): DwarfUnit | undefined {
    while (this.nextHeader !== undefined && this.nextHeader <= offset) this.readNextHeader();
    let low = 0;
    let high = this.known.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.known[middle]!.header.offset <= offset) low = middle + 1;
      else high = middle;
    }
    const unit = this.known[low - 1];
    return unit?.contains(offset) ? unit : undefined;
  }

  unitAt(pc: CodeOffset): DwarfUnit | undefined {
    const listed = this.unitByAddressRanges(pc);
    if (listed !== undefined) return listed.complete;
    const likely = this.likelyUnitAt(pc);
    if (likely?.covers(pc)) return likely.complete;
    const silent: DwarfUnit[] = [];
    for (const unit of this.units()) {
      if (unit.isTypeUnit) continue;
      const covers = unit.covers(pc);
      if (covers) return unit.complete;
      if (covers === undefined) silent.push(unit);
    }
    // Units that do not say what they cover: their functions do.
    return silent.find((unit) => this.covered(unit, pc))?.complete;
  }

  /**
   * The last unit whose code begins before `pc`, were the units' code in the order of the units: linkers keep it
   * to nearly all, and most programs have more units than one would like to go through.
   */
  private likelyUnitAt(pc: CodeOffset): DwarfUnit | undefined {
    while (this.readNextHeader());
    let low = 0;
    let high = this.known.length;
    while (low < high) {
      let middle = (low + high) >>> 1;
      // A unit that does not tell says nothing of those before it.
      while (middle > low && this.known[middle]!.firstCode === undefined) middle--;
      const first = this.known[middle]!.firstCode;
      if (first === undefined || first <= pc) low = ((low + high) >>> 1) + 1;
      else high = middle;
    }
    return this.known.slice(0, low).findLast(({ firstCode }) => firstCode !== undefined);
  }

  private covered(unit: DwarfUnit, pc: CodeOffset): boolean {
    const found = attempt(() => unit.complete.subprogramAt(pc));
    if (found instanceof FormatError) this.report(found);
    return found !== undefined && !(found instanceof FormatError);
  }

  private unitByAddressRanges(pc: CodeOffset): DwarfUnit | undefined {
    if (this.addressRanges === undefined) {
      const source = this.optional(".debug_aranges");
      this.addressRanges =
        source === undefined
          ? new IntervalTable([])
          : readAddressRanges(source, (problem) => this.report(problem));
    }
    const found = this.addressRanges.find(pc);
    if (found < 0) return undefined;
    const start = this.addressRanges.payload(found);
    const unit = this.unitFrom(start);
    return unit !== undefined && unit.covers(pc) !== false ? unit : undefined;
  }

  // Split units

  splitUnitOf(skeleton: DwarfUnit, reference: SplitReference): DwarfUnit {
    const unit = findSplitUnit(skeleton, reference, this.options.splitFiles, (file) => {
      let split = this.splits.get(file.path);
      if (split === undefined) {
        split = new DwarfDebugInformation(file.sections(), {}, this);
        this.splits.set(file.path, split);
      }
      return split;
    });
    unit.join(skeleton);
    return unit;
  }

  get isEmpty(): boolean {
    return this.entrySpace.size === 0;
  }

  unitById(id: bigint): DwarfUnit | undefined {
    const start = this.packaged().compileUnits?.find(id)?.get(".debug_info")?.offset;
    if (start !== undefined) {
      const unit = this.unitFrom(start);
      return unit?.dwoId === id ? unit : undefined;
    }
    for (const unit of this.units()) if (!unit.isTypeUnit && unit.dwoId === id) return unit;
    return undefined;
  }

  /** What the indexes of a package say, its units by where they start; nothing for what is no package. */
  private readonly packaged = once(() => {
    const read = (name: string): PackageIndex | undefined => {
      const source = this.sections.section(name);
      const index = source && attempt(() => PackageIndex.read(source));
      if (index instanceof FormatError) this.report(index);
      return index instanceof FormatError ? undefined : index;
    };
    const compileUnits = read(".debug_cu_index");
    const typeUnits = read(".debug_tu_index");
    const units = new Map<number, Contributions>();
    for (const index of [compileUnits, typeUnits]) {
      for (const parts of index?.contributions ?? []) {
        const info = parts.get(".debug_info");
        const types = parts.get(".debug_types");
        if (info !== undefined) units.set(info.offset, parts);
        else if (types !== undefined) units.set(this.typesStart + types.offset, parts);
      }
    }
    return { compileUnits, units };
  });

  /** The unit whose header is at `offset`. */
  private unitFrom(offset: number): DwarfUnit | undefined {
    while (this.nextHeader !== undefined && this.nextHeader <= offset) this.readNextHeader();
    return this.known.find((unit) => unit.header.offset === offset);
  }

  entryAt(offset: SectionOffset): Entry | undefined {
    return this.unitContaining(offset)?.entryAt(offset);
  }

  /** .debug_names, where it lists all units. */
  private readonly names = once((): NameIndex | undefined => {
    const section = this.optional(".debug_names");
    const strings = this.optional(".debug_str");
    if (section === undefined || strings === undefined) return undefined;
    const index = NameIndex.read(section, strings, (problem) => this.report(problem));
    return index?.covers(Array.from(this.units(), ({ offset }) => offset)) ? index : undefined;
  });

  indexed(name: string): readonly Entry[] | undefined {
    const found = attempt(() =>
      this.names()
        ?.find(name)
        ?.flatMap(({ unit, offset }) => {
          const complete = this.unitFrom(unit)?.complete;
          return complete === undefined ? [] : [complete.entryAt(sectionOffset(complete.offset + offset))];
        }),
    );
    if (!(found instanceof FormatError)) return found;
    this.report(found);
    return undefined;
  }

  typeBySignature(signature: bigint): Entry | undefined {
    if (this.signatures === undefined) {
      const signatures = new Map<bigint, DwarfUnit>();
      for (const unit of this.units()) {
        const known = unit.header.signature;
        if (known !== undefined && !signatures.has(known)) signatures.set(known, unit);
      }
      this.signatures = signatures;
    }
    const unit = this.signatures.get(signature);
    return unit?.header.typeEntry === undefined
      ? undefined
      : unit.entryAt(sectionOffset(unit.header.typeEntry));
  }
}

/**
 * What other sections hold for a unit: strings, addresses, range and location lists, by offset and by index.
 * Where a unit's part of an indexed table starts is told by its root entry (DWARF 5 §3.1.1), or is the
 * table's first slot.
 */
import { once } from "../bytes/errors";
import type { CodeOffset } from "../bytes/offsets";
import type { ByteSource } from "../bytes/source";
import type { FormContext } from "./attribute-values";
import { DW_AT } from "./constants";
import { type Encoding, readAddress } from "./encoding";
import type { DwarfEntry } from "./entries";
import type { ListContext } from "./list-bounds";
import { type LocationListEntry, locationFor, locationListEntries } from "./location-lists";
import { type RangeList, readBeginning, readRangeList } from "./ranges";
import { readGrowing } from "./sections";
import { offsetAt, stringAt } from "./strings";

/** Bytes of range lists that are read at first: units' lists are long, and sources read pages anyway. */
const RANGE_LIST_WINDOW = 4 * 1024;

/** What the tables ask of their unit. */
export interface TabledUnit {
  readonly encoding: Encoding;
  readonly origin: number;
  readonly root: DwarfEntry;
  /** The tables of the skeleton that a split unit belongs to: addresses stay with the code. */
  readonly skeletonTables: UnitTables | undefined;
  /** The unit's part of a section, by its name without .dwo; a FormatError when there is none. */
  section(name: string): ByteSource;
  readonly owner: {
    readonly isSplit: boolean;
    supplementaryString(offset: number): string | undefined;
  };
}

export class UnitTables implements FormContext, ListContext {
  private readonly sections = new Map<string, ByteSource>();

  constructor(private readonly unit: TabledUnit) {}

  get encoding(): Encoding {
    return this.unit.encoding;
  }

  get origin(): number {
    return this.unit.origin;
  }

  private section(name: string): ByteSource {
    let source = this.sections.get(name);
    if (source === undefined) this.sections.set(name, (source = this.unit.section(name)));
    return source;
  }

  // Where this unit's part of a table starts

  private base(attributes: readonly number[], headerRest: number): number {
    for (const attribute of attributes) {
      const offset = this.unit.root.sectionOffset(attribute);
      if (offset !== undefined) return offset;
    }
    const { version, offsetSize } = this.encoding;
    // Since DWARF 5 tables have a header: their unit length, and `headerRest` bytes more.
    return version >= 5 ? (offsetSize === 8 ? 12 : 4) + headerRest : 0;
  }

  private readonly stringOffsetsBase = once(() => this.base([DW_AT.str_offsets_base], 4));
  private readonly addressBase = once(() => this.base([DW_AT.addr_base, DW_AT.GNU_addr_base], 4));
  private readonly rangeListsBase = once(() => this.base([DW_AT.rnglists_base], 8));
  private readonly locationListsBase = once(() => this.base([DW_AT.loclists_base], 8));

  private readonly splitRangesBase = once(() => this.base([DW_AT.GNU_ranges_base], 0));

  private readonly lowPc = once(() => {
    const low = this.unit.root.own(DW_AT.low_pc);
    return low?.kind === "address" ? low.value : 0;
  });

  get baseAddress(): number {
    return this.unit.skeletonTables?.baseAddress ?? this.lowPc();
  }

  // Strings and addresses

  string(offset: number): string {
    return stringAt(this.section(".debug_str"), offset);
  }

  lineString(offset: number): string {
    return stringAt(this.section(".debug_line_str"), offset);
  }

  supplementaryString(offset: number): string | undefined {
    return this.unit.owner.supplementaryString(offset);
  }

  indexedString(index: number): string {
    const table = this.section(".debug_str_offsets");
    return this.string(offsetAt(table, this.stringOffsetsBase(), index, this.encoding.offsetSize));
  }

  indexedAddress(index: number): number {
    const { skeletonTables } = this.unit;
    if (skeletonTables !== undefined) return skeletonTables.indexedAddress(index);
    const { addressSize } = this.encoding;
    const at = this.addressBase() + index * addressSize;
    const table = this.section(".debug_addr");
    return readGrowing(table, at, (reader) => readAddress(reader, addressSize), addressSize);
  }

  // Lists

  rangeListOffset(index: number): number {
    const base = this.rangeListsBase();
    return base + offsetAt(this.section(".debug_rnglists"), base, index, this.encoding.offsetSize);
  }

  locationListOffset(index: number): number {
    const base = this.locationListsBase();
    return base + offsetAt(this.section(".debug_loclists"), base, index, this.encoding.offsetSize);
  }

  /**
   * The ranges of the list at `offset`, tombstones left out.
   * @param most bytes of the list to read, when not all of it is wanted
   */
  rangeListAt(offset: number, most?: number): RangeList {
    const { skeletonTables } = this.unit;
    // Before DWARF 5 a split unit's range lists stay with the skeleton, in a part that its root names.
    if (skeletonTables !== undefined && this.encoding.version < 5)
      return skeletonTables.rangeListAt(skeletonTables.splitRangesBase() + offset, most);
    const section = this.section(this.encoding.version >= 5 ? ".debug_rnglists" : ".debug_ranges");
    const read = most === undefined ? readRangeList : readBeginning;
    return readGrowing(section, offset, (reader) => read(reader, this), most ?? RANGE_LIST_WINDOW);
  }

  /** The expression that the location list at `offset` has for `pc`; undefined when it has none. */
  locationAt(offset: number, pc: CodeOffset | undefined): LocationListEntry | undefined {
    return this.fromLocations(offset, (entries) => locationFor(entries, pc));
  }

  /** All entries of the location list at `offset`. */
  locationsAt(offset: number): readonly LocationListEntry[] {
    return this.fromLocations(offset, (entries) => [...entries]);
  }

  private fromLocations<T>(offset: number, use: (entries: Iterable<LocationListEntry>) => T): T {
    const section = this.section(this.encoding.version >= 5 ? ".debug_loclists" : ".debug_loc");
    return readGrowing(section, offset, (reader) =>
      use(locationListEntries(reader, this, this.unit.owner.isSplit)),
    );
  }
}

/**
 * Debugging information entries (DWARF 5 §2): light handles that decode an attribute when asked, and the one
 * place where an entry is completed by those it refers to.
 */
import { attempt, FormatError, type Where } from "../bytes/errors";
import { type CodeOffset, codeOffset, type SectionOffset } from "../bytes/offsets";
import type { Abbreviation } from "./abbreviations";
import { DW_AT } from "./constants";
import type { LocationListEntry } from "./location-lists";
import type { AttributeValue, CodeRange, DebugInformation, Entry, LocationSpan, Unit } from "./model";
import { RangeList } from "./ranges";

/** Attributes through which another entry completes this one, in the order in which they are followed. */
const COMPLETED_BY = [DW_AT.abstract_origin, DW_AT.specification, DW_AT.signature, DW_AT.import] as const;

/** Attributes that an entry does not share with those that complete it. */
const NEVER_MERGED: ReadonlySet<number> = new Set([DW_AT.sibling, DW_AT.declaration]);

/** Entries that complete one another in a chain; real chains have two or three, a cycle has no end. */
const MAX_COMPLETIONS = 6;

/** What an entry asks of its unit. */
export interface EntryUnit extends Unit {
  readonly owner: DebugInformation & {
    readonly supplementary: DebugInformation | undefined;
  };
  /** Whether an entry at `offset` would be this unit's. */
  contains(offset: number): boolean;
  /** Takes note of a fault that leaves something out. */
  report(problem: FormatError): void;
  /** Where a fault at `offset` is, for messages. */
  placeOf(offset: number): Where;
  /** The entry at `offset`; undefined for the null entry that ends children. */
  entryOrNullAt(offset: number): DwarfEntry | undefined;
  /** Attribute number `index` of an entry whose attributes start at `attributes`. */
  readAttribute(attributes: number, abbreviation: Abbreviation, index: number): AttributeValue | undefined;
  /** Where the attributes that start at `attributes` end. */
  afterAttributes(attributes: number, abbreviation: Abbreviation): number;
  /** Where the children of the entry at `offset` end. */
  endOfChildren(offset: number): number;
  ownerOf(offset: number): DwarfEntry | undefined;
  /** @param most bytes of the list to read, when not all of it is wanted */
  rangeListAt(offset: number, most?: number): RangeList;
  /** The expression that a location list has for `pc`. */
  locationAt(offset: number, pc: CodeOffset | undefined): LocationListEntry | undefined;
  /** All that a location list says. */
  locationsAt(offset: number): readonly LocationListEntry[];
}

/** Whether two handles are of the same entry: offsets count only within one unit's file. */
export function isSameEntry(a: Entry, b: Entry): boolean {
  return a.offset === b.offset && a.unit === b.unit;
}

export class DwarfEntry implements Entry {
  /**
   * @param offset where its abbreviation code is
   * @param attributes where its first attribute is, or would be
   */
  constructor(
    readonly unit: EntryUnit,
    readonly offset: SectionOffset,
    private readonly abbreviation: Abbreviation,
    private readonly attributes: number,
  ) {}

  get tag(): number {
    return this.abbreviation.tag;
  }

  get hasChildren(): boolean {
    return this.abbreviation.hasChildren;
  }

  own(at: number): AttributeValue | undefined {
    const index = this.abbreviation.indexOf(at);
    return index < 0 ? undefined : this.unit.readAttribute(this.attributes, this.abbreviation, index);
  }

  /** DW_AT of the attributes that this very entry carries, in their order. */
  get ownAttributes(): readonly number[] {
    return Array.from(this.abbreviation.attributes);
  }

  attribute(at: number): AttributeValue | undefined {
    return this.holder(at)?.own(at);
  }

  holder(at: number): DwarfEntry | undefined {
    return this.findHolder(at, MAX_COMPLETIONS);
  }

  private findHolder(at: number, depth: number): DwarfEntry | undefined {
    const { abbreviation } = this;
    if (abbreviation.indexOf(at) >= 0) return this;
    if (depth === 0 || NEVER_MERGED.has(at)) return undefined;
    for (const link of COMPLETED_BY) {
      if (abbreviation.indexOf(link) < 0) continue;
      const found = this.follow(this.own(link));
      if (!(found instanceof DwarfEntry)) continue;
      const holder = found.findHolder(at, depth - 1);
      if (holder !== undefined) return holder;
    }
    return undefined;
  }

  private follow(value: AttributeValue | undefined): Entry | undefined {
    if (value?.kind === "signature") return this.unit.owner.typeBySignature(value.value);
    if (value?.kind !== "reference") return undefined;
    if (value.supplementary) return this.unit.owner.supplementary?.entryAt(value.offset);
    return this.unit.contains(value.offset)
      ? this.unit.entryAt(value.offset)
      : this.unit.owner.entryAt(value.offset);
  }

  get name(): string | undefined {
    return this.string(DW_AT.name) || undefined;
  }

  reference(at: number): Entry | undefined {
    const holder = this.holder(at);
    return holder?.follow(holder.own(at));
  }

  string(at: number): string | undefined {
    // What a thing is called decides nothing: where the text is lost, the rest of what is known of it stands.
    const value = attempt(() => this.attribute(at));
    if (value instanceof FormatError) this.unit.report(value);
    else if (value?.kind === "string") return value.value;
    return undefined;
  }

  unsigned(at: number): number | undefined {
    const value = this.attribute(at);
    if (value?.kind !== "constant" || value.value < 0n) return undefined;
    return value.value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value.value) : undefined;
  }

  constant(at: number, signed: boolean): bigint | undefined {
    const value = this.attribute(at);
    if (value?.kind !== "constant") return undefined;
    return signed && value.size !== undefined ? BigInt.asIntN(8 * value.size, value.value) : value.value;
  }

  flag(at: number): boolean {
    const value = this.attribute(at);
    return value?.kind === "flag" && value.value;
  }

  address(at: number): number | undefined {
    const holder = this.holder(at);
    const value = holder?.own(at);
    if (value?.kind === "address") return value.value;
    // DWARF 5 §2.18: an entry pc may count from where the entry's code starts.
    if (value?.kind !== "constant" || at !== DW_AT.entry_pc) return undefined;
    const [first] = holder?.ranges() ?? [];
    return first === undefined ? undefined : first.low + Number(value.value);
  }

  expression(at: number): Uint8Array | undefined {
    const value = this.attribute(at);
    return value?.kind === "exprloc" || value?.kind === "block" ? value.bytes : undefined;
  }

  location(at: number, pc: CodeOffset | undefined): Uint8Array | "not-here" | undefined {
    const holder = this.holder(at);
    const value = holder?.own(at);
    if (holder === undefined || value === undefined) return undefined;
    if (value.kind === "exprloc" || value.kind === "block") return value.bytes;
    // A constant of DW_AT_data_member_location is a member's offset, in every version's practice.
    if (at === DW_AT.data_member_location && value.kind === "constant") return undefined;
    const list = holder.sectionOffsetOf(value);
    return list === undefined ? undefined : (holder.unit.locationAt(list, pc)?.expression ?? "not-here");
  }

  locationSpan(at: number, pc: CodeOffset): LocationSpan | undefined {
    const holder = this.holder(at);
    const value = holder?.own(at);
    const list = value && holder?.sectionOffsetOf(value);
    if (list !== undefined) {
      const unit = holder?.unit;
      const entry = unit?.locationAt(list, pc);
      if (unit === undefined || entry === undefined || entry.isDefault) return undefined;
      const isLast = (): boolean =>
        !unit.locationsAt(list).some(({ low, high }) => low >= entry.high && high > low);
      return { from: codeOffset(entry.low), throughout: false, isLast };
    }
    const ranges = this.parent?.ranges() ?? [];
    if (ranges.length === 0) return undefined;
    return {
      from: codeOffset(Math.min(...ranges.map(({ low }) => low))),
      throughout: true,
      isLast: () => true,
    };
  }

  locations(at: number): readonly Uint8Array[] {
    const holder = this.holder(at);
    const value = holder?.own(at);
    if (value?.kind === "exprloc" || value?.kind === "block") return [value.bytes];
    const list = value && holder?.sectionOffsetOf(value);
    return list === undefined ? [] : holder!.unit.locationsAt(list).map(({ expression }) => expression);
  }

  /** An own attribute's offset into another section. */
  sectionOffset(at: number): number | undefined {
    return this.sectionOffsetOf(this.own(at));
  }

  /** Before DWARF 4 had DW_FORM_sec_offset, data4 and data8 stood for it (DWARF 3 §7.5.4). */
  private sectionOffsetOf(value: AttributeValue | undefined): number | undefined {
    if (value?.kind === "section-offset") return value.offset;
    if (value?.kind !== "constant" || this.unit.version > 3) return undefined;
    return value.size === 4 || value.size === 8 ? Number(value.value) : undefined;
  }

  ranges(): readonly CodeRange[] {
    const list = attempt(() => this.codeRanges()?.toArray() ?? []);
    if (!(list instanceof FormatError)) return list;
    this.unit.report(list);
    return [];
  }

  /**
   * The entry's code, tombstones left out; undefined when it does not say.
   * @param most bytes of a list of ranges to read, when not all of it is wanted
   */
  codeRanges(most?: number): RangeList | undefined {
    const { abbreviation, unit } = this;
    if (abbreviation.indexOf(DW_AT.ranges) >= 0) {
      const list = this.sectionOffset(DW_AT.ranges);
      if (list === undefined) {
        throw new FormatError("DW_AT_ranges is not an offset", unit.placeOf(this.offset));
      }
      return unit.rangeListAt(list, most);
    }
    const low = this.own(DW_AT.low_pc);
    const high = this.own(DW_AT.high_pc);
    if (low?.kind !== "address" || high === undefined) return undefined;
    const end =
      high.kind === "address"
        ? high.value
        : high.kind === "constant"
          ? low.value + Number(high.value)
          : low.value;
    return new RangeList().add(low.value, end, unit.addressSize);
  }

  *children(): Iterable<DwarfEntry> {
    if (!this.hasChildren) return;
    for (let at = this.unit.afterAttributes(this.attributes, this.abbreviation); ; ) {
      const child = this.unit.entryOrNullAt(at);
      if (child === undefined) return;
      yield child;
      at = child.next();
    }
  }

  /** Where the entry after this one and all that it owns starts. */
  private next(): number {
    const { unit, abbreviation } = this;
    if (!this.hasChildren) return unit.afterAttributes(this.attributes, abbreviation);
    const sibling = this.own(DW_AT.sibling);
    // It must lead forwards, else a malformed unit would have its children listed for ever.
    if (sibling?.kind === "reference" && sibling.offset > this.attributes) return sibling.offset;
    return unit.endOfChildren(this.offset);
  }

  get parent(): Entry | undefined {
    return this.unit.ownerOf(this.offset);
  }
}

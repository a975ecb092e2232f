/**
 * .debug_names (DWARF 5 §6.1.1): the program's names by their hash, so that the unit that describes one is found without
 * a look at the others. clang writes it for `-gdwarf-5 -gpubnames`; linkers put one index for each object behind the
 * other. It lists definitions alone, types and what has a place; enumerators are not in it.
 */
import { attempt, FormatError } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import { DW_FORM, DW_IDX } from "./constants";
import { readInitialLength } from "./encoding";
import { stringAt } from "./strings";

/** Where an entry of a name is. */
export interface IndexedName {
  readonly tag: number;
  /** Where its unit, or the skeleton of its unit, starts in .debug_info. */
  readonly unit: number;
  /** From the start of its unit. */
  readonly offset: number;
}

interface Shape {
  readonly tag: number;
  readonly columns: readonly (readonly [column: number, form: number])[];
}

/** Entries of one name that are read. */
const MOST_ENTRIES = 100_000;

/** One index, for the units of one object. */
class Table {
  private constructor(
    readonly units: readonly number[],
    /** Whether it lists type units, whose entries are told apart by signatures. */
    readonly hasTypeUnits: boolean,
    private readonly reader: ByteReader,
    private readonly offsetSize: number,
    private readonly buckets: number,
    private readonly count: number,
    /** Positions in the section: of the buckets, and of the pool of entries. */
    private readonly start: number,
    private readonly pool: number,
    private readonly shapes: ReadonlyMap<number, Shape>,
  ) {}

  /** @param section the whole section, at the index's header; left behind the index */
  static read(section: ByteReader): Table {
    const { length, offsetSize } = readInitialLength(section);
    const reader = section.sub(length);
    const version = reader.u16();
    if (version !== 5) reader.fail(`Version ${version} of the name index is not supported`);
    reader.skip(2);
    const [units, localTypes, foreignTypes, buckets, count, abbreviations, augmentation] = Array.from(
      { length: 7 },
      () => reader.u32(),
    ) as [number, number, number, number, number, number, number];
    reader.skip(Math.ceil(augmentation / 4) * 4);
    const lists = offsetSize * (units + localTypes) + 8 * foreignTypes;
    const tables = 4 * buckets + (buckets === 0 ? 0 : 4 * count) + 2 * offsetSize * count;
    if (lists + tables + abbreviations > reader.remaining) reader.fail("The name index does not fit");
    const offsets = Array.from({ length: units }, () => reader.unsigned(offsetSize));
    reader.skip(offsetSize * localTypes + 8 * foreignTypes);
    const start = reader.position;
    reader.skip(tables);
    const shapes = readShapes(reader.sub(abbreviations));
    const hasTypeUnits = localTypes + foreignTypes > 0;
    return new Table(
      offsets,
      hasTypeUnits,
      reader,
      offsetSize,
      buckets,
      count,
      start,
      reader.position,
      shapes,
    );
  }

  *find(name: string, hash: number, strings: ByteSource): Iterable<IndexedName> {
    const { reader, start, buckets, count, offsetSize } = this;
    if (buckets === 0) return;
    const hashes = start + 4 * buckets;
    const names = hashes + 4 * count;
    for (let at = this.number(start + 4 * (hash % buckets), 4); at >= 1 && at <= count; at++) {
      const other = this.number(hashes + 4 * (at - 1), 4);
      if (other % buckets !== hash % buckets) return;
      if (other !== hash) continue;
      const text = stringAt(strings, this.number(names + offsetSize * (at - 1), offsetSize));
      if (text !== name) continue;
      reader.position = this.pool + this.number(names + offsetSize * (count + at - 1), offsetSize);
      yield* this.entries();
    }
  }

  private number(position: number, size: number): number {
    this.reader.position = position;
    return this.reader.unsigned(size);
  }

  /** The entries of a name, from where the reader is. */
  private entries(): readonly IndexedName[] {
    const { reader, shapes } = this;
    const found: IndexedName[] = [];
    while (found.length < MOST_ENTRIES) {
      const code = reader.uleb();
      if (code === 0) break;
      const shape = shapes.get(code) ?? reader.fail(`Abbreviation ${code} of the name index is not declared`);
      let unit = 0;
      let offset: number | undefined;
      for (const [column, form] of shape.columns) {
        const value = readNumber(reader, form);
        if (column === DW_IDX.compile_unit) unit = value;
        else if (column === DW_IDX.die_offset) offset = value;
      }
      const owner = this.units[unit];
      if (owner !== undefined && offset !== undefined) found.push({ tag: shape.tag, unit: owner, offset });
    }
    return found;
  }
}

function readShapes(reader: ByteReader): ReadonlyMap<number, Shape> {
  const shapes = new Map<number, Shape>();
  while (!reader.atEnd) {
    const code = reader.uleb();
    if (code === 0) break;
    const tag = reader.uleb();
    const columns: [number, number][] = [];
    for (;;) {
      const column = reader.uleb();
      const form = reader.uleb();
      if (column === 0 && form === 0) break;
      columns.push([column, form]);
    }
    shapes.set(code, { tag, columns });
  }
  return shapes;
}

function readNumber(reader: ByteReader, form: number): number {
  switch (form) {
    case DW_FORM.flag_present:
      return 1;
    case DW_FORM.data1:
    case DW_FORM.ref1:
    case DW_FORM.flag:
      return reader.u8();
    case DW_FORM.data2:
    case DW_FORM.ref2:
      return reader.u16();
    case DW_FORM.data4:
    case DW_FORM.ref4:
      return reader.u32();
    case DW_FORM.data8:
    case DW_FORM.ref8:
    case DW_FORM.ref_sig8:
      return Number(reader.u64());
    case DW_FORM.udata:
    case DW_FORM.ref_udata:
      return reader.uleb();
    default:
      return reader.fail(`Form 0x${form.toString(16)} is not supported in a name index`);
  }
}

/** What names are hashed by (§7.33): Bernstein's, of names in which case does not count. */
function hashOf(name: string): number {
  let hash = 5381;
  for (const byte of new TextEncoder().encode(name.toLowerCase())) hash = (Math.imul(hash, 33) + byte) >>> 0;
  return hash;
}

/** Names whose letters fold as ASCII's do: others would need Unicode's table. */
const PLAIN = /^[\x20-\x7e]*$/;

export class NameIndex {
  private constructor(
    private readonly tables: readonly Table[],
    private readonly strings: ByteSource,
  ) {}

  /**
   * The indexes of a section; undefined where one is damaged, as what it lacks would be taken for missing.
   * @param strings .debug_str
   */
  static read(
    section: ByteSource,
    strings: ByteSource,
    report: (problem: FormatError) => void,
  ): NameIndex | undefined {
    const tables = attempt(() => {
      const reader = new ByteReader(section.read(0, section.size), section.name);
      const read: Table[] = [];
      while (!reader.atEnd) read.push(Table.read(reader));
      return read;
    });
    if (!(tables instanceof FormatError)) return new NameIndex(tables, strings);
    report(tables);
    return undefined;
  }

  /** Whether it lists the names of a unit, by where that starts, and of all its types. */
  covers(units: Iterable<number>): boolean {
    if (this.tables.some(({ hasTypeUnits }) => hasTypeUnits)) return false;
    const listed = new Set(this.tables.flatMap(({ units }) => units));
    for (const unit of units) if (!listed.has(unit)) return false;
    return true;
  }

  /** Where a name is defined; undefined for a name that cannot be looked up. @throws FormatError where it is damaged */
  find(name: string): readonly IndexedName[] | undefined {
    if (!PLAIN.test(name)) return undefined;
    const hash = hashOf(name);
    return this.tables.flatMap((table) => [...table.find(name, hash, this.strings)]);
  }
}

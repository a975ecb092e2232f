/**
 * The indexes of a package of split units (.dwp): which parts of its sections belong to which unit
 * (.debug_cu_index and .debug_tu_index; DWARF 5 §7.3.5.3, and GNU's version 2 for DWARF 4).
 */
import { FormatError } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";

/** A part of a section, in bytes. */
export interface Contribution {
  readonly offset: number;
  readonly size: number;
}

/** A unit's parts, by the sections' names without `.dwo`. */
export type Contributions = ReadonlyMap<string, Contribution>;

/** What columns stand for: DW_SECT of version 5, and of GNU's version 2. */
const COLUMNS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  2: {
    1: ".debug_info",
    2: ".debug_types",
    3: ".debug_abbrev",
    4: ".debug_line",
    5: ".debug_loc",
    6: ".debug_str_offsets",
    7: ".debug_macinfo",
    8: ".debug_macro",
  },
  5: {
    1: ".debug_info",
    3: ".debug_abbrev",
    4: ".debug_line",
    5: ".debug_loclists",
    6: ".debug_str_offsets",
    7: ".debug_macro",
    8: ".debug_rnglists",
  },
};

/** More would be no section of DWARF's. */
const MOST_COLUMNS = 64;

/** What one index says, by the units' signatures (a compile unit's is its dwo id). */
export class PackageIndex {
  private constructor(private readonly rows: ReadonlyMap<bigint, Contributions>) {}

  /** The contributions of every unit. */
  get contributions(): Iterable<Contributions> {
    return this.rows.values();
  }

  /** A unit's contributions by its signature. */
  find(signature: bigint): Contributions | undefined {
    return this.rows.get(signature);
  }

  /** @throws FormatError when the index is malformed or of a version that is not known */
  static read(source: ByteSource): PackageIndex {
    const reader = new ByteReader(source.read(0, source.size), source.name);
    // Version 5 is two bytes and two of padding, which reads the same.
    const version = reader.u32();
    const names = COLUMNS[version];
    if (names === undefined) return reader.fail(`Index version ${version} is not supported`, undefined, 0);
    const columns = reader.u32();
    const units = reader.u32();
    const slots = reader.u32();
    const needed = 12 * slots + 4 * columns + 8 * columns * units;
    if (columns > MOST_COLUMNS || needed > reader.remaining)
      return reader.fail(`The index of ${units} units and ${columns} columns does not fit`, undefined, 0);
    const signatures = Array.from({ length: slots }, () => reader.u64());
    const rowOfSlot = Array.from({ length: slots }, () => reader.u32());
    const sections = Array.from({ length: columns }, () => names[reader.u32()]);
    const table = Array.from({ length: 2 * columns * units }, () => reader.u32());
    const rows = new Map<bigint, Contributions>();
    rowOfSlot.forEach((row, slot) => {
      if (row === 0) return; // an empty slot
      if (row > units) throw new FormatError(`Row ${row} of ${units}`, { section: source.name, offset: 0 });
      const parts = new Map<string, Contribution>();
      sections.forEach((name, column) => {
        const at = (row - 1) * columns + column;
        if (name !== undefined) parts.set(name, { offset: table[at]!, size: table[columns * units + at]! });
      });
      rows.set(signatures[slot]!, parts);
    });
    return new PackageIndex(rows);
  }
}

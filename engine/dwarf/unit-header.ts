/**
 * A unit's header in .debug_info or .debug_types (DWARF 5 §7.5.1, DWARF 4 §7.5.1.2).
 */
import type { ByteReader } from "../bytes/reader";
import { DW_UT, unitTypeName } from "./constants";
import { type Encoding, readInitialLength } from "./encoding";

export interface UnitHeader {
  readonly encoding: Encoding;
  /** Where the unit starts, in bytes from the start of its section. */
  readonly offset: number;
  /** Where its first entry starts. */
  readonly firstEntry: number;
  /** After its last byte. */
  readonly end: number;
  /** A DW_UT; for DWARF 2 to 4, which do not say, `compile` or, in .debug_types, `type`. */
  readonly unitType: number;
  /** Offset of its table in .debug_abbrev. */
  readonly abbreviations: number;
  /** A type unit's signature. */
  readonly signature: bigint | undefined;
  /** Where a type unit's type is. */
  readonly typeEntry: number | undefined;
  /** What a skeleton unit and its split unit share. */
  readonly dwoId: bigint | undefined;
}

/** The most bytes a header takes: 64-bit DWARF 5, a type unit. */
export const MAX_UNIT_HEADER = 12 + 2 + 1 + 1 + 8 + 8 + 8;

/** A unit whose header cannot be used, but whose end is known, so that the next unit can be found. */
export interface SkippedUnit {
  readonly end: number;
  readonly why: string;
}

/**
 * Reads the header at the reader's position.
 *
 * @param inTypes whether the section is DWARF 4's .debug_types
 * @param sectionEnd where the section ends: a unit that reaches further is malformed
 */
export function readUnitHeader(
  reader: ByteReader,
  inTypes: boolean,
  sectionEnd: number,
): UnitHeader | SkippedUnit {
  const offset = reader.position;
  const { length, offsetSize } = readInitialLength(reader);
  const end = reader.position + length;
  if (end > sectionEnd) {
    reader.fail(
      `The unit claims ${length} bytes, ${sectionEnd - reader.position} are left`,
      "The debug information is truncated.",
      offset,
    );
  }
  if (length < 2 + offsetSize + 1)
    return { end, why: `A unit of ${length} bytes has no room for its header` };
  const version = reader.u16();
  if (version < 2 || version > 5) return { end, why: `DWARF version ${version} is not supported` };
  let unitType: number = inTypes ? DW_UT.type : DW_UT.compile;
  let addressSize: number;
  let abbreviations: number;
  if (version >= 5) {
    unitType = reader.u8();
    addressSize = reader.u8();
    abbreviations = reader.unsigned(offsetSize);
  } else {
    abbreviations = reader.unsigned(offsetSize);
    addressSize = reader.u8();
  }
  if (addressSize !== 4 && addressSize !== 8)
    return { end, why: `An address size of ${addressSize} bytes is not supported` };
  let signature: bigint | undefined;
  let typeEntry: number | undefined;
  let dwoId: bigint | undefined;
  switch (unitType) {
    case DW_UT.type:
    case DW_UT.split_type:
      signature = reader.u64();
      typeEntry = offset + reader.unsigned(offsetSize);
      break;
    case DW_UT.skeleton:
    case DW_UT.split_compile:
      dwoId = reader.u64();
      break;
    case DW_UT.compile:
    case DW_UT.partial:
      break;
    default:
      return { end, why: `${unitTypeName(unitType)} is not known` };
  }
  const firstEntry = reader.position;
  if (firstEntry > end) return { end, why: `A unit of ${length} bytes has no room for its header` };
  const encoding = { version, addressSize, offsetSize };
  return { encoding, offset, firstEntry, end, unitType, abbreviations, signature, typeEntry, dwoId };
}

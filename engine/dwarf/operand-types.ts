/** The base types that typed operations name (DWARF 5 §2.5.1, §5.1), as far as arithmetic on them is known. */
import { DW_AT, DW_TAG } from "./constants";
import type { Entry } from "./model";
import type { OperandType } from "./stack-value";

/** Bytes of the widest type that values are computed with. */
const WIDEST = 16;

/** The type that a DW_TAG_base_type describes; undefined for any other entry, and for one of a size out of bounds. */
export function operandTypeOf(entry: Entry | undefined): OperandType | undefined {
  if (entry?.tag !== DW_TAG.base_type) return undefined;
  const encoding = entry.unsigned(DW_AT.encoding);
  const bits = entry.unsigned(DW_AT.bit_size);
  const size = entry.unsigned(DW_AT.byte_size) ?? (bits === undefined ? undefined : Math.ceil(bits / 8));
  if (encoding === undefined || size === undefined || size < 1 || size > WIDEST) return undefined;
  return { kind: "base", encoding, size };
}

/** Constants that entries carry: discriminants, enumerators. */
import type { Entry } from "../dwarf/model";
import { fromBytes } from "../dwarf/stack-value";

/** Bytes of the widest integer that languages have. */
const WIDEST = 16;

/**
 * A whole number that an attribute holds, of up to 128 bits: compilers write what is wider than 64 as the bytes
 * of a block. Undefined when there is none, or none that is understood.
 * @param signed how to read it where its form leaves that open: as its type says
 */
export function wideConstant(entry: Entry, at: number, signed: boolean): bigint | undefined {
  const value = entry.attribute(at);
  if (value?.kind !== "block" && value?.kind !== "exprloc") return entry.constant(at, signed);
  const { bytes } = value;
  if (bytes.length === 0 || bytes.length > WIDEST) return undefined;
  return signed ? BigInt.asIntN(8 * bytes.length, fromBytes(bytes)) : fromBytes(bytes);
}

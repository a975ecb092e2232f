/**
 * Whether pieces can hold what the program stored. Where LLVM takes a variable apart (SROA), the pieces that it
 * describes are wrong in two ways that they show themselves.
 */
import { type Missing, missing } from "./missing";
import type { Piece, RegisterPlace, ValuePlace } from "./place";
import { fromBytes } from "./stack-value";

/** The bits of a piece that a value, or a part of it, is read from. */
export interface PieceBits {
  readonly piece: Piece;
  /** Bits of the piece in front of them. */
  readonly from: number;
  readonly count: number;
}

/**
 * Why a scalar of several pieces is not what they say: one names the same number as one in front of it, of which it
 * should be the higher bits. LLVM leaves out the shift where it divides a store in two.
 */
export function doubtOfScalar(parts: readonly PieceBits[]): Missing | undefined {
  const repeated = parts.some(
    (part, index) => isCut(part) && parts.slice(0, index).some((before) => isSameNumber(part, before)),
  );
  return repeated ? missing("misdescribed", "one part of it is given for another") : undefined;
}

/**
 * Why a bit-field is not the zero that its piece has there. A store to a bit-field is one to all of its storage unit,
 * with the other fields as they were, 0 to begin with. LLVM describes the unit, and may forget each of these stores.
 */
export function doubtOfZeroBits({ piece, from, count }: PieceBits): Missing | undefined {
  const { place } = piece;
  if (count === piece.bitSize || !isNumber(place)) return undefined;
  const isBlank = place.kind === "value" && place.isLiteral === true && fromBytes(place.bytes) === 0n;
  return from === 0 && !isBlank
    ? undefined
    : missing("misdescribed", "what was stored to its bits may be lost");
}

/** Of DW_OP_implicit_value all bytes are written, whatever a store did. */
const isNumber = (place: Piece["place"]): place is RegisterPlace | ValuePlace =>
  "kind" in place && (place.kind === "register" || (place.kind === "value" && place.isLiteral !== undefined));

/** Whether the piece is the lower bits of a wider number. */
function isCut({ piece, from }: PieceBits): boolean {
  const { place, bitOffset, bitSize } = piece;
  return isNumber(place) && bitOffset === 0 && from === 0 && 8 * place.bytes.length > bitSize;
}

/** Whether a piece's number is that of another one, or has it for its lower bits, other than by repeating a sign. */
function isSameNumber({ piece: { place, bitSize } }: PieceBits, { piece: before }: PieceBits): boolean {
  if (!isNumber(place) || !isNumber(before.place)) return false;
  const number = fromBytes(place.bytes);
  const other = fromBytes(before.place.bytes);
  const low = BigInt.asUintN(bitSize, number);
  const repeatsSign = low === 0n || BigInt.asIntN(bitSize, low) === -1n;
  return !repeatsSign && low === BigInt.asUintN(bitSize, other) && (number === other || number !== low);
}

/** Frame bases as the stack pointer at a function's entry gives them. */
import type { Term, Terms } from "./terms";

/** A frame base, in terms of the stack pointer at entry: that plus `offset`, rounded down to `alignment` bytes. */
export interface FrameBase {
  readonly offset: number;
  readonly alignment: number;
}

/** The frame base that a function's prologue sets up. */
export interface PrologueBase extends FrameBase {
  /** Offset in the body of the instruction that gives it to the local that was asked for; undefined when none does. */
  readonly givenAt: number | undefined;
}

/** A term as a frame base; undefined when it does not come from the stack pointer at entry. */
export function baseOf(terms: Terms, term: Term): FrameBase | undefined {
  const place = terms.frameAddress(term);
  if (place === undefined) return undefined;
  const { anchor, offset } = place;
  if (anchor === terms.entry) return { offset, alignment: 1 };
  const [inner, mask] = anchor.kind === "operation" ? anchor.operands : [];
  const start = inner && terms.frameAddress(inner);
  if (start?.anchor !== terms.entry || mask?.kind !== "constant" || offset !== 0) return undefined;
  const width = mask.value.type === "i64" ? 64 : 32;
  return { offset: start.offset, alignment: Number(-BigInt.asIntN(width, mask.value.bits)) };
}

/** The frame base of a function that was entered with that stack pointer, unsigned. */
export function frameBaseFrom({ offset, alignment }: FrameBase, entry: bigint, width: 32 | 64): bigint {
  const start = BigInt.asUintN(width, entry + BigInt(offset));
  return start - (start % BigInt(alignment));
}

/**
 * The stack pointer of every frame of a stack, computed: the youngest frame's is the global's value, a caller's at
 * its call is what its callee was entered with, and the code says how far each function has lowered it by then.
 */
import type { Term, Terms } from "./terms";

/** A frame's share in the chain; undefined where its code could not be followed. */
export interface ChainFrame {
  readonly terms: Terms;
  /** Where it stands. */
  readonly stackPointer: Term;
}

export interface ChainValue {
  /** The stack pointer at the function's entry, unsigned; undefined when it is not known. */
  entry: bigint | undefined;
  /** Where the frame stands. */
  now: bigint | undefined;
}

/**
 * @param frames youngest first
 * @returns undefined where the oldest frame turns out not to have started with what it must have started with: then
 *   frames are missing in between, as of a recursion, and nobody can tell where
 * @param connected whether the frame at an index was entered from the one after it
 * @param global the stack pointer as recorded, when it is the youngest frame's
 * @param initial its value before the program ran, when the oldest frame is the first that ran
 */
export function stackPointers(
  frames: readonly (ChainFrame | undefined)[],
  connected: (index: number) => boolean,
  global: bigint | undefined,
  initial: bigint | undefined,
  width: 32 | 64,
): ChainValue[] | undefined {
  const values: ChainValue[] = frames.map(() => ({ entry: undefined, now: undefined }));
  let now = global;
  frames.forEach((frame, index) => {
    const value = values[index]!;
    value.now = now;
    if (frame !== undefined && now !== undefined) value.entry = entryFrom(frame, now, width);
    now = connected(index) ? value.entry : undefined;
  });
  const oldest = values.at(-1);
  if (oldest !== undefined && initial !== undefined) {
    oldest.entry ??= initial;
    if (oldest.entry !== initial) return undefined;
  }
  for (let index = frames.length - 1; index > 0; index--) {
    const frame = frames[index];
    const { entry } = values[index]!;
    if (frame === undefined || entry === undefined) continue;
    values[index]!.now ??= nowFrom(frame, entry, width);
    if (connected(index - 1)) values[index - 1]!.entry ??= values[index]!.now;
  }
  return values;
}

function entryFrom({ terms, stackPointer }: ChainFrame, now: bigint, width: 32 | 64): bigint | undefined {
  const place = terms.frameAddress(stackPointer);
  if (place?.anchor !== terms.entry) return undefined;
  return BigInt.asUintN(width, now - BigInt(place.offset));
}

function nowFrom({ terms, stackPointer }: ChainFrame, entry: bigint, width: 32 | 64): bigint | undefined {
  const place = terms.frameAddress(stackPointer);
  if (place?.anchor !== terms.entry) return undefined;
  return BigInt.asUintN(width, entry + BigInt(place.offset));
}

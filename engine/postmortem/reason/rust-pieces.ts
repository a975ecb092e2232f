/**
 * `core::fmt::Arguments` of Rust before 1.93, as text: three words of which two count something. `pieces` are the
 * literal texts, `args` what stands between them, and `fmt`, when it is there, how they are to be written. The
 * compiler orders the three as it likes, so they are told by what they hold; where that is not beyond doubt,
 * nothing is said.
 */
import type { Machine } from "../../dwarf/machine";
import { readText, readU32 } from "./registers";

/** Literals of one message. */
const MOST_PIECES = 64;
const UNKNOWN = "{…}";
const WORD = 4;

interface Slice {
  readonly at: number;
  readonly length: number;
}

/**
 * @param at address of the Arguments
 * @param argument gives the text of an argument by its address (pointer to the value, formatter)
 */
export function renderPieces(
  machine: Machine,
  at: number,
  argument: (at: number) => string | undefined,
): string | undefined {
  const slices: Slice[] = [];
  for (let i = 0; i < 3; i++) {
    const start = readU32(machine, at + 2 * WORD * i);
    const length = readU32(machine, at + 2 * WORD * i + WORD);
    if (start === undefined || length === undefined) return undefined;
    slices.push({ at: start, length });
  }
  const readings = new Set<string>();
  for (const pieces of slices) {
    const literals = textsOf(machine, pieces);
    if (literals === undefined) continue;
    for (const args of slices) {
      const left = slices.find((slice) => slice !== pieces && slice !== args);
      if (args === pieces || left === undefined || !fits(literals, args, left)) continue;
      readings.add(joined(literals, args, left.at === 0, argument));
    }
  }
  return readings.size === 1 ? [...readings][0] : undefined;
}

/** A literal stands before each argument, or one more behind the last. */
function fits(literals: readonly string[], args: Slice, formats: Slice): boolean {
  if (args.length !== literals.length && args.length !== literals.length - 1) return false;
  // `None` is a null pointer; `Some` has a format for each placeholder.
  return formats.at === 0 || (formats.length > 0 && formats.length <= MOST_PIECES && args.length > 0);
}

function joined(
  literals: readonly string[],
  args: Slice,
  inOrder: boolean,
  argument: (at: number) => string | undefined,
): string {
  const shown = (index: number): string => {
    if (index >= args.length) return "";
    return (inOrder ? argument(args.at + 2 * WORD * index) : undefined) ?? UNKNOWN;
  };
  return literals.map((literal, index) => literal + shown(index)).join("");
}

/** A slice of `&str`; undefined when it is none. */
function textsOf(machine: Machine, { at, length }: Slice): readonly string[] | undefined {
  if (at === 0 || length === 0 || length > MOST_PIECES) return undefined;
  const texts: string[] = [];
  for (let index = 0; index < length; index++) {
    const start = readU32(machine, at + 2 * WORD * index);
    const size = readU32(machine, at + 2 * WORD * index + WORD);
    const text = start === undefined || size === undefined ? undefined : readText(machine, start, size);
    if (text === undefined || start === 0) return undefined;
    texts.push(text);
  }
  return texts;
}

/**
 * Counters of unrolled loops, of which the debug information gives the number of another turn.
 *
 * LLVM sets a mark for each number that a counter has, and places these marks by the order that instructions had
 * before selection and scheduling; where one is left, it is said of the whole loop. So the number of a later turn can
 * be given for the one turn whose code is left, as where the loop's body is one `if (i == 2)`.
 */
import { type CodeOffset, codeOffset } from "../bytes/offsets";
import { DW_AT, DW_LANG, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { isSpelledOut } from "../dwarf/spelled-out";
import type { FrameCode } from "./frame-code";

/** Languages that open a block for each declaration: there a block says nothing of a loop. */
const NESTS_DECLARATIONS: ReadonlySet<number | undefined> = new Set([DW_LANG.Rust, DW_LANG.Zig]);

/**
 * Whether a variable looks like the counter of a `for`, being alone in its block, around the block that is the body,
 * and is said to be one number in all of this code, as if no other had left any, or to change amid the body.
 */
export function isCountedAmiss(variable: Entry, pc: CodeOffset): boolean {
  const body = bodyAround(variable, pc);
  if (body === undefined || !isNumberAt(variable, pc)) return false;
  const span = variable.locationSpan(DW_AT.location, pc);
  if (span === undefined || span.throughout) return sameCode(variable.parent!, body);
  const before = codeOffset(span.from - 1);
  return isNumberAt(variable, before) && covers(body, span.from) && covers(body, before);
}

/** A variable that is this many numbers in turn counts. */
const COUNTS = 3;

/** Whether a variable that counts is one number in several turns of a loop, which all have their own code. */
export function isOneForTurns(variable: Entry, frame: FrameCode): boolean {
  const span = variable.locationSpan(DW_AT.location, frame.pc);
  if (span === undefined || span.throughout || !isNumberAt(variable, frame.pc)) return false;
  const isShared = frame
    .copies()
    .some((copy) => variable.locationSpan(DW_AT.location, copy)?.from === span.from);
  if (!isShared) return false;
  const numbers = variable.locations(DW_AT.location).filter((one) => isSpelledOut(one, variable.unit));
  return new Set(numbers.map(String)).size >= COUNTS;
}

/** The block that the frame stands in within a variable's own, where that declares nothing else. */
function bodyAround(variable: Entry, pc: CodeOffset): Entry | undefined {
  const block = variable.parent;
  if (block?.tag !== DW_TAG.lexical_block || NESTS_DECLARATIONS.has(variable.unit.language)) return undefined;
  // What a `for` over a range declares is another object in each turn.
  if (
    [...(block.parent?.children() ?? [])].some((entry) => entry.flag(DW_AT.artificial) && isVariable(entry))
  )
    return undefined;
  const inside = [...block.children()];
  const isAlone = inside.every((entry) => !isVariable(entry) || entry.offset === variable.offset);
  return isAlone
    ? inside.find((entry) => entry.tag === DW_TAG.lexical_block && covers(entry, pc))
    : undefined;
}

const isVariable = ({ tag }: Entry): boolean => tag === DW_TAG.variable;

const covers = (block: Entry, at: CodeOffset): boolean =>
  block.ranges().some(({ low, high }) => low <= at && at < high);

function sameCode(one: Entry, other: Entry): boolean {
  const [ranges, others] = [one.ranges(), other.ranges()];
  return (
    ranges.length === others.length &&
    ranges.every(({ low, high }, index) => low === others[index]!.low && high === others[index]!.high)
  );
}

function isNumberAt(variable: Entry, at: CodeOffset): boolean {
  if (variable.attribute(DW_AT.const_value)?.kind === "constant") return true;
  const location = variable.location(DW_AT.location, at);
  return location instanceof Uint8Array && isSpelledOut(location, variable.unit);
}

/**
 * Counters of unrolled loops, of which the debug information gives the number of another turn.
 *
 * LLVM sets a mark for each number that a counter has, and places these marks by the order that instructions had
 * before selection and scheduling. So a mark of a later turn can come to lie in the midst of the one turn whose code is
 * left, as where the loop's body is one `if (i == 2)`.
 */
import type { CodeOffset } from "../bytes/offsets";
import { codeOffset } from "../bytes/offsets";
import { DW_AT, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { isSpelledOut } from "../dwarf/spelled-out";

/**
 * Whether a variable is said to go from one number to another amid the block that is all that its own block has beside
 * it: the counter and the body of a `for`. A counter does not change there.
 */
export function changesInItsBody(variable: Entry, pc: CodeOffset): boolean {
  const block = variable.parent;
  const span = variable.locationSpan(DW_AT.location, pc);
  if (block?.tag !== DW_TAG.lexical_block || span === undefined || span.throughout) return false;
  const before = codeOffset(span.from - 1);
  if (!isNumberAt(variable, pc) || !isNumberAt(variable, before)) return false;
  const inside = [...block.children()];
  if (inside.some((entry) => entry.offset !== variable.offset && entry.tag === DW_TAG.variable)) return false;
  return inside.some(
    (entry) =>
      entry.tag === DW_TAG.lexical_block &&
      [pc, span.from, before].every((at) => entry.ranges().some(({ low, high }) => low <= at && at < high)),
  );
}

function isNumberAt(variable: Entry, at: CodeOffset): boolean {
  const location = variable.location(DW_AT.location, at);
  return location instanceof Uint8Array && isSpelledOut(location, variable.unit);
}

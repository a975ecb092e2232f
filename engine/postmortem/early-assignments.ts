/**
 * Variables whose debug information gives the value of a statement behind the one that a frame stands in, as the code
 * that assigns them comes earlier than the source has it.
 *
 * In a block of code that is run through in one go LLVM's instruction selection takes what depends on nothing else as
 * it likes: in a loop of one block, the counter's next number may be worked out ahead of the calls in the body.
 */
import { DW_AT } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import type { FrameCode } from "./frame-code";
import { soleLocal } from "./local-numbers";

/**
 * Whether a variable of the frame has been given its next value ahead of time: in the same block of code, by an
 * instruction of a later line, or of the loop's head, which comes again once the body is over.
 */
export function isEarly(variable: Entry, frame: FrameCode): boolean {
  const here = frame.location?.line;
  const location = variable.location(DW_AT.location, frame.pc);
  if (here === undefined || here === 0 || !(location instanceof Uint8Array)) return false;
  const local = soleLocal(location);
  const span = variable.locationSpan(DW_AT.location, frame.pc);
  if (local === undefined || span === undefined || span.throughout) return false;
  const line = frame.lineOfAssignment(local, span.from);
  if (line === undefined || line === 0 || line === here) return false;
  const isAhead = line > here || frame.linesOfLoop().includes(line);
  return isAhead && frame.isStraightFrom(span.from) && !frame.isCopied;
}

/**
 * What speaks against the location that the debug information of optimised code gives for a variable where a frame
 * stands, in the code and the lines around it. Most of what LLVM says wrong leaves no such trace (docs/VALUES.md).
 */
import { attempt } from "../bytes/errors";
import { type Missing, missing } from "../dwarf/missing";
import type { Entry } from "../dwarf/model";
import { DelayedAssignments } from "./delayed-assignments";
import { isEarly } from "./early-assignments";
import type { FrameCode } from "./frame-code";
import { isCountedAmiss, isOneForTurns } from "./unrolled-counters";

/** Why a variable does not have the value that its location names; undefined where nothing speaks against it. */
export type Doubts = (variable: Entry) => Missing | undefined;

export function frameDoubts(frame: FrameCode): Doubts {
  const delayed = new DelayedAssignments(frame);
  const holds = (doubt: () => boolean): boolean => attempt(doubt) === true;
  return (variable) => {
    if (holds(() => delayed.isLate(variable)))
      return missing("misdescribed", "its new value is worked out only later");
    if (holds(() => isEarly(variable, frame)))
      return missing("misdescribed", "its next value has been worked out ahead");
    const isOfAnotherTurn =
      holds(() => isOneForTurns(variable, frame)) ||
      holds(() => isCountedAmiss(variable, frame.pc) && !frame.isCopied);
    if (isOfAnotherTurn) return missing("misdescribed", "as it seems, of another turn of its unrolled loop");
    return undefined;
  };
}

/**
 * What speaks against the location that the debug information of optimised code gives for a variable where a frame
 * stands, in the code and the lines around it. Most of what LLVM says wrong leaves no such trace (docs/VALUES.md).
 */
import { attempt, once } from "../bytes/errors";
import type { CodeOffset } from "../bytes/offsets";
import { type Missing, missing } from "../dwarf/missing";
import type { Entry } from "../dwarf/model";
import { FunctionCode } from "../wasm/function-code";
import { isCopied } from "./code-copies";
import { DelayedAssignments } from "./delayed-assignments";
import type { PhysicalFrame, SourceLocation } from "./model";
import { isCountedAmiss } from "./unrolled-counters";

/** Why a variable does not have the value that its location names; undefined where nothing speaks against it. */
export type Doubts = (variable: Entry) => Missing | undefined;

/**
 * @param activation the frame's function, as called or inlined into `subprogram`
 * @param location where the frame stands in it
 */
export function frameDoubts(
  physical: PhysicalFrame,
  pc: CodeOffset,
  subprogram: Entry,
  activation: Entry,
  location: SourceLocation | undefined,
): Doubts {
  const isAmongCopies = once(() => {
    const code = FunctionCode.of(physical.module.wasm, physical.functionIndex);
    return code === undefined || isCopied(code, pc, subprogram.unit.lines);
  });
  const delayed = new DelayedAssignments(physical, pc, subprogram, activation, location, isAmongCopies);
  return (variable) => {
    if (attempt(() => delayed.isLate(variable)) === true)
      return missing("misdescribed", "its new value is worked out only later");
    if (attempt(() => isCountedAmiss(variable, pc) && !isAmongCopies()) === true)
      return missing("misdescribed", "as it seems, of another turn of its unrolled loop");
    return undefined;
  };
}

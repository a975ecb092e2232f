/** The operands of the instruction where a frame stands: as recorded, or worked out from the code before it. */
import { attempt, FormatError } from "../bytes/errors";
import type { Register } from "../dwarf/machine";
import type { PhysicalFrame } from "./model";

/**
 * The operands that the frame's instruction takes, in the order in which they were pushed: the last is the
 * top. `undefined` stands for an operand that is not known for certain. Recorded ones keep their provenance.
 * @returns nothing where there is no instruction, or where the number of its operands is not known
 */
export function operandsAt(frame: PhysicalFrame): readonly (Register | undefined)[] {
  const operands = attempt(() => frame.recovery.operandsTaken());
  return operands instanceof FormatError ? [] : operands;
}

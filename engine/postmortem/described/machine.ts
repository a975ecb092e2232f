/**
 * The machine of a frame whose function's code is not at hand. Locals and operands were recorded, but whether they still
 * hold what debug information says of them, and where a call returns to, only the code tells: they are missing.
 */
import type { Machine } from "../../dwarf/machine";
import { missing } from "../../dwarf/missing";

/** @param recorded what the dump has of the frame */
export function machineWithoutCode(recorded: Machine): Machine {
  const uncertain: Pick<Machine, "local" | "operand" | "frameBase" | "caller"> = {
    local: (index) => missing("code-absent", `local ${index}`),
    operand: (index) => missing("code-absent", `operand ${index}`),
    frameBase: (local) => missing("code-absent", `the frame base, in local ${local}`),
    caller: () => undefined,
  };
  return Object.assign(Object.create(recorded) as Machine, uncertain);
}

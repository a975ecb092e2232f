/**
 * Objects that a function takes by value and that lie in its caller's memory, at the address in a parameter of the Wasm
 * function. LLVM 14 (Emscripten 3.1.6) describes such a one up to the end of the code that first uses it, in unoptimised
 * code as well, where the object stays where it is: the parameter is never assigned, and nothing is kept elsewhere.
 */
import { once } from "../bytes/errors";
import { DW_AT, DW_OP, DW_TAG } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { WASM_LOCATION } from "../dwarf/operations";
import type { FunctionCode } from "../wasm/function-code";
import { assignedLocal } from "../wasm/operands";
import type { FrameCode } from "./frame-code";

/** The location of a parameter for all of its function, where it has one; undefined for all other variables. */
export function lastingLocations(
  frame: FrameCode,
  subprogram: Entry,
): (variable: Entry) => Uint8Array | undefined {
  const { module, functionIndex } = frame.physical;
  const unoptimised = once(() => isUnoptimised(frame.code()));
  return (variable) => {
    const start = subprogram.ranges()[0]?.low;
    if (variable.tag !== DW_TAG.formal_parameter || start === undefined) return undefined;
    const location = variable.location(DW_AT.location, start);
    const local = location instanceof Uint8Array ? addressedLocal(location) : undefined;
    const count = module.wasm.functionType(functionIndex)?.parameters.length ?? 0;
    if (local === undefined || local >= count || !unoptimised() || isAssigned(local, frame.code()))
      return undefined;
    return location as Uint8Array;
  };
}

/** The local that holds an object's address: `DW_OP_WASM_location 0 n` and nothing else. */
function addressedLocal(location: Uint8Array): number | undefined {
  const [operation, kind, local] = location;
  const isLocal = operation === DW_OP.WASM_location && kind === WASM_LOCATION.local;
  return isLocal && location.length === 3 && local! < 0x80 ? local : undefined;
}

/**
 * Whether each value goes through a local of its own, as LLVM's code without optimisation has it: what is done to the
 * stack pointer at a function's start tells.
 */
function isUnoptimised(code: FunctionCode | undefined): boolean {
  let last = "";
  for (const { mnemonic } of code?.instructions() ?? []) {
    if (last === "global.get") return mnemonic === "local.set";
    if (last !== "") return false;
    last = mnemonic;
  }
  return false;
}

function isAssigned(local: number, code: FunctionCode | undefined): boolean {
  for (const instruction of code?.instructions() ?? []) if (assignedLocal(instruction) === local) return true;
  return code === undefined;
}

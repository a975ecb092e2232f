/** A frame that stands in a call of the host: a function which the module imports did not return. */
import { functionIndex } from "../../bytes/offsets";
import type { Instruction } from "../../wasm/instructions";
import { indexImmediate } from "../../wasm/operands";
import type { FunctionType } from "../../wasm/types";
import type { PhysicalFrame } from "../model";
import { plain, type Trap } from "./statement";

export interface ImportedFunction {
  /** By the name section, and the field of its import: linkers shorten one or the other. */
  readonly names: readonly string[];
  readonly type: FunctionType;
}

/** The imported function that a `call` calls; undefined for other instructions and other functions. */
export function importedCallee(
  instruction: Instruction,
  { module: { wasm } }: PhysicalFrame,
): ImportedFunction | undefined {
  const index = calleeOf(instruction);
  if (index === undefined || index >= wasm.importedFunctionCount) return undefined;
  const type = wasm.functionType(functionIndex(index));
  const field = wasm.imports.filter(({ kind }) => kind === "function")[index]?.name;
  if (type === undefined || field === undefined) return undefined;
  const name = wasm.functionName(functionIndex(index));
  return { names: name === undefined || name === field ? [field] : [name, field], type };
}

/** What is said of a trap at a `call`. */
export function hostCall(instruction: Instruction, frame: PhysicalFrame, error: string | undefined): Trap {
  const { wasm } = frame.module;
  const index = calleeOf(instruction);
  const name =
    index === undefined ? undefined : (wasm.functionName(functionIndex(index)) ?? `wasm-function[${index}]`);
  if (index !== undefined && index < wasm.importedFunctionCount) {
    return plain("host-call", error ?? `the host function ${name} did not return`, [
      `in a call of the host function ${name}`,
    ]);
  }
  return plain("unknown", error ?? `stopped in a call of ${name ?? "an unknown function"}`);
}

/** The index of the function that a `call` names; undefined for other instructions. */
export function calleeOf(instruction: Instruction): number | undefined {
  return /^(return_)?call$/.test(instruction.mnemonic) ? indexImmediate(instruction, "function") : undefined;
}

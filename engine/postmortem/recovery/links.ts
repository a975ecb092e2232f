/**
 * Which frames of a stack called which: only where the code proves it do facts go from one to the other. Stacks are
 * cut, hosts stand between frames, and what is not certain must not be shown.
 */
import { functionIndex } from "../../bytes/offsets";
import type { CoreFrame, CoreThread } from "../../coredump/model";
import type { FunctionCode } from "../../wasm/function-code";
import type { Instruction } from "../../wasm/instructions";
import type { WasmModule } from "../../wasm/module";
import { indexImmediate } from "../../wasm/operands";
import { functionTypeText } from "../../wasm/types";

/**
 * How a frame was entered from the one below it: by a call of the module's own, or through the host, which keeps
 * the shadow stack but passes arguments of its own.
 */
export type Link = "call" | "host" | "none";

/** Frames around a gap in the middle of a stack (see `gapOf`) that are taken as not connected. */
const AROUND_A_GAP = 8;

/** The instruction where a frame stands: for a caller whose offset is that of its return, the call in front of it. */
export function standsAt(code: FunctionCode, frame: CoreFrame, youngest: boolean): Instruction | undefined {
  let before: Instruction | undefined;
  for (const instruction of code.instructions()) {
    if (instruction.offset < frame.offset) {
      before = instruction;
      continue;
    }
    // A stack overflow is reported at the body's start, in front of the declarations of locals.
    const entry = youngest && before === undefined;
    const here = entry || instruction.offset === frame.offset ? instruction : undefined;
    if (youngest || (here !== undefined && isCall(here))) return here;
    return before !== undefined && isCall(before) ? before : undefined;
  }
  return undefined;
}

const isCall = ({ mnemonic }: Instruction): boolean => /^call/.test(mnemonic);

/** How `callee` was entered from a caller that stands at `instruction`. */
export function linkOf(module: WasmModule, instruction: Instruction, callee: CoreFrame): Link {
  const entered = module.functionType(callee.functionIndex);
  switch (instruction.mnemonic) {
    case "call": {
      const called = indexImmediate(instruction, "function") ?? -1;
      if (called === callee.functionIndex) return "call";
      return called < module.importedFunctionCount ? "host" : "none";
    }
    case "call_indirect": {
      const type = module.typeAt(indexImmediate(instruction, "type") ?? -1);
      const fits = type && entered && functionTypeText(type) === functionTypeText(entered);
      return fits ? "call" : "none";
    }
    default:
      return "none";
  }
}

/** What the youngest frame's instruction lets one conclude from globals and memory as they were recorded. */
export type Standing = "stopped" | "in host" | "left";

/**
 * Whether the youngest frame stopped at its instruction, stands in a call of the host, or has called a function
 * whose frame the dump lacks.
 * @param trapsAtCalls whether a call through the table may be what trapped
 */
export function standingOf(module: WasmModule, instruction: Instruction, trapsAtCalls: boolean): Standing {
  const { mnemonic } = instruction;
  if (mnemonic === "call")
    return (indexImmediate(instruction, "function") ?? -1) < module.importedFunctionCount
      ? "in host"
      : "left";
  if (!isCall(instruction)) return "stopped";
  return trapsAtCalls && instruction.mnemonic === "call_indirect" ? "stopped" : "left";
}

/** Where frames were left out of the middle of a runaway recursion; undefined for a whole stack. */
export function gapOf(thread: CoreThread): { readonly from: number; readonly to: number } | undefined {
  if (!/middle frames left out/.test(thread.name)) return undefined;
  const middle = thread.frames.length / 2;
  return { from: middle - AROUND_A_GAP, to: middle + AROUND_A_GAP };
}

/** Whether the oldest frame can be the first that ran: the host calls exports only. */
export function isEntry(module: WasmModule, frame: CoreFrame): boolean {
  return module.exports.some(
    ({ kind, index }) => kind === "function" && functionIndex(index) === frame.functionIndex,
  );
}

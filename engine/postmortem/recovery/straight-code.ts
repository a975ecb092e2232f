/**
 * Operands worked out by the straight code directly before the instruction that takes them, from recorded locals
 * and memory: instructions there that only compute have changed neither, so that the record says what they read.
 * Unoptimised code loads nearly all of its operands like that, and to follow the whole function to the same values
 * takes many times as long.
 */
import { address } from "../../bytes/offsets";
import { numericResult, type WasmValue } from "../../wasm/arithmetic";
import type { Instruction } from "../../wasm/instructions";
import type { WasmModule } from "../../wasm/module";
import { indexImmediate, type StackEffect } from "../../wasm/operands";
import type { StackState } from "../../wasm/operands-height";
import { accessOf, loaded } from "./accesses";
import type { KnownFrame } from "./equations";
import { constantOf } from "./interpreter";

/** What was recorded of the youngest frame. */
interface Recorded extends Pick<KnownFrame, "local" | "memory"> {
  readonly module: WasmModule;
}

/** An instruction that only computes, and how many operands it takes. */
interface Step {
  readonly instruction: Instruction;
  readonly pops: number;
}

/**
 * The state of the stack before the instruction at an offset of a body, and the instructions directly before it
 * that make one value of their operands, locals and memory, and do nothing else.
 * @param states the function's, in order
 */
export function straightCodeBefore(
  states: Iterable<StackState>,
  offset: number,
): { readonly state: StackState | undefined; readonly steps: readonly Step[] } {
  let steps: Step[] = [];
  for (const state of states) {
    const { instruction, effect } = state;
    if (instruction.offset >= offset)
      return { state: instruction.offset === offset ? state : undefined, steps };
    if (onlyComputes(instruction, effect)) steps.push({ instruction, pops: effect!.pops });
    else if (steps.length > 0) steps = [];
  }
  return { state: undefined, steps };
}

function onlyComputes({ mnemonic, immediates }: Instruction, effect: StackEffect | undefined): boolean {
  if (effect?.pushes !== 1) return false;
  const [immediate] = immediates;
  if (immediate === undefined) return effect.pops > 0;
  if (immediate.kind === "memarg") return mnemonic.includes(".load");
  return mnemonic === "local.get" || constantOf(mnemonic, immediate) !== undefined;
}

/**
 * What the steps leave on the operand stack, the top last, in the youngest frame; undefined for what the record
 * does not give.
 */
export function valuesLeft(steps: readonly Step[], frame: Recorded): readonly (WasmValue | undefined)[] {
  const stack: (WasmValue | undefined)[] = [];
  for (const { instruction, pops } of steps) {
    const operands = stack.splice(Math.max(0, stack.length - pops));
    // Those from before the steps are not known.
    while (operands.length < pops) operands.unshift(undefined);
    stack.push(computed(instruction, operands, frame));
  }
  return stack;
}

function computed(
  instruction: Instruction,
  operands: readonly (WasmValue | undefined)[],
  frame: Recorded,
): WasmValue | undefined {
  const { mnemonic, immediates } = instruction;
  const [immediate] = immediates;
  if (mnemonic === "local.get") return frame.local(indexImmediate(instruction, "local") ?? -1);
  const known = operands.filter((operand) => operand !== undefined);
  if (known.length < operands.length) return undefined;
  if (immediate === undefined) return numericResult(mnemonic, known);
  if (immediate.kind !== "memarg") return constantOf(mnemonic, immediate);
  const shape = accessOf(mnemonic);
  const memory = frame.module.memories[immediate.memory];
  // What other threads share may have changed since.
  if (shape === undefined || memory === undefined || memory.shared) return undefined;
  const at = Number(known[0]!.bits + immediate.offset);
  const bytes = Number.isSafeInteger(at)
    ? frame.memory(address(at), shape.access.bytes, immediate.memory)
    : undefined;
  return bytes instanceof Uint8Array ? loaded(shape.access, bytes) : undefined;
}

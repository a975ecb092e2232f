/**
 * Which value a function's frame base has: DW_AT_frame_base names a local, but some compilers name another one
 * than holds it, and in code that was optimised the local may hold something else by now.
 */
import type { FunctionCode } from "../../wasm/function-code";
import type { WasmModule } from "../../wasm/module";
import { assignedLocal, indexImmediate, stackEffect } from "../../wasm/operands";
import { firstState } from "./evaluation";
import { baseOf, type FrameBase, type PrologueBase } from "./frame-base";
import { Interpreter } from "./interpreter";
import type { ShadowStack } from "./shadow-stack";
import { Terms } from "./terms";

/** Instructions after which a function's prologue is over. */
const ENDS_PROLOGUE = /^(loop|if|else|end|br.*|return.*|unreachable|call.*|throw.*|try.*)$/;

/**
 * The frame base that the function sets up, as the local named says: its value once the stack pointer is set,
 * when that comes from the stack pointer at entry. Else what the stack pointer was set to; in a function that
 * does not set it (it calls nobody), the first address below it that a local gets.
 * @returns undefined where the function sets up no frame
 */
export function frameBaseOf(
  module: WasmModule,
  code: FunctionCode,
  stackPointer: ShadowStack,
  local: number | undefined,
): PrologueBase | undefined {
  const terms = new Terms();
  const interpreter = new Interpreter(module, terms, stackPointer);
  const state = firstState(terms, code, module, "stack pointer");
  /** What locals get that comes from the stack pointer, in order. */
  const assigned: { local: number; base: FrameBase; at: number }[] = [];
  for (const instruction of code.instructions()) {
    const { mnemonic } = instruction;
    const effect = stackEffect(module, instruction);
    if (effect === undefined || ENDS_PROLOGUE.test(mnemonic)) break;
    const operands = effect.pops === 0 ? [] : state.stack.splice(-effect.pops);
    if (operands.length < effect.pops) break;
    const [value] = operands;
    const base = value && baseOf(terms, value);
    if (mnemonic === "global.set" && indexImmediate(instruction, "global") === stackPointer.global) {
      return found(
        assigned.findLast((assignment) => assignment.local === local),
        base,
      );
    }
    const to = assignedLocal(instruction);
    if (base !== undefined && to !== undefined) assigned.push({ local: to, base, at: instruction.offset });
    interpreter.step(instruction, operands, effect.pushes, state);
  }
  const below = assigned.filter(({ base }) => base.offset < 0);
  return found(
    below.find((assignment) => assignment.local === local),
    below[0]?.base,
  );
}

function found(
  own: { readonly base: FrameBase; readonly at: number } | undefined,
  other: FrameBase | undefined,
): PrologueBase | undefined {
  const base = own?.base ?? other;
  return base && { ...base, givenAt: own?.at };
}

/**
 * The operands of the instruction where a frame stands: as recorded, or worked out from the code before it.
 *
 * Whether the operands of a trapping instruction are still on the recorded operand stack depends on the
 * producer: V8's inspector, for one, has popped those of loads, stores and arithmetic, and keeps those of
 * indirect calls. The height that validation gives the stack there tells both cases apart.
 */
import { attempt, FormatError } from "../bytes/errors";
import type { Register } from "../dwarf/machine";
import { Missing } from "../dwarf/missing";
import { FunctionCode } from "../wasm/function-code";
import type { Instruction } from "../wasm/instructions";
import { type StackState, stackStates } from "../wasm/operands-height";
import type { PhysicalFrame } from "./model";
import { StraightCode } from "./straight-code";

/**
 * The operands that the frame's instruction takes, in the order in which they were pushed: the last is the
 * top. `undefined` stands for an operand that is not known for certain. Recorded ones keep their provenance;
 * the others are "computed", and a computed NaN stands for any NaN.
 * @returns nothing where there is no instruction, or where the number of its operands is not known
 */
export function operandsAt(frame: PhysicalFrame): readonly (Register | undefined)[] {
  const operands = attempt(() => findOperands(frame));
  return operands instanceof FormatError ? [] : operands;
}

function findOperands(frame: PhysicalFrame): readonly (Register | undefined)[] {
  const { wasm } = frame.module;
  const code = FunctionCode.of(wasm, frame.functionIndex);
  if (code === undefined) return [];
  // Instructions that ran one after the other up to the frame's own.
  let run: StackState[] = [];
  for (const state of stackStates(wasm, code)) {
    const { offset } = state.instruction;
    if (offset > frame.core.offset) return [];
    if (offset === frame.core.offset) return operandsOf(state, run, code, frame);
    if (joinsPaths(state.instruction.mnemonic)) run = [];
    else run.push(state);
  }
  return [];
}

/** Whether execution may come to what follows from elsewhere than from the line before. */
function joinsPaths(mnemonic: string): boolean {
  return /^(loop|else|catch|catch_all|delegate|end)$/.test(mnemonic);
}

function operandsOf(
  { instruction, height, effect }: StackState,
  run: readonly StackState[],
  code: FunctionCode,
  frame: PhysicalFrame,
): readonly (Register | undefined)[] {
  if (effect === undefined) return [];
  const { pops } = effect;
  const unknown = new Array<undefined>(pops).fill(undefined);
  if (pops === 0 || height === "unreachable") return unknown;
  const holds = registersHold(instruction, frame);
  const compute = (): readonly (Register | undefined)[] =>
    new StraightCode(frame, code, run, instruction, holds).operands(pops);
  const recorded = frame.core.stack.length;
  if (recorded === height && holds) {
    const kept = unknown.map((_, i) => recordedOperand(frame, recorded - pops + i));
    if (!kept.includes(undefined)) return kept;
    const computed = compute();
    return kept.map((operand, i) => operand ?? computed[i]);
  }
  // Popped, or none recorded at all. Another height is not of this code.
  if (height === "unknown" || [height, height - pops, 0].includes(recorded)) return compute();
  return unknown;
}

/**
 * Whether recorded locals and operands are the program's. V8 keeps them in machine registers, and when it
 * reports these traps, the instruction's own work (a call of a C function, an explicit check of bounds) has
 * already put other values into some of them.
 */
function registersHold({ mnemonic, immediates }: Instruction, frame: PhysicalFrame): boolean {
  if (/^memory\.(copy|fill|init)$|\.atomic\./.test(mnemonic)) return false;
  return immediates.every(
    (immediate) =>
      immediate.kind !== "memarg" || frame.module.wasm.memories[immediate.memory]?.addressType === "i32",
  );
}

function recordedOperand(frame: PhysicalFrame, index: number): Register | undefined {
  const register = frame.machine.operand(index);
  return register instanceof Missing ? undefined : register;
}

/**
 * Values that the code works out behind the instruction where a frame stands, of nothing but what was there before it.
 *
 * An optimiser moves a computation down to where its result is used (LLVM's instcombine, and RegStackify, which builds
 * the operand stack), past calls and traps. In the source it may belong to a statement that is over by then.
 */
import type { BodyOffset } from "../bytes/offsets";
import type { FunctionCode } from "../wasm/function-code";
import type { Instruction } from "../wasm/instructions";
import type { WasmModule } from "../wasm/module";
import { indexImmediate, type StackEffect } from "../wasm/operands";
import { type StackState, stackStates } from "../wasm/operands-height";

export interface DelayedValue {
  /** The instruction that gives it. */
  readonly at: BodyOffset;
  /** The one behind, from where on it can be described. */
  readonly behind: BodyOffset;
}

/**
 * Those that the frame comes to for certain, in the order of the code.
 * @param offset where the frame stands
 * @throws FormatError where the function is malformed
 */
export function delayedValues(
  module: WasmModule,
  code: FunctionCode,
  offset: BodyOffset,
): readonly DelayedValue[] {
  const delayed: DelayedValue[] = [];
  let operands: Operands | undefined;
  for (const state of stackStates(module, code)) {
    const { instruction } = state;
    if (instruction.offset < offset) continue;
    if (operands === undefined) {
      if (instruction.offset !== offset || typeof state.height !== "number") return [];
      operands = new Operands(state.height);
      operands.take(state, false);
      continue;
    }
    if (leavesStraightCode(instruction)) break;
    if (!operands.follow(state)) break;
    if (isComputation(state) && operands.isTopKnown)
      delayed.push({
        at: instruction.offset,
        behind: (instruction.offset + instruction.length) as BodyOffset,
      });
  }
  return delayed;
}

const leavesStraightCode = ({ opcode, mnemonic }: Instruction): boolean =>
  opcode.structure !== "plain" || /^(unreachable|br|return|throw|rethrow)/.test(mnemonic);

/** Whether an instruction makes one value of its operands and of nothing else. */
const isComputation = ({ instruction, effect }: StackState): boolean =>
  effect?.pushes === 1 && effect.pops > 0 && instruction.immediates.length === 0;

/** Which operands and locals come of what was there before the frame's instruction. */
class Operands {
  private readonly known: boolean[];
  private readonly assigned = new Map<number, boolean>();

  constructor(height: number) {
    this.known = new Array<boolean>(height).fill(true);
  }

  get isTopKnown(): boolean {
    return this.known.at(-1) === true;
  }

  /** @returns false where the instruction's operands cannot be counted */
  follow(state: StackState): boolean {
    const { instruction } = state;
    const local = /^local\./.test(instruction.mnemonic) ? indexImmediate(instruction, "local") : undefined;
    switch (instruction.mnemonic) {
      case "local.get":
        this.known.push(this.assigned.get(local!) ?? true);
        return true;
      case "local.set":
        this.assigned.set(local!, this.known.pop() === true);
        return true;
      case "local.tee":
        this.assigned.set(local!, this.isTopKnown);
        return true;
      default:
        return this.take(state, isComputation(state) || isConstant(state));
    }
  }

  /** @param computes whether the results are known where the operands are; else they are not */
  take({ effect }: StackState, computes: boolean): boolean {
    if (effect === undefined) return false;
    const taken = this.known.splice(Math.max(0, this.known.length - effect.pops));
    const isKnown = computes && taken.length === effect.pops && taken.every((known) => known);
    for (let i = 0; i < effect.pushes; i++) this.known.push(isKnown);
    return true;
  }
}

const isConstant = ({ instruction, effect }: { instruction: Instruction; effect: StackEffect | undefined }) =>
  effect?.pops === 0 && /^(i32|i64|f32|f64|v128)\.const$/.test(instruction.mnemonic);

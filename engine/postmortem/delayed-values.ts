/**
 * Values that the code works out behind the instruction where a frame stands, of nothing but what was there before it.
 *
 * An optimiser moves a computation down to where its result is used (LLVM's instcombine, and RegStackify, which builds
 * the operand stack), past calls and traps. In the source it may belong to a statement that is over by then.
 */
import { type BodyOffset, bodyOffset } from "../bytes/offsets";
import type { FunctionCode } from "../wasm/function-code";
import type { WasmModule } from "../wasm/module";
import { indexImmediate } from "../wasm/operands";
import { type StackState, stackStates } from "../wasm/operands-height";
import { leaves } from "./frame-code";

export interface DelayedValue {
  /** The instruction that gives it. */
  readonly at: BodyOffset;
  /** The one behind, from where on it can be described. */
  readonly behind: BodyOffset;
  /** The locals that it is made of, as they are where the frame stands. */
  readonly locals: ReadonlySet<number>;
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
    if (instruction.opcode.structure !== "plain" || leaves(instruction.mnemonic)) break;
    if (!operands.follow(state)) break;
    const locals = isComputation(state) ? operands.top : undefined;
    if (locals !== undefined)
      delayed.push({
        at: instruction.offset,
        behind: bodyOffset(instruction.offset + instruction.length),
        locals,
      });
  }
  return delayed;
}

/** Whether an instruction makes one value of its operands and of nothing else. */
const isComputation = ({ instruction, effect }: StackState): boolean =>
  effect?.pushes === 1 && effect.pops > 0 && instruction.immediates.length === 0;

/** The locals that a value is made of; undefined where it is of what has happened since as well. */
type Source = ReadonlySet<number> | undefined;

/** What operands and locals come of, of what was there before the frame's instruction. */
class Operands {
  private readonly stack: Source[];
  private readonly assigned = new Map<number, Source>();

  constructor(height: number) {
    this.stack = new Array<Source>(height).fill(new Set());
  }

  get top(): Source {
    return this.stack.at(-1);
  }

  /** @returns false where the instruction's operands cannot be counted */
  follow(state: StackState): boolean {
    const { instruction } = state;
    const local = /^local\./.test(instruction.mnemonic) ? indexImmediate(instruction, "local") : undefined;
    if (local === undefined) return this.take(state, isComputation(state) || isConstant(state));
    if (instruction.mnemonic === "local.get")
      this.stack.push(this.assigned.has(local) ? this.assigned.get(local) : new Set([local]));
    else this.assigned.set(local, this.top);
    if (instruction.mnemonic === "local.set") this.stack.pop();
    return true;
  }

  /** @param computes whether the results are made of the operands and nothing else */
  take({ effect }: StackState, computes: boolean): boolean {
    if (effect === undefined) return false;
    const taken = this.stack.splice(Math.max(0, this.stack.length - effect.pops));
    const made = computes && taken.length === effect.pops ? united(taken) : undefined;
    for (let i = 0; i < effect.pushes; i++) this.stack.push(made);
    return true;
  }
}

function united(sources: readonly Source[]): Source {
  const all = new Set<number>();
  for (const source of sources) {
    if (source === undefined) return undefined;
    for (const local of source) all.add(local);
  }
  return all;
}

const isConstant = ({ instruction, effect }: StackState): boolean =>
  effect?.pops === 0 && /^(i32|i64|f32|f64|v128)\.const$/.test(instruction.mnemonic);

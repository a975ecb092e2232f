/** What each instruction does to a state of terms (Wasm core specification, "Instructions"). */
import { integerValue, type WasmValue } from "../../wasm/arithmetic";
import type { Constant } from "../../wasm/constant";
import type { Immediate, Instruction } from "../../wasm/instructions";
import type { WasmModule } from "../../wasm/module";
import { indexImmediate } from "../../wasm/operands";
import { littleEndian } from "../reason/registers";
import { accessOf } from "./accesses";
import type { Step } from "./constructs";
import type { BasicBlock, Way } from "./flow";
import type { KeptValue } from "./kept-value";
import type { ShadowStack } from "./shadow-stack";
import type { State } from "./state";
import { isNumeric, type Term, type Terms } from "./terms";
import { type Budget, Unrecoverable } from "./unrecoverable";

export class Interpreter {
  constructor(
    private readonly module: WasmModule,
    private readonly terms: Terms,
    private readonly stackPointer: ShadowStack,
    /** A variable that is followed beside the locals. */
    private readonly kept?: KeptValue,
  ) {}

  /** Runs a block; gives the operand that its branch at the end takes. */
  run(steps: readonly Step[], { first, end }: BasicBlock, state: State, budget: Budget): Term | undefined {
    let condition: Term | undefined;
    for (let at = first; at < end; at++) {
      const { instruction, effect } = steps[at]!;
      if (effect === undefined) throw new Unrecoverable(`its code uses ${instruction.mnemonic}`);
      if (/^(if|br_if|br_table)$/.test(instruction.mnemonic)) condition = state.stack.pop();
      else {
        const operands = effect.pops === 0 ? [] : state.stack.splice(-effect.pops);
        if (operands.length < effect.pops) throw new Unrecoverable("its operand stack cannot be followed");
        if (instruction.immediates.some(({ kind }) => kind === "memarg"))
          budget.spend(state.memory?.size ?? 0);
        this.step(instruction, operands, effect.pushes, state);
      }
    }
    return condition;
  }

  /** Goes a way out of a block. */
  follow({ to, condition, keeps, caught }: Way, state: State, operand: Term | undefined): void {
    if (operand !== undefined && condition !== "none" && condition !== "default")
      this.learn(state, operand, condition);
    if (keeps === undefined) return;
    const { base, carried } = keeps;
    if (base < 0 || state.stack.length < base + carried)
      throw new Unrecoverable("its operand stack cannot be followed");
    state.stack.splice(base, state.stack.length - base - carried);
    if (caught !== undefined) this.catch(to, caught, state);
  }

  /** Goes on at a handler: with the exception's values, and the stack pointer that the unwound callees left. */
  private catch(to: number, values: number, state: State): void {
    for (let i = 0; i < values; i++) state.stack.push(this.terms.unknown(`caught ${to} ${i}`));
    state.setStackPointer(this.terms.unknown(`stack pointer caught ${to}`, true));
  }

  private learn(state: State, operand: Term, condition: Exclude<Way["condition"], "none" | "default">): void {
    if (typeof condition === "object") state.learn(operand, integerValue(32, BigInt(condition.case)));
    else if (condition === "false") state.learn(operand, integerValue(32, 0n));
    else if (operand.kind === "operation" && /\.(eqz|eq)$/.test(operand.mnemonic))
      state.learn(operand, integerValue(32, 1n));
  }

  /** Calls away: what is given goes out, and what others may change is forgotten. */
  leave(state: State, given: readonly Term[]): void {
    const { memory } = state;
    if (memory === undefined) return;
    for (const operand of given) memory.escape(operand);
    memory.call(state.floor);
  }

  step(instruction: Instruction, operands: readonly Term[], pushes: number, state: State): void {
    const { mnemonic, immediates } = instruction;
    const [immediate] = immediates;
    const { stack, locals } = state;
    switch (mnemonic) {
      case "local.get":
        stack.push(this.at(locals, instruction));
        return;
      case "local.set":
      case "local.tee":
        this.at(locals, instruction);
        locals[indexImmediate(instruction, "local")!] = operands[0]!;
        this.kept?.assign(instruction, operands[0]!, locals);
        if (mnemonic === "local.tee") stack.push(operands[0]!);
        return;
      case "global.get":
        stack.push(this.global(instruction, state));
        return;
      case "global.set":
        this.setGlobal(instruction, operands[0]!, state);
        return;
      case "select":
        stack.push(this.terms.operation(mnemonic, operands, String(instruction.offset)));
        return;
      case "call":
      case "call_indirect":
      case "call_ref":
        this.call(instruction, operands, pushes, state);
        return;
      case "drop":
      case "nop":
        return;
      case "memory.copy":
      case "memory.fill":
      case "memory.init":
        // The memory that is written comes first.
        state.memory?.overwriteFrom(indexImmediate(instruction, "memory") ?? 0, operands[0]!);
        return;
    }
    const constant = immediate === undefined ? undefined : constantOf(mnemonic, immediate);
    if (constant !== undefined) stack.push(this.terms.constant(constant));
    else if (immediate?.kind === "memarg") this.access(instruction, immediate, operands, pushes, state);
    else if (pushes === 1 && operands.length > 0 && immediates.length === 0)
      stack.push(this.terms.operation(mnemonic, operands, String(instruction.offset)));
    else this.opaque(instruction, operands, pushes, state);
  }

  private at(locals: readonly Term[], instruction: Instruction): Term {
    const local = locals[indexImmediate(instruction, "local") ?? -1];
    if (local === undefined) throw new Unrecoverable("its code is malformed");
    return local;
  }

  /** An instruction of which nothing is known but how many operands it takes and leaves. */
  private opaque(
    instruction: Instruction,
    operands: readonly Term[],
    pushes: number,
    { stack, memory }: State,
  ): void {
    for (const operand of operands) memory?.escape(operand);
    for (let i = 0; i < pushes; i++)
      stack.push(this.terms.unknown(`${instruction.mnemonic} ${instruction.offset} ${i}`, false));
  }

  private access(
    instruction: Instruction,
    memarg: Extract<Immediate, { kind: "memarg" }>,
    operands: readonly Term[],
    pushes: number,
    state: State,
  ): void {
    const { mnemonic } = instruction;
    const { memory } = state;
    const [address, ...given] = operands;
    if (memory === undefined || address === undefined) {
      this.opaque(instruction, operands, pushes, state);
      return;
    }
    const offset = Number(memarg.offset);
    const shape = Number.isSafeInteger(offset) ? accessOf(mnemonic) : undefined;
    if (shape === undefined) {
      if (!mnemonic.includes(".load") && mnemonic !== "memory.atomic.notify")
        memory.overwriteAll(memarg.memory);
      this.opaque(instruction, given, pushes, state);
    } else if (given[0] === undefined) {
      const value = (): Term => this.terms.unknown(`${mnemonic} ${instruction.offset}`);
      state.stack.push(memory.load(memarg.memory, address, offset, shape.access, value));
    } else {
      const [stored] = given;
      memory.store(memarg.memory, address, offset, shape.access, shape.whole ? stored : undefined, stored);
    }
  }

  private global(instruction: Instruction, state: State): Term {
    const index = indexImmediate(instruction, "global") ?? -1;
    if (index === this.stackPointer.global) return state.stackPointer;
    const declared = this.module.globals[index];
    if (declared?.mutable === false) return this.immutable(index, declared.initial);
    const known = state.globals.get(index);
    if (known !== undefined) return known;
    const value = this.terms.unknown(`global ${index} since ${state.since}`);
    state.globals.set(index, value);
    return value;
  }

  private immutable(index: number, initial: Constant | undefined): Term {
    if (initial?.type === "i32") return this.terms.constant(integerValue(32, BigInt(initial.value)));
    if (initial?.type === "i64") return this.terms.constant(integerValue(64, initial.value));
    return this.terms.unknown(`global ${index}`);
  }

  private setGlobal(instruction: Instruction, value: Term, state: State): void {
    const index = indexImmediate(instruction, "global") ?? -1;
    if (index === this.stackPointer.global) {
      state.setStackPointer(value);
      return;
    }
    state.memory?.escape(value);
    state.globals.set(index, value);
  }

  private call(instruction: Instruction, operands: readonly Term[], pushes: number, state: State): void {
    this.leave(state, operands);
    state.globals.clear();
    state.since = String(instruction.offset);
    const callee = instruction.mnemonic === "call" ? indexImmediate(instruction, "function") : undefined;
    if (callee !== undefined && !this.stackPointer.isPreservedBy(callee))
      state.setStackPointer(this.terms.unknown(`stack pointer ${instruction.offset}`, true));
    for (let i = 0; i < pushes; i++)
      state.stack.push(this.terms.unknown(`result ${instruction.offset} ${i}`));
  }
}

/** What a constant instruction pushes; undefined for other instructions. */
export function constantOf(mnemonic: string, immediate: Immediate): WasmValue | undefined {
  if (!mnemonic.endsWith(".const") || !isNumeric(immediate.kind)) return undefined;
  switch (immediate.kind) {
    case "i32":
      return integerValue(32, BigInt(immediate.value));
    case "i64":
      return integerValue(64, immediate.value);
    case "f32":
    case "f64":
      return { type: immediate.kind, bits: BigInt(immediate.bits) };
    case "v128":
      return { type: "v128", bits: littleEndian(immediate.bytes, false) };
    default:
      return undefined;
  }
}

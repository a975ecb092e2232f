/**
 * Works out what lay on the operand stack after a run of instructions that executed one after the other,
 * from the state that the dump recorded at its end.
 *
 * A local that the run does not assign after reading it holds at the end what was read; the same goes for
 * globals and, where nothing wrote it since, for memory. Whatever else a value depends on makes it unknown.
 */
import { address } from "../bytes/offsets";
import type { Register } from "../dwarf/machine";
import { Missing } from "../dwarf/missing";
import { floatNumber, integerValue, numericResult, type WasmValue } from "../wasm/arithmetic";
import type { FunctionCode } from "../wasm/function-code";
import type { Immediate, Instruction } from "../wasm/instructions";
import { indexImmediate, type StackEffect } from "../wasm/operands";
import type { StackState } from "../wasm/operands-height";
import type { PhysicalFrame } from "./model";
import { littleEndian } from "./reason/registers";

type Value = WasmValue | undefined;

export class StraightCode {
  /** Where in the run each local and global is assigned for the last time. */
  private readonly localSet = new Map<number, number>();
  private readonly globalSet = new Map<number, number>();
  /** Where memory is written, and other functions run, for the last time; -1 for nowhere. */
  private written = -1;
  private called = -1;
  /** Locals whose value at the present instruction was worked out. */
  private readonly locals = new Map<number, WasmValue>();
  /** The top of the operand stack; what lies deeper is not known. */
  private readonly stack: Value[] = [];

  /**
   * @param run instructions that executed one after the other, up to the frame's
   * @param last the frame's instruction
   * @param localsHold whether the recorded locals are the program's
   */
  constructor(
    private readonly frame: PhysicalFrame,
    private readonly code: FunctionCode,
    private readonly run: readonly StackState[],
    last: Instruction,
    private readonly localsHold: boolean,
  ) {
    run.forEach(({ instruction }, at) => {
      this.note(instruction, at);
    });
    // What a call does to memory and globals is not in the run: the callee may have run, or runs still.
    if (frame.machine.youngest !== true || runsOtherCode(last)) this.called = this.written = run.length;
  }

  /** The `count` topmost operands behind the run, the top last. */
  operands(count: number): readonly (Register | undefined)[] {
    this.run.forEach(({ instruction, effect }, at) => {
      this.step(instruction, effect, at);
    });
    return this.take(count).map(toRegister);
  }

  private note(instruction: Instruction, at: number): void {
    const local = indexImmediate(instruction, "local");
    const global = indexImmediate(instruction, "global");
    if (local !== undefined && instruction.mnemonic !== "local.get") this.localSet.set(local, at);
    if (global !== undefined && instruction.mnemonic !== "global.get") this.globalSet.set(global, at);
    if (runsOtherCode(instruction)) this.called = this.written = at;
    if (writesMemory(instruction)) this.written = at;
  }

  private take(count: number): Value[] {
    const missing = Math.max(0, count - this.stack.length);
    const taken = count === 0 ? [] : this.stack.splice(-count);
    return [...new Array<undefined>(missing).fill(undefined), ...taken];
  }

  private step(instruction: Instruction, effect: StackEffect | undefined, at: number): void {
    if (effect === undefined) {
      this.stack.length = 0;
      return;
    }
    const operands = this.take(effect.pops);
    if (instruction.mnemonic === "local.set") this.assign(instruction, operands[0]);
    else if (effect.pushes === 1) this.stack.push(this.result(instruction, operands, at));
    else for (let i = 0; i < effect.pushes; i++) this.stack.push(undefined);
  }

  private assign(instruction: Instruction, value: Value): void {
    const local = indexImmediate(instruction, "local");
    if (local === undefined) return;
    if (value === undefined) this.locals.delete(local);
    else this.locals.set(local, value);
  }

  private result(instruction: Instruction, operands: readonly Value[], at: number): Value {
    const { mnemonic, immediates } = instruction;
    const [immediate] = immediates;
    if (immediate === undefined || mnemonic === "select") return computed(mnemonic, operands);
    switch (mnemonic) {
      case "i32.const":
      case "i64.const":
      case "f32.const":
      case "f64.const":
      case "v128.const":
        return constant(immediate);
      case "local.tee": {
        this.assign(instruction, operands[0]);
        return this.local(instruction, at);
      }
      case "local.get":
        return this.local(instruction, at);
      case "global.get":
        return this.global(instruction, at);
      default:
        return immediate.kind === "memarg" ? this.load(mnemonic, immediate, operands, at) : undefined;
    }
  }

  private local(instruction: Instruction, at: number): Value {
    const index = indexImmediate(instruction, "local") ?? -1;
    const lasts = this.localsHold && (this.localSet.get(index) ?? -1) <= at;
    const register = lasts ? this.frame.machine.local(index) : undefined;
    return agreed(recorded(register, this.code.localType(index)), this.locals.get(index));
  }

  private global(instruction: Instruction, at: number): Value {
    const index = indexImmediate(instruction, "global") ?? -1;
    const declared = this.frame.module.wasm.globals[index];
    if (declared === undefined) return undefined;
    const changed = Math.max(this.called, this.globalSet.get(index) ?? -1) > at;
    if (declared.mutable && changed) return undefined;
    return recorded(this.frame.machine.global(index), declared.type);
  }

  /** A load from a memory that only this thread writes, and that nothing wrote since. */
  private load(
    mnemonic: string,
    memarg: Extract<Immediate, { kind: "memarg" }>,
    operands: readonly Value[],
    at: number,
  ): Value {
    const shape = /^(i32|i64|f32|f64|v128)\.(?:atomic\.)?load(8|16|32)?(_s)?(?:_u)?$/.exec(mnemonic);
    const [base] = operands;
    const declared = this.frame.module.wasm.memories[memarg.memory];
    if (shape === null || base === undefined || declared === undefined) return undefined;
    if (this.written > at || declared.shared || memarg.memory !== 0) return undefined;
    const type = shape[1] as WasmValue["type"];
    const size = shape[2] === undefined ? sizes[type] : Number(shape[2]) / 8;
    const start = base.bits + memarg.offset;
    if (start > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
    const bytes = this.frame.machine.memory(address(Number(start)), size);
    if (bytes instanceof Missing) return undefined;
    const bits = littleEndian(bytes, shape[3] !== undefined);
    if (type === "i32") return integerValue(32, bits);
    if (type === "i64") return integerValue(64, bits);
    return { type, bits };
  }
}

const sizes = { i32: 4, i64: 8, f32: 4, f64: 8, v128: 16 } as const;

/** Whether functions run, or other stacks, before the instruction after it. */
function runsOtherCode({ mnemonic }: Instruction): boolean {
  return /call|resume|suspend|^switch$/.test(mnemonic);
}

/** Whether memory may hold something else behind the instruction, by its own doing or another thread's. */
function writesMemory({ mnemonic, immediates }: Instruction): boolean {
  return immediates.some(
    ({ kind }) =>
      (kind === "memarg" && !/\.load/.test(mnemonic)) || (kind === "memory" && mnemonic !== "memory.size"),
  );
}

function constant(immediate: Immediate): Value {
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

function computed(mnemonic: string, operands: readonly Value[]): Value {
  if (mnemonic === "select") {
    const [first, second, condition] = operands;
    if (condition === undefined) return undefined;
    return condition.bits === 0n ? second : first;
  }
  const known = operands.filter((operand) => operand !== undefined);
  return known.length === operands.length ? numericResult(mnemonic, known) : undefined;
}

/** A register as a value; undefined when it is not known or, in another module's dump, of another type. */
function recorded(register: Register | Missing | undefined, type: string | undefined): Value {
  if (register === undefined || register instanceof Missing || register.type !== type) return undefined;
  return { type: register.type, bits: littleEndian(register.bytes, false) };
}

/** One of two accounts of a value; nothing when they contradict each other. NaNs agree. */
function agreed(first: Value, second: Value): Value {
  if (first === undefined || second === undefined) return first ?? second;
  return first.bits === second.bits || (isNaNValue(first) && isNaNValue(second)) ? first : undefined;
}

function isNaNValue(value: WasmValue): boolean {
  return /^f/.test(value.type) && Number.isNaN(floatNumber(value));
}

function toRegister(value: Value): Register | undefined {
  if (value === undefined) return undefined;
  const bytes = new Uint8Array(sizes[value.type]);
  bytes.forEach((_, i) => {
    bytes[i] = Number((value.bits >> BigInt(8 * i)) & 0xffn);
  });
  return { type: value.type, bytes, provenance: "computed" };
}

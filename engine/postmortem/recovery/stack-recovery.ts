/**
 * What a stack's frames held, as far as code, memory and globals tell: the stack pointers, computed for the whole
 * stack at small cost; locals and operands, recovered for a stretch of frames when one of them is asked for.
 */
import { attempt, FormatError, once } from "../../bytes/errors";
import type { Address } from "../../bytes/offsets";
import type { CoreFrame, CoreThread } from "../../coredump/model";
import type { Provenance, Register } from "../../dwarf/machine";
import type { Missing } from "../../dwarf/missing";
import type { WasmValue } from "../../wasm/arithmetic";
import type { WasmModule } from "../../wasm/module";
import { stackStates } from "../../wasm/operands-height";
import { bytesOfType } from "./accesses";
import { type ChainFrame, type ChainValue, stackPointers } from "./chain";
import { type KnownFrame, solve } from "./equations";
import type { FrameState, Scope } from "./evaluation";
import { FollowedCode, type Place } from "./followed-code";
import { baseOf, type FrameBase, frameBaseFrom } from "./frame-base";
import type { Kept, KeptIn } from "./kept-value";
import { gapOf, isEntry, type Link, linkOf, standingOf } from "./links";
import { registersHold } from "./registers-hold";
import type { StackPointer } from "./stack-pointer";
import { straightCodeBefore, valuesLeft } from "./straight-code";
import { slotOf } from "./table-slots";
import type { Term } from "./terms";
import { Budget, recovering, Unrecoverable } from "./unrecoverable";
import type { TermValues } from "./values";

/** A frame as the dump has it: what was recorded, and no more. */
export interface RecordedFrame {
  readonly core: CoreFrame;
  readonly module: WasmModule;
  local(index: number): WasmValue | undefined;
  operand(index: number): WasmValue | undefined;
  global(index: number): WasmValue | undefined;
  /** @param memory index of the memory in the frame's module */
  memory(at: Address, length: number, memory: number): Uint8Array | Missing;
}

/** Operations that solving a stretch may cost. */
const SOLVING_BUDGET = 4_000_000;
/** Frames that are solved together, and neighbours on both sides that help. */
const STRETCH = 32;
const NEIGHBOURS = 8;

interface Solved {
  readonly state: FrameState;
  /** Undefined when the frame's equations contradict each other. */
  readonly values: TermValues | undefined;
}

export class StackRecovery {
  private readonly code = new FollowedCode();
  /** Frames that were solved by themselves. */
  private readonly single = new Map<number, Solved>();
  private readonly stretches = new Map<number, readonly (Solved | undefined)[]>();
  private readonly gap: ReturnType<typeof gapOf>;

  /**
   * @param frames youngest first
   * @param alone whether no other thread runs in the instances of this one
   * @param trapsAtCalls whether a youngest frame that stands at a call through the table can have trapped there
   */
  constructor(
    private readonly frames: readonly RecordedFrame[],
    thread: CoreThread,
    private readonly alone: boolean,
    private readonly trapsAtCalls: boolean,
  ) {
    this.gap = gapOf(thread);
    this.hasRegisters = thread.frames.some(({ locals, stack }) => locals.length + stack.length > 0);
  }

  // The code

  private pointerOf(module: WasmModule): StackPointer {
    return this.code.pointerOf(module);
  }

  private place(index: number): Place | undefined {
    const frame = this.frames[index];
    return frame && this.code.place(frame, index === 0);
  }

  /** What the frame's function holds where it stands, or why that cannot be told. */
  private state(index: number, scope: Scope): FrameState | Unrecoverable {
    return this.code.state(this.frames[index]!, index === 0, scope);
  }

  private width(index: number): 32 | 64 {
    return this.frames[index]?.module.memories[0]?.addressType === "i64" ? 64 : 32;
  }

  // Between frames

  /** How a frame was entered from the one after it. */
  private link(index: number): Link {
    return this.isMutilated() ? "none" : (this.call(index) ?? "none");
  }

  /**
   * Whether some frame cannot have been called from where the next one stands: frames are missing then (or were
   * replaced by tail calls), and of a recursion they may be missing elsewhere without a trace.
   */
  private readonly isMutilated = once((): boolean =>
    this.frames.some((_, index) => this.call(index) === "none"),
  );

  /** What the code says of the call between two frames; undefined where it cannot be asked. */
  private call(index: number): Link | undefined {
    const callee = this.frames[index];
    const caller = this.frames[index + 1];
    const place = this.place(index + 1);
    if (callee === undefined || caller === undefined || place === undefined) return undefined;
    if (callee.core.instance !== caller.core.instance || callee.module !== caller.module) return undefined;
    if (this.gap !== undefined && index >= this.gap.from && index < this.gap.to) return undefined;
    return linkOf(caller.module, place.instruction, callee.core);
  }

  /** Whether a frame was entered with the stack pointer that the one after it had. */
  private keepsStackPointer(index: number): boolean {
    const link = this.link(index);
    return link === "call" || (link === "host" && !this.pointerOf(this.frames[index]!.module).isMovedByHost);
  }

  private standing(): ReturnType<typeof standingOf> {
    const place = this.place(0);
    if (place === undefined || !this.alone) return "left";
    return standingOf(this.frames[0]!.module, place.instruction, this.trapsAtCalls);
  }

  /** The stack pointers of the frames, computed; undefined where frames are missing in between. */
  private readonly chain = once((): readonly ChainValue[] | undefined => {
    const { frames } = this;
    const first = frames[0];
    if (first === undefined) return [];
    const one = frames.findIndex(({ core }) => core.instance !== first.core.instance);
    const length = one < 0 ? frames.length : one;
    const followed = Array.from({ length }, (_, index): ChainFrame | undefined => {
      const state = this.state(index, "stack pointer");
      return state instanceof Unrecoverable ? undefined : state;
    });
    const pointer = this.pointerOf(first.module);
    const oldest = frames[length - 1]!;
    const whole = one < 0 && isEntry(oldest.module, oldest.core);
    const global = pointer.global === undefined ? undefined : this.recordedPointer(pointer);
    const initial = whole ? pointer.initial : undefined;
    return stackPointers(followed, (index) => this.keepsStackPointer(index), global, initial, this.width(0));
  });

  /** The recorded stack pointer, where it is what the youngest frame had. */
  private recordedPointer(pointer: StackPointer): bigint | undefined {
    const standing = this.standing();
    if (standing === "left" || (standing === "in host" && pointer.isMovedByHost)) return undefined;
    return this.frames[0]!.global(pointer.global!)?.bits;
  }

  // Computed

  /** The stack pointer where a frame stands; undefined when it is not known. */
  stackPointer(index: number): Register | undefined {
    const now = this.chain()?.[index]?.now;
    return now === undefined ? undefined : this.pointer(index, now, "computed");
  }

  /** Whether a global is the module's stack pointer. */
  isStackPointer(index: number, global: number): boolean {
    const frame = this.frames[index];
    return frame !== undefined && this.pointerOf(frame.module).global === global;
  }

  /** Whether a function's prologue gave the frame base to a local before it came to where the frame stands. */
  givesFrameBaseTo(index: number, local: number): boolean {
    const place = this.place(index);
    const base = place && this.code.frameBase(this.frames[index]!, place.code, local);
    return base?.givenAt !== undefined && base.givenAt < place!.instruction.offset;
  }

  /** Bytes below the stack pointer at entry where a function's frame begins, or more by its alignment. */
  frameSize(index: number): number {
    const place = this.place(index);
    const base = place && this.code.frameBase(this.frames[index]!, place.code, undefined);
    return base === undefined ? 0 : base.alignment - base.offset;
  }

  /**
   * The frame base that a function set up in its prologue, of which DWARF says that it is in `local`, if it says so.
   * @returns `holds`: whether the local still holds it; undefined where the function's code cannot be followed
   */
  frameBase(
    index: number,
    local: number | undefined,
  ): { value: () => Register | undefined; holds: boolean } | undefined {
    const place = this.place(index);
    const state = place && this.state(index, "stack pointer");
    if (place === undefined || state === undefined || state instanceof Unrecoverable) return undefined;
    const base = this.code.frameBase(this.frames[index]!, place.code, local);
    if (base === undefined) return undefined;
    const { terms } = state;
    const term = local === undefined ? undefined : state.locals[local];
    const held = term && baseOf(terms, term);
    const holds = held?.offset === base.offset && held.alignment === base.alignment;
    return { value: once(() => this.frameBaseValue(index, base, state)), holds };
  }

  private frameBaseValue(index: number, base: FrameBase, state: FrameState): Register | undefined {
    const width = this.width(index);
    const { entry, now } = this.chain()?.[index] ?? {};
    if (entry !== undefined) return this.pointer(index, frameBaseFrom(base, entry, width), "computed");
    // An aligned frame: the stack pointer at entry is not known, but where it was rounded down to is.
    const place = state.terms.frameAddress(state.stackPointer);
    const anchor = place && baseOf(state.terms, place.anchor);
    if (now !== undefined && anchor?.offset === base.offset && anchor.alignment === base.alignment)
      return this.pointer(index, BigInt.asUintN(width, now - BigInt(place!.offset)), "computed");
    const solved = this.solved(index);
    const recovered = solved?.values?.value(solved.state.terms.entry);
    return recovered && this.pointer(index, frameBaseFrom(base, recovered.bits, width), "recovered");
  }

  private pointer(index: number, bits: bigint, provenance: Provenance): Register {
    return registerOf({ type: `i${this.width(index)}`, bits }, provenance);
  }

  // Recovered

  /** Whether the dump has registers of any frame. */
  readonly hasRegisters: boolean;

  /** Number of a frame's locals, parameters included; undefined when its code is not there. */
  localCount(index: number): number | undefined {
    return this.place(index)?.code.localCount;
  }

  /** Type of a local; undefined when its code is not there. */
  localType(index: number, local: number): string | undefined {
    return this.place(index)?.code.localType(local);
  }

  /** A local as it was where the frame stands; undefined when that is not certain. */
  local(index: number, local: number): Register | undefined {
    const value = this.recovered(index, ({ locals }) => locals[local]);
    const type = this.place(index)?.code.localType(local);
    return value !== undefined && value.type === type ? registerOf(value, "recovered") : undefined;
  }

  /** What a local held of a variable, values of others having been put there since; undefined when that is not certain. */
  kept(index: number, variable: Kept, places: KeptIn["places"]): Register | undefined {
    const term = this.code.kept(this.frames[index]!, index === 0, variable, places);
    const value = term && this.recovered(index, () => term);
    return value?.type === this.localType(index, variable.local)
      ? value && registerOf(value, "recovered")
      : undefined;
  }

  /**
   * The operands that the frame's instruction takes, the top last; undefined for one that is not certain. They are
   * those recorded, where the recorded stack is as high as before the instruction: some producers have popped them.
   * @returns nothing where their number is not known
   */
  operandsTaken(index: number): readonly (Register | undefined)[] {
    return this.taken(index).operands;
  }

  /** One of them, by its place on the whole stack, 0 being the bottom. */
  operandTaken(index: number, operand: number): Register | undefined {
    const { first, operands } = this.taken(index);
    return first === undefined ? undefined : operands[operand - first];
  }

  /** @returns `first`: operands below those that the instruction takes; undefined where none are known */
  private taken(index: number): {
    readonly first?: number;
    readonly operands: readonly (Register | undefined)[];
  } {
    const frame = this.frames[index];
    const place = this.place(index);
    const before =
      place &&
      attempt(() => straightCodeBefore(stackStates(frame!.module, place.code), place.instruction.offset));
    if (frame === undefined || place === undefined || before === undefined || before instanceof FormatError)
      return { operands: [] };
    const { height, effect } = before.state ?? {};
    const taken = Array.from({ length: effect?.pops ?? 0 }, (_, nth) => nth);
    const recorded = frame.core.stack.length;
    const first = typeof height === "number" ? height - taken.length : undefined;
    if (first === undefined || ![first + taken.length, first, 0].includes(recorded))
      return { operands: taken.map(() => undefined) };
    const holds = registersHold(place.instruction, frame.module);
    const isTrap = index === 0 && !place.instruction.mnemonic.includes("call");
    const left = isTrap && holds ? valuesLeft(before.steps, frame).slice(-taken.length) : [];
    const operands = taken.map((nth) => {
      const kept = recorded === height && holds ? frame.operand(first + nth) : undefined;
      if (kept !== undefined) return registerOf(kept, "recorded");
      const computed = left[nth - taken.length + left.length];
      return computed ? registerOf(computed, "recovered") : this.operand(index, first + nth);
    });
    return { first, operands };
  }

  /** Whether the code pops an operand between the instruction at `from` in the function's body and the frame's. */
  isPoppedSince(index: number, operand: number, from: number): boolean {
    const place = this.place(index);
    if (place === undefined) return false;
    const here = place.instruction.offset;
    for (const { instruction, height, effect } of stackStates(this.frames[index]!.module, place.code)) {
      if (instruction.offset > here) break;
      if (instruction.offset < from || typeof height !== "number") continue;
      // Those that the frame's own instruction takes are there yet.
      if (height - (instruction.offset < here ? (effect?.pops ?? 0) : 0) <= operand) return true;
    }
    return false;
  }

  /** Height of the operand stack before the frame's instruction. */
  operandCount(index: number): number | undefined {
    return this.solved(index)?.state.stack.length;
  }

  /** An operand, 0 being the bottom; undefined when it is not certain. */
  operand(index: number, operand: number): Register | undefined {
    const value = this.recovered(index, ({ stack }) => stack[operand]);
    return value && registerOf(value, "recovered");
  }

  /**
   * The value of one of a frame's terms: by what was recorded of the frame itself, where that is enough, as for
   * the operands that a trapping instruction took; else by the whole stretch.
   */
  private recovered(index: number, pick: (state: FrameState) => Term | undefined): WasmValue | undefined {
    const told = (solved: Solved | undefined): WasmValue | undefined => {
      const term = solved && pick(solved.state);
      return term && solved?.values?.value(term);
    };
    return told(this.solvedByItself(index)) ?? told(this.solved(index));
  }

  /** Why a frame's registers are not known; undefined when some may be. */
  why(index: number): string | undefined {
    const state = this.frames[index] && this.state(index, "everything");
    if (state instanceof Unrecoverable) return state.why;
    const solved = this.solved(index);
    return solved !== undefined && solved.values === undefined
      ? "what the code and memory tell differs"
      : undefined;
  }

  /** What a frame's own record tells of the rest of it; undefined where there is none. */
  private solvedByItself(index: number): Solved | undefined {
    if ((this.frames[index]?.core.locals.length ?? 0) === 0) return undefined;
    const found = this.single.get(index);
    if (found !== undefined) return found;
    const known = this.known(index, undefined);
    const solved = known && { state: known.state, values: solvedOf(known) };
    if (solved !== undefined) this.single.set(index, solved);
    return solved;
  }

  private solved(index: number): Solved | undefined {
    const stretch = Math.floor(index / STRETCH);
    const from = Math.max(0, stretch * STRETCH - NEIGHBOURS);
    let solved = this.stretches.get(stretch);
    if (solved === undefined) {
      solved = this.solveStretch(from, Math.min(this.frames.length, (stretch + 1) * STRETCH + NEIGHBOURS));
      this.stretches.set(stretch, solved);
    }
    return solved[index - from];
  }

  private solveStretch(from: number, to: number): readonly (Solved | undefined)[] {
    const known = Array.from({ length: to - from }, (_, nth) => this.known(from + nth, this.chain()));
    const values = recovering(() => solve(known, new Budget(SOLVING_BUDGET)));
    return known.map(
      (frame, nth) =>
        frame && { state: frame.state, values: values instanceof Unrecoverable ? undefined : values[nth] },
    );
  }

  /** @param chain the stack pointers; without them the frame is taken by itself */
  private known(index: number, chain: readonly ChainValue[] | undefined): KnownFrame | undefined {
    const frame = this.frames[index]!;
    const state = this.state(index, "everything");
    if (state instanceof Unrecoverable) return undefined;
    const { entry, now } = chain?.[index] ?? {};
    const value = (bits: bigint | undefined): WasmValue | undefined =>
      bits === undefined ? undefined : { type: `i${this.width(index)}`, bits };
    const holds = registersHold(state.instruction, frame.module);
    const kept = [state.stack.length, state.stack.length - (state.takes ?? 0)].includes(
      frame.core.stack.length,
    );
    return {
      state,
      link: chain === undefined ? "none" : this.link(index),
      standing: index === 0 ? this.standing() : undefined,
      entry: value(entry),
      now: value(now),
      slot: slotOf(frame.module, frame.core.functionIndex),
      local: (local) => (holds ? frame.local(local) : undefined),
      operand: (operand) => (holds && kept ? frame.operand(operand) : undefined),
      global: (global) => frame.global(global),
      memory: (at, length, memory) => frame.memory(at, length, memory),
    };
  }
}

function solvedOf(frame: KnownFrame): TermValues | undefined {
  const values = recovering(() => solve([frame], new Budget(SOLVING_BUDGET)));
  return values instanceof Unrecoverable ? undefined : values[0];
}

function registerOf({ type, bits }: WasmValue, provenance: Provenance): Register {
  const bytes = new Uint8Array(bytesOfType(type));
  for (let i = 0, rest = bits; i < bytes.length; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return { type, bytes, provenance };
}

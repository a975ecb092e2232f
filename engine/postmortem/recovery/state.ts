/** What a function's registers and memory hold between two instructions, as terms. */
import type { WasmValue } from "../../wasm/arithmetic";
import type { MemoryFacts } from "./memory-facts";
import type { FrameAddress, Term, Terms } from "./terms";

export class State {
  /** Parameters first. */
  locals: Term[] = [];
  /** Bottom first. */
  stack: Term[] = [];
  /** The global `__stack_pointer`. */
  stackPointer: Term;
  /** The lowest place of the frame that no callee uses; undefined where the stack pointer was lost sight of. */
  floor: FrameAddress | undefined;
  /** Other globals that were set or read since `since`, where they may all have changed. */
  globals = new Map<number, Term>();
  since = "entry";
  /** What branches taken, or not taken, tell of values. */
  known: ReadonlyMap<Term, WasmValue> = new Map();

  /** @param memory undefined where memory is not followed */
  constructor(
    private readonly terms: Terms,
    readonly memory: MemoryFacts | undefined,
  ) {
    this.stackPointer = terms.entry;
    this.floor = { anchor: terms.entry, offset: 0 };
  }

  copy(): State {
    const copy = new State(this.terms, this.memory?.copy());
    copy.locals = this.locals.slice();
    copy.stack = this.stack.slice();
    copy.stackPointer = this.stackPointer;
    copy.floor = this.floor;
    copy.globals = new Map(this.globals);
    copy.since = this.since;
    copy.known = this.known;
    return copy;
  }

  /** How much a copy or a meeting costs. */
  get size(): number {
    return this.locals.length + this.stack.length + this.globals.size + this.known.size;
  }

  /** Takes in the stack pointer's new value. */
  setStackPointer(value: Term): void {
    const { terms } = this;
    const place = terms.frameAddress(value);
    const lowers = value.kind === "operation" && /^i(32|64)\.(sub|and)$/.test(value.mnemonic);
    if (place !== undefined) this.floor = place;
    else if (lowers && terms.strays(value)) terms.setApart(value);
    else this.floor = undefined;
    this.stackPointer = value;
  }

  learn(term: Term, value: WasmValue): void {
    this.known = new Map(this.known).set(term, value);
  }

  /**
   * Becomes what holds whichever of two ways was taken: places whose values differ hold a value of their own.
   * @param name of the meeting; of one name and one pair of values there is one φ
   */
  meet(other: State, name: string): void {
    const { terms } = this;
    const phi = (a: Term, b: Term): Term =>
      a === b ? a : terms.unknown(`φ ${name} ${a.id} ${b.id}`, terms.strays(a) || terms.strays(b));
    this.locals.forEach((local, index) => {
      if (local !== other.locals[index]) this.locals[index] = phi(local, other.locals[index]!);
    });
    this.stack = this.stack.map((operand, index) => phi(operand, other.stack[index]!));
    this.stackPointer = phi(this.stackPointer, other.stackPointer);
    if (!samePlace(this.floor, other.floor)) this.floor = undefined;
    if (this.since !== other.since) this.since = `φ ${name}`;
    for (const [index, value] of this.globals)
      if (other.globals.get(index) !== value || other.since !== this.since) this.globals.delete(index);
    if (this.memory !== undefined && other.memory !== undefined) this.memory.meet(other.memory);
    if (this.known !== other.known)
      this.known = new Map(
        [...this.known].filter(([term, { bits }]) => other.known.get(term)?.bits === bits),
      );
  }
}

export function samePlace(a: FrameAddress | undefined, b: FrameAddress | undefined): boolean {
  return a?.anchor === b?.anchor && a?.offset === b?.offset;
}

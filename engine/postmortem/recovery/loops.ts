/**
 * What is taken for granted at the head of a loop before its turns were looked at. Whatever a turn then
 * contradicts is given up, and the function is gone through once more.
 */
import { indexImmediate } from "../../wasm/operands";
import type { Flow } from "./flow";
import type { KeptValue } from "./kept-value";
import { type Fact, MemoryFacts } from "./memory-facts";
import { type State, samePlace } from "./state";
import type { Term, Terms } from "./terms";

export class LoopHead {
  /** Locals that a turn may assign. */
  private readonly assigned = new Set<number>();
  private changesGlobals = false;
  /** Operands that each turn brings anew. */
  private readonly parameters: number;
  // What turned out not to hold:
  private readonly straying = new Set<string>();
  private readonly dropped = new Set<string>();
  private readonly escapes: MemoryFacts;
  private movesStackPointer = false;
  private losesFloor = false;
  /** As it was assumed in this pass. */
  private assumed: State | undefined;

  constructor(
    private readonly terms: Terms,
    flow: Flow,
    private readonly block: number,
    turns: ReadonlySet<number>,
    kept?: KeptValue,
  ) {
    this.escapes = new MemoryFacts(terms, () => false);
    this.parameters = Math.max(
      0,
      ...flow.blocks
        .flatMap(({ ways }) => ways.filter(({ to }) => to === block))
        .map(({ keeps, caught }) => (keeps?.carried ?? 0) + (caught ?? 0)),
    );
    for (const index of turns) {
      const { first, end } = flow.blocks[index]!;
      for (let at = first; at < end; at++) {
        const { instruction } = flow.steps[at]!;
        const { mnemonic } = instruction;
        if (kept?.mayChangeBy(instruction) === true) this.assigned.add(kept.place);
        if (mnemonic === "local.set" || mnemonic === "local.tee")
          this.assigned.add(indexImmediate(instruction, "local") ?? -1);
        else if (mnemonic === "global.set" || mnemonic.startsWith("call")) this.changesGlobals = true;
      }
    }
  }

  /** Makes of the state in front of the loop the one at the start of any turn. */
  enter(state: State): void {
    const { terms, block } = this;
    const own = (place: string, before: Term): Term =>
      terms.unknown(
        `${place} at loop ${block} ${this.straying.has(place) || terms.strays(before)}`,
        this.straying.has(place) || terms.strays(before),
      );
    for (const local of this.assigned) {
      const before = state.locals[local];
      if (before !== undefined) state.locals[local] = own(`local ${local}`, before);
    }
    for (let i = state.stack.length - this.parameters; i < state.stack.length; i++)
      state.stack[i] = own(`operand ${i}`, state.stack[i]!);
    if (this.changesGlobals) {
      state.globals.clear();
      state.since = `loop ${block}`;
    }
    if (this.movesStackPointer) state.stackPointer = own("stack pointer", state.stackPointer);
    if (this.losesFloor || this.movesStackPointer) state.floor = undefined;
    if (state.memory !== undefined) {
      state.memory.joinEscapes(this.escapes);
      for (const fact of state.memory.all()) if (this.dropped.has(nameOf(fact))) state.memory.forget(fact);
    }
    this.assumed = state.copy();
  }

  /** Whether a turn that ends in `state` leaves what was assumed; if not, less will be assumed. */
  confirms(state: State): boolean {
    const { assumed, terms } = this;
    if (assumed === undefined) return true;
    let confirmed = true;
    const note = (wrong: boolean, correct: () => void): void => {
      if (!wrong) return;
      confirmed = false;
      correct();
    };
    const stray = (place: string, now: Term | undefined, then: Term | undefined): void => {
      const strays = now !== undefined && then !== undefined && terms.strays(now) && !terms.strays(then);
      note(strays, () => this.straying.add(place));
    };
    for (const local of this.assigned) stray(`local ${local}`, state.locals[local], assumed.locals[local]);
    for (let i = assumed.stack.length - this.parameters; i < assumed.stack.length; i++)
      stray(`operand ${i}`, state.stack[i], assumed.stack[i]);
    if (!this.movesStackPointer)
      note(state.stackPointer !== assumed.stackPointer, () => {
        this.movesStackPointer = true;
      });
    if (!this.losesFloor && assumed.floor !== undefined)
      note(!samePlace(state.floor, assumed.floor), () => {
        this.losesFloor = true;
      });
    if (assumed.memory !== undefined && state.memory !== undefined) {
      for (const fact of assumed.memory.all())
        note(!state.memory.has(fact), () => this.dropped.add(nameOf(fact)));
      const before = assumed.memory;
      note(before.copy().joinEscapes(state.memory), () => this.escapes.joinEscapes(state.memory!));
    }
    return confirmed;
  }
}

const nameOf = ({ memory, base, offset, access, value }: Fact): string =>
  `${memory} ${base.id} ${offset} ${access.name} ${value.id}`;

/**
 * Solves the equations of neighbouring frames until nothing new follows: arguments are parameters, facts are what
 * memory holds, a callee starts with its caller's stack pointer, recorded registers are what the code left there.
 */
import { type Address, address } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import type { WasmValue } from "../../wasm/arithmetic";
import { loaded } from "./accesses";
import type { FrameState } from "./evaluation";
import type { Link, Standing } from "./links";
import type { Fact } from "./memory-facts";
import type { Term } from "./terms";
import type { Budget } from "./unrecoverable";
import { TermValues } from "./values";

/** A frame whose code was followed, and what the dump tells of it. */
export interface KnownFrame {
  readonly state: FrameState;
  /** How it was entered from the frame after it. */
  readonly link: Link;
  /** Of the youngest frame; undefined for callers. */
  readonly standing: Standing | undefined;
  /** The stack pointer at entry, as the chain gives it. */
  readonly entry: WasmValue | undefined;
  /** The stack pointer where it stands. */
  readonly now: WasmValue | undefined;
  /** The only slot of the table that holds its function. */
  readonly slot: number | undefined;
  local(index: number): WasmValue | undefined;
  operand(index: number): WasmValue | undefined;
  global(index: number): WasmValue | undefined;
  /** @param memory index of the memory in the frame's module */
  memory(at: Address, length: number, memory: number): Uint8Array | Missing;
}

/** Rounds after which whatever may still follow is left. */
const MOST_ROUNDS = 40;

/**
 * The values of each frame's terms.
 * @param frames youngest first; undefined where a frame's code could not be followed
 * @returns undefined for frames whose equations contradict each other: nothing that they tell is certain
 */
export function solve(
  frames: readonly (KnownFrame | undefined)[],
  budget: Budget,
): readonly (TermValues | undefined)[] {
  const trusted = frames.map((frame) => frame !== undefined);
  // Each time, at least one frame is left out.
  for (let left = frames.length; left >= 0; left--) {
    const values = frames.map((frame, index) => (frame && trusted[index] ? new TermValues() : undefined));
    propagate(frames, values, budget);
    let sound = true;
    values.forEach((own, index) => {
      own?.check();
      if (own?.contradicted !== true) return;
      trusted[index] = false;
      sound = false;
    });
    if (sound) return values;
  }
  return frames.map(() => undefined);
}

function propagate(
  frames: readonly (KnownFrame | undefined)[],
  values: readonly (TermValues | undefined)[],
  budget: Budget,
): void {
  const waiting = frames.map((frame, index) => {
    const own = values[index];
    if (frame === undefined || own === undefined) return [];
    tellRecorded(frame, own);
    return frame.standing === "stopped"
      ? frame.state.facts
      : frame.standing === "left"
        ? []
        : frame.state.lasting;
  });
  const told = (): number => values.reduce((sum, own) => sum + (own?.count ?? 0), 0);
  for (let round = 0, before = -1; round < MOST_ROUNDS && told() !== before; round++) {
    before = told();
    frames.forEach((frame, index) => {
      const own = values[index];
      if (frame === undefined || own === undefined) return;
      budget.spend(waiting[index]!.length + own.count);
      waiting[index] = waiting[index]!.filter((fact) => !readFact(fact, frame, own));
      own.invertAgain();
      const caller = frames[index + 1];
      const callers = values[index + 1];
      if (caller !== undefined && callers !== undefined) join(frame, own, caller, callers);
    });
  }
}

/** What the dump and the chain say of a frame. */
function tellRecorded(frame: KnownFrame, values: TermValues): void {
  const { state, standing } = frame;
  const { terms } = state;
  for (const [term, value] of state.known) values.tell(term, value);
  const tell = (term: Term | undefined, value: WasmValue | undefined): void => {
    if (term !== undefined && value !== undefined) values.tell(term, value);
  };
  tell(terms.entry, frame.entry);
  tell(state.stackPointer, frame.now);
  state.locals.forEach((term, index) => {
    tell(term, frame.local(index));
  });
  state.stack.forEach((term, index) => {
    tell(term, frame.operand(index));
  });
  if (standing === "stopped") for (const [index, term] of state.globals) tell(term, frame.global(index));
}

/** Holds a fact against memory. @returns whether that is done */
function readFact(fact: Fact, frame: KnownFrame, values: TermValues): boolean {
  const base = values.value(fact.base);
  if (base === undefined) return false;
  const at = Number(BigInt.asUintN(base.type === "i64" ? 64 : 32, base.bits + BigInt(fact.offset)));
  if (!Number.isSafeInteger(at)) return true;
  const bytes = frame.memory(address(at), fact.access.bytes, fact.memory);
  if (!(bytes instanceof Missing)) values.tell(fact.value, loaded(fact.access, bytes));
  return true;
}

/** What a frame and the one that called it tell each other. */
function join(callee: KnownFrame, own: TermValues, caller: KnownFrame, callers: TermValues): void {
  if (callee.link !== "call") return;
  const { state } = caller;
  const both = (a: Term, b: Term): void => {
    const known = own.value(a);
    const other = callers.value(b);
    if (known !== undefined) callers.tell(b, known);
    else if (other !== undefined) own.tell(a, other);
  };
  both(callee.state.terms.entry, state.stackPointer);
  const indirect = state.instruction.mnemonic !== "call";
  const above = indirect ? 1 : 0;
  const first = state.stack.length - above - callee.state.parameters.length;
  callee.state.parameters.forEach((parameter, index) => {
    const argument = state.stack[first + index];
    if (argument !== undefined) both(parameter, argument);
  });
  const index = state.stack.at(-1);
  if (indirect && index !== undefined && callee.slot !== undefined)
    callers.tell(index, { type: "i32", bits: BigInt(callee.slot) });
  // Whom to believe cannot be told.
  if (own.contradicted || callers.contradicted) own.contradicted = callers.contradicted = true;
}

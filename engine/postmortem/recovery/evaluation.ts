/**
 * What a function's locals, operands, stack pointer and memory hold at one of its instructions, in terms of what
 * they were at its entry: one pass over the code that leads there, and another where a loop did not keep what was
 * assumed of it. Nothing of the crash goes into it, so a result serves every frame that stands there.
 */
import type { WasmValue } from "../../wasm/arithmetic";
import type { FunctionCode } from "../../wasm/function-code";
import type { Instruction } from "../../wasm/instructions";
import type { WasmModule } from "../../wasm/module";
import { type Flow, flowTo } from "./flow";
import { Interpreter } from "./interpreter";
import type { KeptValue } from "./kept-value";
import { LoopHead } from "./loops";
import { type Fact, MemoryFacts } from "./memory-facts";
import type { ShadowStack } from "./shadow-stack";
import { State } from "./state";
import { type Term, Terms } from "./terms";
import { type Budget, Unrecoverable } from "./unrecoverable";

/** The state before an instruction. */
export interface FrameState {
  readonly terms: Terms;
  readonly instruction: Instruction;
  /** Operands that the instruction takes; undefined when that is not known. */
  readonly takes: number | undefined;
  /** At entry. */
  readonly parameters: readonly Term[];
  readonly locals: readonly Term[];
  /** Bottom first, those that the instruction takes included. */
  readonly stack: readonly Term[];
  readonly stackPointer: Term;
  /** Mutable globals whose values are told apart, without the stack pointer. */
  readonly globals: ReadonlyMap<number, Term>;
  /** What memory holds. */
  readonly facts: readonly Fact[];
  /** What memory still holds while the instruction, a call, has not come back. */
  readonly lasting: readonly Fact[];
  /** What the branches on the way tell. */
  readonly known: ReadonlyMap<Term, WasmValue>;
}

/** Passes over a function before it is given up. */
const MOST_PASSES = 12;

/** What is followed: all, or only what is needed for the stack pointer. */
export type Scope = "everything" | "stack pointer";

/** A variable that is followed beside the locals, in the terms of what was found without it. */
export interface Beside {
  readonly kept: KeptValue;
  readonly terms: Terms;
}

/** @throws Unrecoverable; FormatError when the body is malformed */
export function evaluateTo(
  module: WasmModule,
  code: FunctionCode,
  offset: number | "return",
  stackPointer: ShadowStack,
  scope: Scope,
  budget: Budget,
  { kept, terms = new Terms() }: Partial<Beside> = {},
): FrameState {
  budget.spend(code.bytes.length);
  const flow = flowTo(module, code, offset);
  const heads = new Map(
    Array.from(flow.turns, ([block, turns]) => [block, new LoopHead(terms, flow, block, turns, kept)]),
  );
  const interpreter = new Interpreter(module, terms, stackPointer, kept);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const first = firstState(terms, code, module, scope);
    if (kept !== undefined) first.locals.push(kept.first(first.locals));
    const found = runPass(flow, interpreter, heads, first, budget);
    if (found !== undefined) return stateAt(flow, interpreter, found, terms, code);
  }
  throw new Unrecoverable("its loops could not be followed");
}

/** Parameters are values of their own, other locals start with zero. */
export function firstState(terms: Terms, code: FunctionCode, module: WasmModule, scope: Scope): State {
  const isShared = (memory: number): boolean => module.memories[memory]?.shared === true;
  const state = new State(terms, scope === "everything" ? new MemoryFacts(terms, isShared) : undefined);
  if (code.localCount > 100_000) throw new Unrecoverable("it has too many locals");
  state.locals = parametersOf(terms, code);
  for (const { count, type } of code.locals) {
    const zero = terms.zero(type);
    for (let i = 0; i < count; i++) state.locals.push(zero);
  }
  return state;
}

function parametersOf(terms: Terms, code: FunctionCode): Term[] {
  return code.parameters.map((_, index) => terms.unknown(`parameter ${index}`));
}

/** @returns the state at the target; undefined when a loop did not keep what was assumed of it */
function runPass(
  flow: Flow,
  interpreter: Interpreter,
  heads: ReadonlyMap<number, LoopHead>,
  first: State,
  budget: Budget,
): State | undefined {
  const arriving = new Map<number, State>([[0, first]]);
  const meetings = new Map<number, number>();
  let confirmed = true;
  let found: State | undefined;
  flow.blocks.forEach((block, index) => {
    const state = arriving.get(index);
    arriving.delete(index);
    if (state === undefined || !flow.leading.has(index)) return;
    heads.get(index)?.enter(state);
    if (index === flow.target) {
      found = state.copy();
      if (!block.ways.some(({ to }) => flow.leading.has(to))) return;
    }
    budget.spend(block.end - block.first + state.size);
    const condition = interpreter.run(flow.steps, block, state, budget);
    const ways = block.ways.filter(({ to }) => flow.leading.has(to));
    ways.forEach((way, nth) => {
      budget.spend(state.size);
      const arrived = nth === ways.length - 1 ? state : state.copy();
      interpreter.follow(way, arrived, condition);
      if (way.to <= index) {
        if (heads.get(way.to)?.confirms(arrived) === false) confirmed = false;
        return;
      }
      const waiting = arriving.get(way.to);
      if (waiting === undefined) {
        arriving.set(way.to, arrived);
        return;
      }
      if (waiting.stack.length !== arrived.stack.length)
        throw new Unrecoverable("its operand stack cannot be followed");
      const nthMeeting = (meetings.get(way.to) ?? 0) + 1;
      meetings.set(way.to, nthMeeting);
      waiting.meet(arrived, `${way.to}.${nthMeeting}`);
    });
  });
  if (!confirmed) return undefined;
  if (found === undefined) throw new Unrecoverable("no way leads to its instruction");
  return found;
}

function stateAt(
  flow: Flow,
  interpreter: Interpreter,
  state: State,
  terms: Terms,
  code: FunctionCode,
): FrameState {
  const { instruction, effect } = flow.steps[flow.blocks[flow.target]!.first]!;
  const facts = state.memory?.all() ?? [];
  const { locals, stack, stackPointer, known } = state;
  const globals = new Map(state.globals);
  const calls = /^call/.test(instruction.mnemonic);
  const taken = calls && effect !== undefined ? stack.slice(stack.length - effect.pops) : [];
  if (calls) interpreter.leave(state, taken);
  return {
    terms,
    instruction,
    takes: effect?.pops,
    parameters: parametersOf(terms, code),
    locals,
    stack: [...stack],
    stackPointer,
    globals,
    facts,
    lasting: calls ? (state.memory?.all() ?? []) : facts,
    known,
  };
}

/**
 * The reason of a crash, from both sides: what WebAssembly says (the trapping instruction) and what the
 * language's runtime was doing (panic, assertion, abort). The language's words come first.
 */
import { attempt, FormatError, once } from "../../bytes/errors";
import type { Register } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import type { PhysicalFrame, TrapReason } from "../model";
import { operandsAt } from "../operands";
import { findAssemblyScriptAbort } from "./assemblyscript";
import { findAbort } from "./c-runtime";
import { findThrow } from "./cpp-exception";
import { stoppedAtEntry } from "./entry-stop";
import { calleeOf, importedCallee } from "./host-call";
import type { RuntimeCall, RuntimeReason, Stopped } from "./runtime-call";
import { findPanic } from "./rust-panic";
import { findStackOverflow } from "./stack-overflow";
import { explainTrap, instructionOf } from "./trap";
import { findZigPanic } from "./zig-panic";

/** A physical frame and its function's full name. */
export interface NamedFrame {
  readonly physical: PhysicalFrame;
  readonly name: string;
  functionInTable(slot: number): string | undefined;
}

/** The youngest frames, which are searched for the runtime's functions. */
export const SEARCHED = 64;

/** The languages' runtimes, the most telling first: a panic or an exception may end in C's `abort`. */
const RUNTIMES: readonly ((calls: readonly RuntimeCall[], stopped: Stopped) => RuntimeReason | undefined)[] =
  [findPanic, findThrow, findAssemblyScriptAbort, findZigPanic, findAbort];

/**
 * @param frames the youngest of the crashed thread, youngest first
 * @param producer the dump's dialect: Wasmtime says where it stopped a program on entering a function, and not why
 */
export function explainCrash(
  frames: readonly NamedFrame[],
  error: string | undefined,
  producer: string | undefined,
): TrapReason {
  const youngest = frames[0];
  if (youngest === undefined) {
    const title = error ?? "the core dump has no frames";
    return { kind: "unknown", title, details: [], trap: title, language: undefined };
  }
  const trap =
    (producer === "wasmtime" ? stoppedAtEntry(frames) : undefined) ?? explainTrap(youngest.physical, error);
  const at = `in ${youngest.name} (function ${youngest.physical.functionIndex})`;
  const statement = `${trap.text} ${at}`;
  if (trap.kind === "unreachable" || trap.kind === "host-call" || trap.kind === "uncaught-exception") {
    const calls = [...hostCalls(youngest), ...frames.map((frame, at) => runtimeCall(frame, frames[at + 1]))];
    for (const find of RUNTIMES) {
      const reason = find(calls, { frame: youngest.physical, kind: trap.kind, error });
      if (reason !== undefined) return { kind: trap.kind, ...reason, trap: statement };
    }
  }
  const overflow = findStackOverflow(youngest.physical, trap, error);
  if (overflow !== undefined) return { kind: trap.kind, ...overflow, trap: statement };
  return { kind: trap.kind, title: trap.text, details: trap.details, trap: statement, language: undefined };
}

/**
 * @param caller the frame that called it
 */
function runtimeCall(
  { name, physical, functionInTable }: NamedFrame,
  caller: NamedFrame | undefined,
): RuntimeCall {
  const parameters = physical.module.wasm.functionType(physical.functionIndex)?.parameters.length ?? 0;
  const passed = once(() => (caller === undefined ? [] : passedBy(caller.physical, physical, parameters)));
  return {
    name,
    machine: physical.machine,
    parameters,
    argument: (index) => {
      if (index >= parameters) return undefined;
      return isReused(physical, index)
        ? passed()[index]
        : (known(physical.machine.local(index)) ?? passed()[index]);
    },
    functionInTable,
  };
}

const known = (register: Register | Missing): Register | undefined =>
  register instanceof Missing ? undefined : register;

/** Whether a parameter may hold something else by now than what was passed. */
function isReused({ module, functionIndex, machine }: PhysicalFrame, parameter: number): boolean {
  const body = attempt(() => module.wasm.body(functionIndex));
  if (body === undefined || body instanceof FormatError) return true;
  return machine.localWrittenSince?.(parameter, body.start, "any") ?? true;
}

/** What a caller passed: the operands of the call in which it stands, if it calls that function. */
function passedBy(
  caller: PhysicalFrame,
  callee: PhysicalFrame,
  parameters: number,
): readonly (Register | undefined)[] {
  const instruction = instructionOf(caller);
  const direct = instruction === undefined ? undefined : calleeOf(instruction);
  if (caller.module !== callee.module || direct !== callee.functionIndex) return [];
  const operands = operandsAt(caller);
  return operands.length === parameters ? operands : [];
}

/** The call of the host in which the youngest frame stands, if it does: under the names that it goes by. */
function hostCalls({ physical, functionInTable }: NamedFrame): readonly RuntimeCall[] {
  const instruction = instructionOf(physical);
  const callee = instruction === undefined ? undefined : importedCallee(instruction, physical);
  if (callee === undefined) return [];
  const operands = once(() => operandsAt(physical));
  return callee.names.map((name) => ({
    name,
    machine: physical.machine,
    parameters: callee.type.parameters.length,
    argument: (index) => operands()[index],
    functionInTable,
  }));
}

/**
 * The reason of a crash, from both sides: what WebAssembly says (the trapping instruction) and what the
 * language's runtime was doing (panic, assertion, abort). The language's words come first.
 */
import type { PhysicalFrame, TrapReason } from "../model";
import { findAbort } from "./c-runtime";
import type { RuntimeCall } from "./runtime-call";
import { findPanic } from "./rust-panic";
import { explainTrap } from "./trap";

/** A physical frame and its function's full name. */
export interface NamedFrame {
  readonly physical: PhysicalFrame;
  readonly name: string;
  functionInTable(slot: number): string | undefined;
}

/** The youngest frames, which are searched for the runtime's functions. */
export const SEARCHED = 64;

/** @param frames the youngest of the crashed thread, youngest first */
export function explainCrash(frames: readonly NamedFrame[], error: string | undefined): TrapReason {
  const youngest = frames[0];
  if (youngest === undefined) {
    const title = error ?? "the core dump has no frames";
    return { kind: "unknown", title, details: [], trap: title, language: undefined };
  }
  const trap = explainTrap(youngest.physical, error);
  const at = `in ${youngest.name} (function ${youngest.physical.functionIndex})`;
  const statement = `${trap.text} ${at}`;
  const calls = frames.map(runtimeCall);
  if (trap.kind === "unreachable" || trap.kind === "host-call") {
    const panic = findPanic(calls);
    if (panic !== undefined) {
      return {
        kind: trap.kind,
        title: panic.message ?? "a Rust panic",
        details: panic.location === undefined ? [] : [`panicked at ${panic.location}`],
        trap: statement,
        language: "rust-panic",
      };
    }
    const abort = findAbort(calls);
    if (abort !== undefined) {
      const details = abort.location === undefined ? [] : [`at ${abort.location}`];
      return { kind: trap.kind, title: abort.title, details, trap: statement, language: abort.language };
    }
  }
  return { kind: trap.kind, title: trap.text, details: trap.details, trap: statement, language: undefined };
}

function runtimeCall(frame: NamedFrame): RuntimeCall {
  const { physical } = frame;
  return {
    name: frame.name,
    machine: physical.machine,
    parameters: physical.module.wasm.functionType(physical.functionIndex)?.parameters.length ?? 0,
    functionInTable: frame.functionInTable,
  };
}

/**
 * A call of a language runtime's function, as the stack shows it, and what it tells of the crash. The function
 * is the program's own or, where the runtime is in the host, an imported one.
 */
import type { Machine, Register } from "../../dwarf/machine";
import type { Missing } from "../../dwarf/missing";
import type { PhysicalFrame, TrapKind, TrapReason } from "../model";
import { unsigned } from "./registers";

export interface RuntimeCall {
  /** The function's full name, hash suffix removed. */
  readonly name: string;
  readonly machine: Machine;
  /** Number of Wasm parameters. */
  readonly parameters: number;
  /** What was passed, the first argument 0; undefined or Missing when it is not known. */
  argument(index: number): Register | Missing | undefined;
  functionInTable(slot: number): string | undefined;
}

/** Where and how the program stopped, which some runtimes tell more by than by their calls. */
export interface Stopped {
  /** The youngest. */
  readonly frame: PhysicalFrame;
  readonly kind: TrapKind;
  /** The host's error text. */
  readonly error: string | undefined;
}

/** What a language's runtime says of the crash. */
export interface RuntimeReason {
  readonly language: NonNullable<TrapReason["language"]>;
  /** One line. */
  readonly title: string;
  /** Further facts, one a line; the place first. */
  readonly details: readonly string[];
}

/** An integer argument, unsigned; undefined when it is not known. */
export const argumentOf = (call: RuntimeCall, index: number): number | undefined =>
  unsigned(call.argument(index));

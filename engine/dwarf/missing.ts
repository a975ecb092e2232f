/**
 * A value that is not known, and why. The reasons form one closed table: what a user reads when we cannot
 * show a value, so that it is never shown wrong, and never a silent zero.
 */
import type { FormatError } from "../bytes/errors";

export const MISSING_REASONS = {
  "optimized-out": "optimized out: the compiler kept no location for it here",
  misdescribed: "the optimised code's debug information describes another value than it has here",
  "not-here": "not available at this instruction: its location list has no entry for it",
  "no-location": "the debug information gives no location for it",
  discarded: "discarded by the linker: it is not in this module",
  "local-not-recorded": "it lives in a Wasm local, and the core dump recorded none of this frame's",
  "operand-not-recorded": "it lives on the operand stack, which the core dump did not record",
  "global-not-recorded": "it needs a global that the core dump did not record",
  "table-not-recorded": "the core dump did not record the table, which the program's host may have changed",
  "memory-not-recorded": "the core dump has no bytes of this memory range",
  "out-of-bounds": "the address is outside of linear memory",
  "null-pointer": "null pointer",
  "no-caller": "it needs the calling frame, which is not in the core dump",
  "entry-value-unknown": "it needs the argument's value at function entry, which the caller did not keep",
  "frame-base-unknown": "the function's frame base is not known",
  "thread-local": "thread-local storage is not in the core dump",
  "unsupported-operation": "its location uses a DWARF operation that cannot be evaluated after the crash",
  malformed: "the debug information is malformed here",
  inconsistent: "its bytes contradict each other: not initialised yet, destroyed already, or overwritten",
  "incomplete-type": "its type is only declared in this build's debug information",
  "too-large": "too large to decode",
  "too-deep": "nested too deeply",
  "stale-debug-info": "the debug information does not match the module's code",
  "code-absent": "it takes the module's code to be certain of it, which is not at hand",
  "no-debug-info": "no debug information describes it",
} as const;

export type MissingReason = keyof typeof MISSING_REASONS;

export class Missing {
  constructor(
    readonly reason: MissingReason,
    /** What exactly, e.g. "local 7" or "0x10a4..0x10a8". */
    readonly detail?: string,
  ) {}

  /** Where many values stand in one line, and each can be asked for by itself. */
  get brief(): string {
    return this.reason === "optimized-out" ? "<optimized out>" : "<unavailable>";
  }

  /** For people: the table's sentence with the detail. */
  get text(): string {
    return this.detail === undefined
      ? MISSING_REASONS[this.reason]
      : `${MISSING_REASONS[this.reason]} (${this.detail})`;
  }
}

export const missing = (reason: MissingReason, detail?: string): Missing => new Missing(reason, detail);

/** What could not be read, with the section where it could not. */
export const malformed = ({ problem, where }: FormatError): Missing =>
  missing("malformed", `${where.section}: ${problem}`);

/**
 * What the engine says of bad input: what is wrong, where, and what to do about it.
 *
 * Every reader throws `FormatError` and nothing else for malformed bytes; callers may catch it, keep what
 * was sound, and show the message as it is. `BytesNotResident` (remote-source.ts) is deliberately NOT a
 * FormatError: it means "not here yet", and nobody but `settle` may swallow it.
 */

/** The place of a fault: the section (or file) by its own name, and the byte offset inside it. */
export interface Where {
  /** A section's own name (`.debug_info`, `code`, `corestack`) or a file's name. */
  readonly section: string;
  /** Bytes from the start of `section`. */
  readonly offset: number;
}

/** Malformed or unsupported input. `message` reads as a full sentence: what, where, what to do. */
export class FormatError extends Error {
  override readonly name = "FormatError";
  /** What is wrong, without the place. */
  readonly problem: string;
  readonly where: Where;
  /** What the user can do about it, when there is something. */
  readonly advice: string | undefined;

  constructor(problem: string, where: Where, advice?: string) {
    super(
      `${problem} (${where.section} at offset 0x${where.offset.toString(16)})${advice ? `. ${advice}` : ""}`,
    );
    this.problem = problem;
    this.where = where;
    this.advice = advice;
  }
}

/** Runs `read`, giving its FormatError instead of throwing it; other errors pass through. */
export function attempt<T>(read: () => T): T | FormatError {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

/** A result computed at most once; a FormatError is remembered as well and thrown again at each call. */
export function once<T>(compute: () => T): () => T {
  let outcome: { value: T } | { error: FormatError } | undefined;
  return () => {
    if (outcome === undefined) {
      const result = attempt(compute);
      outcome = result instanceof FormatError ? { error: result } : { value: result };
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };
}

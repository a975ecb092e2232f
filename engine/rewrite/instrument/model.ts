/** What instrumenting is asked for, and what it says that it has done. */
import type { Digest } from "../build-id";
import type { Piece } from "../pieces";

/**
 * - 0: globals and memories are exported, nothing else changes: frames come from the error's stack, values from
 *   recovery.
 * - 1: handlers record locals; checks come before what may trap, but for memory.
 * - 2: checks before accesses of memories and tables too.
 */
export type Tier = 0 | 1 | 2;

export interface InstrumentOptions {
  readonly tier: Tier;
  /** Functions that get handlers and checks, by their index; all when left out. */
  readonly functions?: ReadonlySet<number> | undefined;
  /** Whether the engine has exception handling, of one encoding or the other; when left out it has. */
  readonly hasExceptions?: boolean | undefined;
  /** A new SHA-1, for a module without a build id. */
  sha1(): Digest;
  /** Where the instrumented module will say that the debug file is: a path or URL. */
  urlOf(debugFile: string): string;
}

export interface Instrumented {
  readonly module: readonly Piece[];
  /** The original as the debug file; undefined where the instrumented module keeps its debug information itself. */
  readonly debug: { readonly file: string; readonly pieces: readonly Piece[] } | undefined;
  readonly report: InstrumentReport;
}

export interface InstrumentReport {
  /** What was done, which may be less than what was asked for: `notes` say why. */
  readonly tier: Tier;
  /** Lower-case hex; undefined for a module without one, which tier 0 leaves as it is. */
  readonly buildId: string | undefined;
  /** Functions that the module defines. */
  readonly functions: number;
  /** Functions with a handler. */
  readonly instrumented: number;
  /** Functions that record fewer locals than are alive, or none, since they are too large. */
  readonly partial: number;
  /** Globals and memories that are exported for the capture library. */
  readonly exported: number;
  /** What was not done, and why, in words for people. */
  readonly notes: readonly string[];
}

/**
 * A dialect: one way in which core dumps have been written. The specification leaves details open, it
 * changed while producers already followed it, and some producers came before it.
 *
 * A dialect is a description: how its frames are encoded and what their code offsets count from. What
 * else its producer does, it adds as `refine` (told from the file alone) and `adapt` (needs the modules).
 */
import type { FormatError } from "../../bytes/errors";
import type { ByteSource } from "../../bytes/source";
import type { Section } from "../../wasm/sections";
import type { CoreDump } from "../model";
import type { ModuleOfInstance, Positions } from "../placement";
import type { FrameLayout } from "../stack";
import type { Contents } from "./contents";

/** A file with its sections found and none of them read. */
export interface DumpFile {
  readonly source: ByteSource;
  readonly sections: readonly Section[];
  /** What was wrong with the sections themselves: the file is truncated or damaged. */
  readonly problems: readonly FormatError[];
}

/** What was read of a file under a dialect's rules. */
export interface Draft {
  /** What the sections say under every dialect's rules. */
  readonly contents: Contents;
  readonly dump: Omit<CoreDump, "dialect">;
  /** Whether there is no `coreinstances`, so that one module with one instance is assumed. */
  readonly assumed: boolean;
  /** Whether every stack could be read to its end. */
  readonly sound: boolean;
}

/** A dialect's judgement of a file that could be read by its rules. */
export interface Refined {
  readonly dump: Omit<CoreDump, "dialect">;
  /** How well the file fits besides its frames: 1 = as this producer writes; 0 = nothing speaks for it. */
  readonly score: number;
  /** What spoke for it, as a clause for people: "sections and data as Wasmtime lays them out". */
  readonly why: string;
  /** Whether the file cannot be another producer's: its offsets count as the first of the dialect's `positions` says. */
  readonly certain?: true;
  /** What the file's code offsets count from, where the file itself says so. */
  readonly positions?: readonly Positions[];
}

export interface Dialect {
  /** What users choose it by, e.g. `rewriter-0.2.2`. */
  readonly name: string;
  /** Who writes it, for people. */
  readonly producer: string;
  readonly layout: FrameLayout;
  /** What a code offset may count from, the likeliest first; the modules tell which. */
  readonly positions: readonly Positions[];
  /** The lists of modules and instances are there, but cannot be read. */
  readonly unusable?: true;
  /** @throws FormatError when the file shows that it is not written in this dialect */
  refine(draft: Draft): Refined;
  /** Corrects what only the modules show. */
  adapt?(dump: CoreDump, moduleOf: ModuleOfInstance): CoreDump;
}

/**
 * A random program, and what it tells of itself. Built with FULL (Rust: `full`), it gives its host the value of every
 * variable right before it calls or crashes; built without, it is the same program on the same lines, which tells
 * nothing of most of them, so that a compiler may optimise them as it would.
 */
import type { Truth } from "./truth";

export const languages = ["c", "cpp", "rust"] as const;
export type Language = (typeof languages)[number];

/** A variable as its source declares it. */
export interface DeclaredVariable {
  /** The function, without parameters and scopes; empty for a static. */
  readonly function: string;
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  readonly isStatic: boolean;
}

/** What a host's function was given: an integer, a floating-point number, or JSON. */
export type Told = bigint | number | string;

/** Something that a program tells, by its number. */
export interface Telling {
  readonly variable: DeclaredVariable;
  /** From the variable to what is told of: `member`, `[3]`, `*`. */
  readonly path: readonly string[];
  readonly truthOf: (told: Told) => Truth;
}

export interface Program {
  readonly source: string;
  /** By their numbers, the innermost one first. */
  readonly functions: readonly string[];
  readonly tellings: ReadonlyMap<number, Telling>;
}

/** What one call's frame told, by the numbers of tellings. */
export interface FrameTruth {
  readonly function: string;
  readonly told: ReadonlyMap<number, Told>;
}

/**
 * What a program says a value is, with nothing of how it lies in memory. C++'s `show.hpp` and Rust's `prelude.rs` write
 * it as JSON; C tells single numbers.
 */
import type { DeclaredVariable, Telling } from "./model";

export type Truth =
  /** In decimal. */
  | { readonly integer: string }
  | { readonly truth: boolean }
  /** As JavaScript reads it; `-0` is another than `0`. */
  | { readonly float: string }
  /** Names of one value; `number` where it has none. */
  | { readonly constant: readonly string[]; readonly number?: string }
  | { readonly letter: string }
  | { readonly text: readonly number[] }
  /** Where a pointer leads, in the build that told it. */
  | { readonly address: string }
  | { readonly elements: readonly Truth[] }
  | { readonly pairs: readonly (readonly [key: Truth, value: Truth])[] }
  | { readonly members: Readonly<Record<string, Truth>>; readonly name?: string }
  | { readonly fields: readonly Truth[]; readonly name?: string }
  | { readonly some: Truth }
  | { readonly none: true }
  | { readonly alternative: Truth }
  | { readonly pointee: Truth; readonly strong?: number }
  | { readonly null: true }
  | { readonly complex: readonly [real: Truth, imaginary: Truth] }
  | { readonly bits: string }
  | { readonly range: readonly [from: Truth, to: Truth] }
  | { readonly unit: true };

/** A program that tells a whole variable as JSON. */
export const jsonTelling = (variable: DeclaredVariable): Telling => ({
  variable,
  path: [],
  truthOf: (told) => JSON.parse(String(told)) as Truth,
});

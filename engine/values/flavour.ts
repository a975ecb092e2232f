/**
 * How a language writes names and values: types, records, arrays, characters, text.
 *
 * A flavour is a table of small functions; everything else about values is the same in all languages.
 */
import type { Entry } from "../dwarf/model";

export interface Flavour {
  readonly name: "c" | "cpp" | "rust" | "zig";
  /** A named type's name as a programmer of the language writes it. */
  typeName(entry: Entry, name: string): string;
  pointerName(form: PointerForm, target: string): string;
  arrayName(element: string, counts: readonly (number | undefined)[]): string;
  functionName(result: string | undefined, parameters: readonly string[]): string;
  /** Name of what has no type: `void`, `()`. */
  readonly voidName: string;
  /** A record: its type's name, and its fields as text, cut to a budget already. */
  record(typeName: string, fields: readonly SummaryField[]): string;
  readonly array: readonly [open: string, close: string];
  /** A field's name as it is written after the dot: Rust's `__0` is `0`. */
  fieldName(name: string): string;
  /** A character: its code point as text in quotes, and its number. */
  character(quoted: string, value: bigint): string;
  /** A floating-point number, from JavaScript's shortest text. */
  float(text: string): string;
  /** An enumerator as a value: Zig's has a dot in front. */
  enumerator(name: string): string;
  /**
   * Bits of a base type's value when its name says so, e.g. Zig's `u5`, whose other bits may hold anything;
   * undefined where all of its bytes count.
   */
  bitsOf(name: string): number | undefined;
  readonly nullPointer: string;
  /** Whether references are transparent: members of the target are reached without an arrow. */
  readonly dereferencesItself: boolean;
  /** What a pointer type of this name is, where its tag says `form`. */
  pointerForm(name: string | undefined, form: PointerForm): PointerForm;
  /** What stands in front of a reference's target: `&`, `&mut `, or nothing. */
  referenceSign(typeName: string): string;
}

export type PointerForm = "pointer" | "reference" | "rvalue-reference";

export interface SummaryField {
  readonly name: string;
  readonly text: string;
}

/**
 * A value as a reader sees it: one line of text, a type's name, and children that are decoded when asked for.
 *
 * This is all that adapters, command lines and reports know of values; how a type and a place become one is
 * the business of the other files of this room.
 */
import type { Address } from "../bytes/offsets";
import type { Provenance } from "../dwarf/machine";
import type { Missing } from "../dwarf/missing";
import type { SourceFile } from "../dwarf/model";

/** DAP's ValueFormat, as far as it changes text, and what gdb's `set print` changes of it. */
export interface ValueFormat {
  readonly hex?: boolean;
  /** Whether an address stands in front of what it leads to, as it does by itself. */
  readonly addresses?: boolean;
  /** Whether the function in a table slot is named, as it is by itself. */
  readonly symbols?: boolean;
  /** Characters that are to be enough; what is longer ends in an ellipsis. By itself, as a line of a panel has. */
  readonly budget?: number;
}

export interface Value {
  /** One line: `3`, `Some(77)`, `{x: 1, y: 2}`, `0x10a4 "text"`; `<unavailable: reason>` when missing. */
  text(format?: ValueFormat): string;
  /** The type as its language's programmer writes it; undefined when there is none. */
  readonly typeName: string | undefined;
  /** Set when the value itself is not known. */
  readonly missing: Missing | undefined;
  /** Where its bytes are, when they are in linear memory. For a pointer: where the POINTER is. */
  readonly address: Address | undefined;
  /** Size in bytes; undefined when the type does not say. */
  readonly size: number | undefined;
  /** Where a pointer or reference points, for "view memory" and dereference. */
  readonly target: Address | undefined;
  readonly provenance: Provenance;
  /** Members by name, or elements by index; undefined for a leaf. */
  readonly children: Children | undefined;
}

export interface Child {
  /** `value`, `[3]`, `0`, `*p`. */
  readonly name: string;
  readonly value: Value;
  /**
   * How to get from the parent's expression to this child's: `.value`, `[3]`; a function of the parent's
   * expression, so that `*p` and casts can be written as well. Undefined when no expression reaches it.
   */
  readonly path: ((parent: string) => string) | undefined;
  /** "lazy": show only when asked (a dereference that may be large); "base": a base class; "virtual": not a real member. */
  readonly hint?: "base" | "virtual" | "lazy";
}

/** Children by page: `named` come first, `indexed` are the elements of an array. */
export interface Children {
  readonly namedCount: number;
  readonly indexedCount: number;
  /** All named children. */
  named(): readonly Child[];
  /** Elements `start` to `start + count`, cut at the end. */
  indexed(start: number, count: number): readonly Child[];
}

/** A variable of a scope. */
export interface Variable {
  readonly name: string;
  readonly value: Value;
  /** What to type in a watch to get it; undefined when it cannot be named. */
  readonly evaluateName: string | undefined;
  /** Where it is declared, 1-based. */
  readonly declaration: { readonly file: SourceFile; readonly line: number } | undefined;
}

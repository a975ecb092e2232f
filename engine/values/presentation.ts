/**
 * What the files of this room hand each other: a typed value, the world that makes more of them, and how a
 * kind of type presents itself.
 */
import type { Address, CodeOffset } from "../bytes/offsets";
import type { Machine } from "../dwarf/machine";
import type { Missing } from "../dwarf/missing";
import type { DebugInformation, Entry, Unit } from "../dwarf/model";
import type { Place } from "../dwarf/place";
import type { Child, Children, Value, ValueFormat } from "./model";
import type { Storage } from "./storage";
import type { Type } from "./types";

/** The frame that values are read in. */
export interface FrameContext {
  readonly machine: Machine;
  /** The concrete out-of-line subprogram (owner of DW_AT_frame_base); undefined outside of functions. */
  readonly subprogram: Entry | undefined;
  readonly pc: CodeOffset | undefined;
  readonly debug: DebugInformation | undefined;
  /** Why a variable does not have the value that its location names; undefined where nothing speaks against it. */
  doubt?(variable: Entry): Missing | undefined;
  /** Function name for a table slot (function pointers); undefined when not known. */
  functionInTable?(slot: number): string | undefined;
  /** A location that holds in all of the function, where the variable's list of locations has none for `pc`. */
  lasting?(variable: Entry): Uint8Array | undefined;
  /** The function in a table slot; undefined when no debug information of this module describes it. */
  functionOfSlot?(slot: number): Entry | undefined;
  /** The unit of the function in a table slot; undefined when not known. */
  unitOfSlot?(slot: number): Unit | undefined;
  /** What the module filled its memory with when it was instantiated: its constants are still there. */
  initialData?(): readonly InitialData[];
}

/** A run of bytes that a module brings along. */
export interface InitialData {
  readonly address: number;
  /** In bytes. */
  readonly size: number;
  bytes(): Uint8Array;
}

/** How a summary is to be written. */
export interface Style extends ValueFormat {
  readonly hex: boolean;
  /** Characters that are left; what is longer ends in an ellipsis. */
  readonly budget: number;
  /** Levels of nesting already entered. */
  readonly depth: number;
}

/** Summaries go no deeper, and are meant to fit in one line of a panel. */
export const SUMMARY_DEPTH = 5;
export const SUMMARY_BUDGET = 120;

/** A value that knows its type and its bytes, so that expressions can go on from it. */
export interface TypedValue extends Value {
  readonly type: Type;
  readonly storage: Storage;
  /** The frame that it belongs to. */
  readonly world: World;
  summary(style: Style): string;
}

/** What one kind of type makes of a storage. */
export interface Presentation {
  /** Set when the value itself is not known. */
  readonly missing?: Missing | undefined;
  readonly target?: Address | undefined;
  readonly children?: Children | undefined;
  summary(style: Style): string;
}

/** Makes values; given to everything that has children. */
export interface World {
  readonly frame: FrameContext;
  /** @param raw as its bare members, without its language's view of it */
  value(type: Type, storage: Storage, raw?: boolean): TypedValue;
  /** The place that an expression of `unit` describes in this frame; see ExpressionContext. */
  place(
    expression: Uint8Array,
    unit: Unit,
    objectAddress?: Address,
    initialStack?: readonly bigint[],
  ): Place | Missing;
  /** The variable that an entry describes, for counts and pointers that refer to one. */
  variable(entry: Entry): TypedValue;
}

/** A language's own view of a type, e.g. a string as its text; undefined when it does not apply. */
export type View = (type: Type, storage: Storage, world: World) => Presentation | undefined;

/** Children that are all named. */
export function namedChildren(count: number, named: () => readonly Child[]): Children {
  return { namedCount: count, indexedCount: 0, named, indexed: () => [] };
}

export function unavailable(missing: Missing): Presentation {
  return { missing, summary: () => `<unavailable: ${missing.text}>` };
}

/** The style one level further in, with `used` characters gone. */
export function inner(style: Style, used: number): Style {
  return { ...style, budget: Math.max(0, style.budget - used), depth: style.depth + 1 };
}

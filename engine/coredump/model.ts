/**
 * What a core dump says, whoever wrote it: one model that every dialect's reader fills and the writer writes
 * (WebAssembly/tool-conventions, Coredump.md).
 *
 * The model is of the dump alone: it does not know the module that crashed. Memory stays in the file and is
 * read in ranges.
 */
import type { Address, BodyOffset, FunctionIndex } from "../bytes/offsets";

/** The type of a recorded value, named as the Wasm specification names it. */
export type RecordedType = "i32" | "i64" | "f32" | "f64" | "v128" | "ref";

/**
 * One local, operand or global as recorded. Integers hold the bit pattern as a SIGNED number (i32) or bigint
 * (i64); floats hold their bits as well, so that NaN payloads survive.
 */
export type RecordedValue =
  | { readonly type: "missing" }
  | { readonly type: "i32"; readonly value: number }
  | { readonly type: "i64"; readonly value: bigint }
  | { readonly type: "f32"; readonly value: number; readonly bits: number }
  | { readonly type: "f64"; readonly value: number; readonly bits: bigint }
  | { readonly type: "v128"; readonly bytes: Uint8Array }
  | { readonly type: "ref"; readonly isNull: boolean };

export interface CoreFrame {
  /** Index into `CoreDump.instances`. */
  readonly instance: number;
  readonly functionIndex: FunctionIndex;
  /** Offset in the function's body of the instruction where the frame stands (its call, or the trap). */
  readonly offset: BodyOffset;
  /** Where the dump puts it, when `offset` is not known because the function's code is not at hand. */
  readonly unplaced?: UnplacedOffset;
  /** Parameters first, then declared locals; empty when the producer recorded none. */
  readonly locals: readonly RecordedValue[];
  /** Operand stack, bottom first. */
  readonly stack: readonly RecordedValue[];
}

/** A code offset as it was recorded, and what it may count from: placement.ts says what these are. */
export interface UnplacedOffset {
  readonly recorded: number;
  readonly from: readonly ("body" | "instructions" | "section")[];
}

export interface CoreThread {
  readonly name: string;
  /** Youngest frame first. */
  readonly frames: readonly CoreFrame[];
}

export interface CoreModule {
  readonly name: string;
}

export interface CoreInstance {
  /** Index into `CoreDump.modules`. */
  readonly module: number;
  /** For each memory of the module: index into `CoreDump.memories`; undefined when it is not in the dump. */
  readonly memories: readonly (number | undefined)[];
  /** For each global of the module: index into `CoreDump.globals`; undefined when it is not in the dump. */
  readonly globals: readonly (number | undefined)[];
  /** For each table of the module: index into `CoreDump.tables`; absent in dumps without tables. */
  readonly tables?: readonly (number | undefined)[];
}

/** A table as it stood at the crash. */
export interface CoreTable {
  /** Entries that it had. */
  readonly size: number;
  /** The first of them, as many as were recorded. */
  readonly entries: readonly CoreTableEntry[];
}

/** What a table's slot holds: null, a function, or something that is no function, or of no instance of the dump. */
export type CoreTableEntry = "null" | TableFunction | undefined;

/** A function that a table holds, which may be of another instance than the table. */
export interface TableFunction {
  /** Index into `CoreDump.instances`. */
  readonly instance: number;
  readonly functionIndex: FunctionIndex;
}

/** A linear memory as far as it was recorded. */
export interface CoreMemory {
  /** Size at the crash, in bytes. */
  readonly size: number;
  /** Recorded ranges, ascending, not overlapping. */
  readonly ranges: readonly MemoryRange[];
  /**
   * Whether bytes outside `ranges` are known to be zero (a full dump whose writer leaves zeros out) or
   * unknown (a partial dump).
   */
  readonly gapsAreZero: boolean;
  /** Whether it is addressed by i64. */
  readonly memory64?: boolean;
  /** Whether threads share it. */
  readonly shared?: boolean;
  /** The recorded bytes of a range that lies wholly inside one of `ranges`. */
  read(at: Address, length: number): Uint8Array;
}

export interface MemoryRange {
  readonly start: Address;
  /** Bytes. */
  readonly length: number;
}

export interface CoreDump {
  /** The `core` section's name of the executable. */
  readonly executable: string;
  readonly threads: readonly CoreThread[];
  readonly modules: readonly CoreModule[];
  readonly instances: readonly CoreInstance[];
  readonly memories: readonly CoreMemory[];
  readonly globals: readonly RecordedValue[];
  /** Absent where the producer recorded none: the specification has no place for them. */
  readonly tables?: readonly CoreTable[];
  /** Which encoding was read and why it was chosen. */
  readonly dialect: DialectChoice;
  /** What our own producer adds in a custom section; other readers skip it. */
  readonly notes: CrashNotes;
  /** Problems met while reading, whose parts are left out; the rest is sound. */
  readonly problems: readonly string[];
}

/** Which dialect a dump was read in. */
export interface DialectChoice {
  /** What it is chosen by, e.g. `wasmtime`, `rewriter-0.2.2`. */
  readonly name: string;
  /** What spoke for it, for people. */
  readonly why: string;
  /** The others that could be or were tried, and what spoke against each. */
  readonly others?: readonly { readonly name: string; readonly why: string }[];
}

/** The custom section `wasm-postmortem.notes`: UTF-8 JSON, every member optional. */
export interface CrashNotes {
  /** The error's text as the host reported it, e.g. "RuntimeError: unreachable". */
  readonly error?: string;
  /** The build id of the module that ran, lower-case hex. */
  readonly buildId?: string;
  /** Who wrote the dump, e.g. "wasm-postmortem 0.1.0 (V8 inspector)". */
  readonly producer?: string;
  /**
   * What memory outside of the data segments is: "zero" when the whole memory was there and its zeros were
   * left out, "absent" when only parts of it were recorded. Set by the writer.
   */
  readonly memoryGaps?: "zero" | "absent";
  /** The error's stack as the host printed it, with the frames of its own code. */
  readonly stack?: string;
  /**
   * That code offsets count from the start of the module's file, not of the function's body: a producer in
   * JavaScript knows no more when it does not have the file.
   */
  readonly codeOffsets?: "file";
  /** That frames of instrumented modules are told as the original modules have them (docs/INSTRUMENT.md). */
  readonly original?: true;
  /** For each instance, what its module names: JavaScript knows no other indices. */
  readonly names?: readonly InstanceNames[];
  /** What the producer could not record, in words for people. */
  readonly problems?: readonly string[];
}

/** Indices into `CoreDump.memories` and `globals`, by the names under which the module exports or imports them. */
export interface InstanceNames {
  readonly memories: Readonly<Record<string, number>>;
  readonly globals: Readonly<Record<string, number>>;
}

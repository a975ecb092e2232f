/**
 * A crash: a core dump and the modules that ran, joined into threads, frames, scopes and a reason.
 * The surface that adapters and command lines use.
 */
import type { CodeOffset, FunctionIndex } from "../bytes/offsets";
import type { CoreDump, CoreFrame } from "../coredump/model";
import type { Machine } from "../dwarf/machine";
import type { DebugInformation, Entry, SourceFile, Unit } from "../dwarf/model";
import type { SourceMap } from "../sourcemap/source-map";
import type { Variable } from "../values/model";
import type { WasmModule } from "../wasm/module";
import type { LineRange } from "./code-lines";
import type { DescribedFunctions } from "./described/functions";
import type { FrameRecovery } from "./recovery/frame-recovery";
import type { FrameTables } from "./tables";

/** A module of the dump and what was found for it on disk. */
export interface CrashModule {
  /** Position in `Crash.modules`, which is also its id. */
  readonly id: number;
  /** The name in the dump, or the file's. */
  readonly name: string;
  /** Path or URI of the file. */
  readonly path: string;
  readonly wasm: WasmModule;
  readonly buildId: string | undefined;
  readonly symbols: SymbolState;
  readonly debug: DebugInformation | undefined;
  /** Where its functions lie, in place of its code, which is not at hand. */
  readonly described?: DescribedFunctions | undefined;
  /** Lines of a module without debug information. */
  readonly sourceMap?: SourceMap | undefined;
}

/** Whether debug information was found, and if not (or not usable) why. */
export type SymbolState =
  | { readonly state: "loaded"; readonly path: string }
  /** No debug information, but a source map: lines, and no types. */
  | { readonly state: "mapped"; readonly path: string }
  | { readonly state: "names-only"; readonly why: string }
  | { readonly state: "none"; readonly why: string }
  | { readonly state: "stale"; readonly why: string };

export interface SourceLocation {
  readonly file: SourceFile;
  /** 1-based; 0 = unknown. */
  readonly line: number;
  /** 1-based; 0 = unknown. */
  readonly column: number;
}

/** Whose code it is: the program's own, its libraries' (registry, vendored), or its language's runtime. */
export type CodeOrigin = "program" | "library" | "runtime";

/** A frame as the core dump has it; inlined calls share one. */
export interface PhysicalFrame {
  /** 0 = youngest. */
  readonly index: number;
  readonly core: CoreFrame;
  readonly module: CrashModule;
  readonly functionIndex: FunctionIndex;
  /** Where it stands; undefined when the dump's offset lies outside of the function. */
  readonly pc: CodeOffset | undefined;
  readonly machine: Machine;
  /** What code and memory tell of registers that were not recorded. */
  readonly recovery: FrameRecovery;
  /** Size in bytes of a memory of its module at the crash; undefined when the dump does not have it. */
  memorySize(memory: number): number | undefined;
  /** What its module's tables hold. */
  readonly tables: FrameTables;
}

/** A frame as the programmer thinks of it: a function, or a call that was inlined. */
export interface Frame {
  /** 0 = youngest, inlined frames counted. */
  readonly index: number;
  readonly physical: PhysicalFrame;
  /** With namespaces and generics shortened, as its language writes it. */
  readonly name: string;
  /** Name as DWARF or the name section has it, unshortened. */
  readonly fullName: string;
  readonly inlined: boolean;
  readonly location: SourceLocation | undefined;
  readonly origin: CodeOrigin;
  /** DW_TAG_subprogram or DW_TAG_inlined_subroutine. */
  readonly entry: Entry | undefined;
  readonly unit: Unit | undefined;
  /** DW_LANG; undefined without debug information. */
  readonly language: number | undefined;
  scopes(): readonly Scope[];
  /** What names mean on the lines of its function; undefined where no variable is described. */
  visibleNames(): VisibleNames | undefined;
  /** Formal parameters, for a stack listing. */
  readonly parameters: readonly Variable[];
}

export type ScopeKind =
  | "arguments"
  | "locals"
  | "statics"
  | "wasm-locals"
  | "operand-stack"
  | "globals"
  | "tables";

export interface Scope {
  readonly kind: ScopeKind;
  /** "Arguments", "Locals", "Locals: inner block", "Statics", "Wasm Locals", … */
  readonly name: string;
  /** Whether listing costs more than the frame's own unit. */
  readonly expensive: boolean;
  /** Source lines of a lexical block. */
  readonly range: LineRange | undefined;
  variables(): readonly Variable[];
}

/** 1-based, the last one included. */
export interface Lines {
  readonly startLine: number;
  readonly endLine: number;
}

/** A name and where it means one variable. */
export interface VisibleName {
  readonly name: string;
  /** Undefined where nothing tells it: anywhere in the function. */
  readonly extent: Extent | undefined;
  /** Undefined for a variable that is not the frame's: of a block that the frame is not in, of an inner function. */
  readonly variable: Variable | undefined;
}

export interface Extent extends Lines {
  /** The line that declares it, which may stand in front of the others. */
  readonly declared: number;
}

export interface VisibleNames {
  /** That the frame stands in. */
  readonly file: SourceFile;
  /** Of the function; undefined where nothing tells them. */
  readonly lines: Lines | undefined;
  readonly names: readonly VisibleName[];
  /** Of functions inside, closures and lambdas, but for the line that each begins at: the frame's names end there. */
  readonly inner: readonly Lines[];
}

export interface Thread {
  /** 1-based. */
  readonly id: number;
  readonly name: string;
  /** Youngest first; computed frame by frame as asked. */
  frames(start?: number, count?: number): readonly Frame[];
  /** Number of frames, inlined ones counted. */
  readonly frameCount: number;
  /** Index of the frame to stand at: the youngest of the program's own code, past the panic machinery. */
  readonly crashFrame: number;
}

export type TrapKind =
  | "unreachable"
  | "integer-divide-by-zero"
  | "integer-overflow"
  | "invalid-conversion"
  | "memory-out-of-bounds"
  | "table-out-of-bounds"
  | "indirect-call-to-null"
  | "indirect-call-type-mismatch"
  | "null-reference"
  | "cast-failure"
  | "stack-overflow"
  | "uncaught-exception"
  | "host-call"
  | "unaligned-atomic"
  | "unknown";

export interface TrapReason {
  readonly kind: TrapKind;
  /** One line for the widget: "attempt to subtract with overflow". */
  readonly title: string;
  /** More: "panicked at src/main.rs:14:5", operands, addresses. May be empty. */
  readonly details: readonly string[];
  /** The Wasm-level statement: "unreachable executed in rust_panic (function 128)". */
  readonly trap: string;
  /** Language-level class, when the runtime was recognised. */
  readonly language:
    | "rust-panic"
    | "cpp-exception"
    | "assemblyscript-abort"
    | "zig-panic"
    | "c-abort"
    | "c-assert"
    | "stack-overflow"
    | undefined;
}

export interface Crash {
  readonly dump: CoreDump;
  readonly modules: readonly CrashModule[];
  readonly threads: readonly Thread[];
  /** Of the crashed (first) thread. */
  readonly reason: TrapReason;
  /** What the user should know: build mismatch, missing debug information, problems in the dump. */
  readonly warnings: readonly string[];
}

/**
 * The machine as location expressions see it: one physical frame's registers (Wasm locals, operand stack),
 * the instance's globals, and linear memory. Implemented by postmortem/ over a core dump.
 */
import type { Address, CodeOffset } from "../bytes/offsets";
import type { Missing } from "./missing";
import type { LocationSpan } from "./model";
import type { Use } from "./wasm-registers";

/** How a value came to be known. */
export type Provenance = "recorded" | "computed" | "recovered";

/** A variable that a location puts into a local. */
export interface Tenancy {
  /** Since when, and whether that is said of the whole of its scope. */
  readonly since: LocationSpan;
  readonly use: Use;
  readonly changes: Changes;
}

/**
 * What the program may give a variable after its first value: nothing (an argument that its language keeps as it is),
 * numbers and never an address, pointers, or anything.
 */
export type Changes = "nothing" | "numbers" | "pointers" | "anything";

/** A Wasm value as bits, little-endian: 4 bytes for i32/f32, 8 for i64/f64, 16 for v128. */
export interface Register {
  readonly type: "i32" | "i64" | "f32" | "f64" | "v128";
  readonly bytes: Uint8Array;
  readonly provenance: Provenance;
}

export interface Machine {
  /** Code offset where the frame stands. */
  readonly pc: CodeOffset;
  /** Bytes of a pointer: 4, or 8 for memory64. */
  readonly addressSize: number;
  local(index: number): Register | Missing;
  /**
   * Whether an instruction that assigns the local, or only one that compilers do not end locations at, may have run
   * since the one at `from`, or since the first one that assigned it; no, where nothing tells.
   */
  localWrittenSince?(index: number, from: CodeOffset | "first", by: "any" | "overlooked"): boolean;
  /**
   * What a local held of a variable, where values of others have been put into it since; undefined where that is not
   * certain.
   */
  localOf?(index: number, tenancy: Tenancy): Register | undefined;
  /** Whether the program has popped an operand since the instruction at `from`; no, where nothing tells. */
  operandPoppedSince?(index: number, from: CodeOffset): boolean;
  /**
   * Whether this is its thread's youngest frame. Only there does `__stack_pointer` still hold what the frame
   * last saw, so only there can it stand for a frame base; anything but `true` means that it cannot.
   */
  readonly youngest?: boolean;
  /**
   * The frame base that the frame's function set up in its prologue, of which its debug information says that it is in
   * `local`; the local may hold something else by now. A machine without it has the local for it.
   */
  frameBase?(local: number): Register | Missing;
  /** What a global held when the frame stood where it stands, where it is `__stack_pointer` and that is known. */
  stackPointer?(global: number): Register | undefined;
  /** 0 = bottom of the frame's operand stack. */
  operand(index: number): Register | Missing;
  global(index: number): Register | Missing;
  /** `length` bytes of memory 0; Missing when any of them is out of bounds or not in the dump. */
  memory(at: Address, length: number): Uint8Array | Missing;
  /**
   * Whether the program was built without threads, so that its thread-locals are statics: then a location that adds
   * the `__tls_base` that there is not (global 0xffffffff) names the address itself.
   */
  readonly threadLocalsAreStatic?: boolean;
  /** The machine of the calling physical frame, for entry values. */
  caller(): Machine | undefined;
}

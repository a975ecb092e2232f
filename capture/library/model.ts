/**
 * What a program gives to have its core dump taken, and what it gets. Nothing here names a platform: the library
 * runs wherever WebAssembly has JavaScript as its host.
 */

/** A WebAssembly instance of the program, as far as the program knows it. */
export interface ProgramInstance {
  /** Its exported memories and globals are recorded. */
  readonly instance?: { readonly exports: object } | undefined;
  /** A memory that is not exported. */
  readonly memory?: WebAssembly.Memory | undefined;
  /** Globals that are not exported, by the names under which the module imports them. */
  readonly globals?: Readonly<Record<string, WebAssembly.Global>> | undefined;
  /** Gives the module's name and build id. */
  readonly module?: WebAssembly.Module | undefined;
  /**
   * The module's file, where the program still has it: then frames tell their offset in their function, as the
   * specification wants it. Without, they tell the offset in the file, and the dump says so.
   */
  readonly bytes?: Uint8Array | undefined;
  /** The module's name, where it has none of its own; as its file's name. */
  readonly name?: string | undefined;
}

/** Bytes of a memory. */
export interface Range {
  readonly start: number;
  readonly length: number;
}

export interface CaptureOptions extends ProgramInstance {
  /** More instances, of this or other modules. */
  readonly instances?: readonly ProgramInstance[] | undefined;
  /** The program's name in the dump; the crashed module's when it is not given. */
  readonly executable?: string | undefined;
  /** Records only these ranges of each memory. */
  readonly ranges?: readonly Range[] | undefined;
  /**
   * Bytes of memory that are recorded at most, not counting long stretches of zeros. Of a larger memory the lowest
   * are taken: compilers put statics and the stack there.
   */
  readonly memoryLimit?: number | undefined;
}

/**
 * A core dump that was taken: frames and globals are kept, memory is read when the dump is written out. It is as
 * it was at the crash only while the program has not run on: write the dump at once, or give the stream away
 * before the next call into the module.
 */
export interface CapturedDump {
  /** Bytes of the whole dump. */
  readonly size: number;
  /** Frames of WebAssembly on the error's stack. */
  readonly frames: number;
  /** The dump in chunks, each a copy of at most 64 KiB. */
  chunks(): Iterable<Uint8Array>;
  /** The whole dump as one array. */
  bytes(): Uint8Array;
  /** The dump as a stream, packed with gzip when asked for; readers unpack it. */
  stream(options?: { readonly gzip?: boolean | undefined }): ReadableStream<Uint8Array>;
}

/** What is done with a dump that a hook took. It may return a promise: a failure is logged, never thrown. */
export type OnDump = (dump: CapturedDump, error: unknown) => unknown;

export interface HookOptions extends CaptureOptions {
  readonly onDump?: OnDump | undefined;
  /** Whether an error is worth a dump; by default a trap, or one with WebAssembly frames on its stack. */
  readonly wants?: ((error: unknown) => boolean) | undefined;
}

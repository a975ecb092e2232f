/**
 * The WebAssembly frames of an error, from its stack as text: no engine gives them otherwise. The forms are those
 * of engine/coredump/stack-trace/forms.ts; here one expression does, since it must be small.
 */

/** A frame as the engine prints it. */
export interface PrintedFrame {
  /** The module: a URL or a name that the engine made; empty where it gives none. */
  readonly module: string;
  /** The function's, imports counted. */
  readonly index: number;
  /** Bytes from the start of the module's file; undefined in JavaScriptCore. */
  readonly offset: number | undefined;
}

export interface ErrorStack {
  /** The error's class and message. */
  readonly error: string;
  /** The stack as the engine prints it, frames of JavaScript too; cut where it is very long. */
  readonly text: string;
  readonly frames: readonly PrintedFrame[];
  /** Whether the engine kept as many frames as it keeps at most, so that older ones may be missing. */
  readonly cut: boolean;
}

/** Characters of a stack that are kept, and causes of an error that are followed. */
const LONGEST_TEXT = 1 << 16;
const MOST_CAUSES = 8;

const FRAME = /([^\s(@]*?)[:.]?wasm-function\[(\d+)\](?::(0x[0-9a-f]+))?/g;

type ErrorClass = { stackTraceLimit?: number };

/** The stack of what was thrown, or of its cause that has WebAssembly frames. Never throws. */
export function stackOf(thrown: unknown, causes = MOST_CAUSES): ErrorStack {
  const error = read(() => String(thrown)) ?? "";
  const text = read(() => String((thrown as Error).stack ?? "")) ?? "";
  const cause = read(() => (thrown as Error).cause);
  const frames = Array.from(text.matchAll(FRAME), ([, module = "", index, offset]) => ({
    module,
    index: Number(index),
    offset: offset ? Number(offset) : undefined,
  }));
  const ofCause = frames.length === 0 && cause && causes > 0 ? stackOf(cause, causes - 1) : undefined;
  if (ofCause?.frames.length) return ofCause;
  // Elsewhere than in V8 there is no limit, and the comparison is false.
  const cut = text.split("\n    at ").length > (Error as ErrorClass).stackTraceLimit!;
  return { error, text: text.slice(0, LONGEST_TEXT), frames, cut };
}

/** What a member gives; undefined where it throws. */
function read<T>(member: () => T): T | undefined {
  try {
    return member();
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is object => Object(value) === value;

/** Frames that `keepWholeStacks` has engines keep. */
const DEEP_ENOUGH = 1000;

/**
 * Has errors keep their whole stack from now on: V8 keeps ten frames otherwise (`Error.stackTraceLimit`). A limit
 * that is higher already stays. Call it before anything can crash.
 */
export function keepWholeStacks(limit = DEEP_ENOUGH): void {
  const errors = Error as ErrorClass;
  try {
    if (!(errors.stackTraceLimit! >= limit)) errors.stackTraceLimit = limit;
  } catch {
    // Frozen, as in hardened realms: stacks stay as long as they are.
  }
}

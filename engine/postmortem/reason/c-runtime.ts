/**
 * How C and C++ programs end themselves: a failed assertion, `abort`, an uncaught exception. Read from the
 * arguments of the C library's functions on the stack, by their names.
 */
import { readCString, unsigned } from "./registers";
import type { RuntimeCall } from "./runtime-call";

export interface Abort {
  readonly language: "c-abort" | "c-assert";
  readonly title: string;
  /** `file.c:12 in check`; undefined when it is not known. */
  readonly location: string | undefined;
}

/** @param calls youngest first; undefined when the program did not end itself this way */
export function findAbort(calls: readonly RuntimeCall[]): Abort | undefined {
  const asserted = calls.find((call) => /^(__assert_fail|__assert)$/.test(call.name));
  if (asserted !== undefined) return assertion(asserted);
  if (calls.some((call) => /^(std::terminate(\(\))?|_ZSt9terminatev)$/.test(call.name))) {
    return { language: "c-abort", title: "std::terminate() was called", location: undefined };
  }
  if (calls.some((call) => call.name === "__stack_chk_fail")) {
    return { language: "c-abort", title: "stack smashing detected", location: undefined };
  }
  if (calls.some((call) => call.name === "abort")) {
    return { language: "c-abort", title: "abort() was called", location: undefined };
  }
  return undefined;
}

/** `__assert_fail(expression, file, line, function)`, the same in wasi-libc, musl and Emscripten. */
function assertion(call: RuntimeCall): Abort {
  const argument = (index: number): number | undefined => unsigned(call.machine.local(index));
  const text = (index: number): string | undefined => {
    const at = argument(index);
    return at === undefined ? undefined : readCString(call.machine, at);
  };
  const expression = text(0);
  const file = text(1);
  const line = argument(2);
  const within = text(3);
  return {
    language: "c-assert",
    title: expression === undefined ? "assertion failed" : `assertion failed: ${expression}`,
    location: file && line ? `${file}:${line}${within ? ` in ${within}` : ""}` : undefined,
  };
}

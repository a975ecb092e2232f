/**
 * How C and C++ programs end themselves: a failed assertion, `abort`, `std::terminate`. Read from the
 * arguments of the C library's functions on the stack, by their names.
 */
import { readCString } from "./registers";
import { argumentOf, type RuntimeCall, type RuntimeReason } from "./runtime-call";

/** Functions that are called because of what their name says. */
const SIMPLE: readonly (readonly [RegExp, string])[] = [
  [/^(std::terminate(\(\))?|_ZSt9terminatev)$/, "std::terminate() was called"],
  [/^__cxa_pure_virtual$/, "a pure virtual function was called"],
  [/^__stack_chk_fail$/, "stack smashing detected"],
  [/^abort$/, "abort() was called"],
];

/** @param calls youngest first; undefined when the program did not end itself this way */
export function findAbort(calls: readonly RuntimeCall[]): RuntimeReason | undefined {
  const asserted = calls.find((call) => /^(__assert_fail|__assert)$/.test(call.name));
  if (asserted !== undefined) return assertion(asserted);
  for (const [name, title] of SIMPLE) {
    if (calls.some((call) => name.test(call.name))) return { language: "c-abort", title, details: [] };
  }
  return undefined;
}

/** `__assert_fail(expression, file, line, function)`, the same in wasi-libc, musl and Emscripten. */
function assertion(call: RuntimeCall): RuntimeReason {
  const text = (index: number): string | undefined => {
    const at = argumentOf(call, index);
    return at === undefined ? undefined : readCString(call.machine, at);
  };
  const expression = text(0);
  const file = text(1);
  const line = argumentOf(call, 2);
  const within = text(3);
  return {
    language: "c-assert",
    title: expression === undefined ? "assertion failed" : `assertion failed: ${expression}`,
    details: file && line ? [`at ${file}:${line}${within ? ` in ${within}` : ""}`] : [],
  };
}

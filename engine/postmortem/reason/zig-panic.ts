/**
 * What a Zig program panicked with: every panic ends in the default handler, whose first argument is the message,
 * a slice that the compiler passes as two, pointer and length.
 */
import { readText } from "./registers";
import { argumentOf, type RuntimeCall, type RuntimeReason } from "./runtime-call";

/** The handler's name, with and without its file's; `defaultPanic` since Zig 0.14. */
const HANDLER = /^((std\.)?(builtin|debug)\.)?(default_panic|defaultPanic)$/;

/** @param calls youngest first; undefined when none of them is Zig's panic handler */
export function findZigPanic(calls: readonly RuntimeCall[]): RuntimeReason | undefined {
  const call = calls.find(({ name }) => HANDLER.test(name));
  if (call === undefined) return undefined;
  const [at, length] = [argumentOf(call, 0), argumentOf(call, 1)];
  const message = at && length ? readText(call.machine, at, length) : undefined;
  return { language: "zig-panic", title: message ?? "a Zig panic", details: [] };
}

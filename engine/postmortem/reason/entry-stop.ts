/**
 * A program that was stopped on entering a function, in front of its first instruction. No instruction traps there:
 * that is the runtime's own check, of the call stack's limit, or of the fuel or the time that its host granted.
 * Wasmtime does not say which of them it was.
 */
import type { PhysicalFrame } from "../model";
import { plain, plural, type Trap } from "./statement";

/** A stack of fewer frames is not deep. */
const DEEP = 16;
/** How often a function is on the stack that calls itself again and again. */
const OFTEN = 3;

/**
 * @param frames the youngest, youngest first
 * @returns undefined where the youngest stands elsewhere
 */
export function stoppedAtEntry(
  frames: readonly { readonly physical: PhysicalFrame; readonly name: string }[],
): Trap | undefined {
  const [youngest] = frames;
  if (youngest === undefined || Number(youngest.physical.core.offset) !== 0) return undefined;
  const { functionIndex, module } = youngest.physical;
  const entered = `stopped on entering ${youngest.name}`;
  const others = "a limit of its host on fuel or time";
  const times = frames.filter(
    ({ physical }) => physical.functionIndex === functionIndex && physical.module === module,
  ).length;
  if (frames.length < DEEP || times < OFTEN)
    return plain("unknown", `${entered}: the call stack is exhausted, or it met ${others}`);
  return plain("stack-overflow", "call stack exhausted, very likely: the recursion is too deep", [
    `${entered}, which is on the stack at least ${plural(times, "time")}`,
    `nothing else stops a program there but ${others}`,
  ]);
}

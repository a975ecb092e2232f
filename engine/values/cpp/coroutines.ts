/**
 * Coroutines by their handles. A handle is the address of the coroutine's frame, which begins with the functions that
 * resume and destroy it (Itanium C++ ABI); one that is done has nothing to resume.
 */
import { addressText, leading } from "../pointers";
import type { Presentation } from "../presentation";
import type { Part } from "./layout";
import { shortName } from "./names";
import { word } from "./type-info";

/** What the compiler makes of a coroutine's body is named by it: `gen(int) (.resume)`. */
const PART = /\s*[[(](?:clone )?\.(?:destroy|cleanup)[\])]$/;

/** `coroutine_handle`: the coroutine, and whether it is suspended or done. */
export function presentCoroutineHandle(whole: Part): Presentation | undefined {
  const at = whole.member("__handle_")?.pointer();
  if (typeof at !== "number") return undefined;
  if (at === 0) return { target: at, summary: () => "nullptr" };
  const { machine } = whole.storage;
  const resume = word(machine, at);
  const destroy = word(machine, at + machine.addressSize);
  const name = destroy && whole.world.frame.functionInTable?.(destroy);
  if (resume === undefined || !name || !PART.test(name)) return undefined;
  const state = resume === 0 ? "done" : "suspended";
  const text = ` ${plainNames(name.replace(PART, ""))} (${state})`;
  return {
    target: at,
    summary: (style) => leading(addressText(at, machine.addressSize), text, style).trim(),
  };
}

/** A function's name with its parameters' types as they are written. */
function plainNames(name: string): string {
  const open = name.indexOf("(");
  return open < 0
    ? name
    : name.slice(0, open) + shortName(`f<${name.slice(open + 1, -1)}>`, false).replace(/^f<(.*)>$/s, "($1)");
}

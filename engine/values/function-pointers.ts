/** Pointers to functions: WebAssembly's are slots of a table, not addresses of memory. */
import type { Value } from "./model";
import type { TypedValue } from "./presentation";
import { strip } from "./types";

/** The slot of table 0 that a pointer to a function holds; undefined for every other value. */
export function functionSlot(value: Value): number | undefined {
  if (value.target === undefined || !("type" in value)) return undefined;
  const type = strip((value as TypedValue).type);
  const isPointer = type.kind === "pointer" && strip(type.target).kind === "function";
  return isPointer ? value.target : undefined;
}

/** The memories and globals of an instance, as far as JavaScript sees them. */
import type { ProgramInstance } from "./model";

export interface Parts {
  /** By the names under which they are exported or imported; "" for the one that was given by itself. */
  readonly memories: ReadonlyMap<string, WebAssembly.Memory>;
  readonly globals: ReadonlyMap<string, WebAssembly.Global>;
}

export function partsOf({ instance, memory, globals: given }: ProgramInstance): Parts {
  const memories = new Map<string, WebAssembly.Memory>(memory && [["", memory]]);
  const globals = new Map<string, WebAssembly.Global>();
  for (const [name, value] of Object.entries<object>({ ...given, ...instance?.exports })) {
    // By what it calls itself, not by instanceof: it may be of another realm.
    const type = {}.toString.call(value).slice(20, -1);
    if (type === "Memory") memories.set(name, value as WebAssembly.Memory);
    if (type === "Global") globals.set(name, value as WebAssembly.Global);
  }
  return { memories, globals };
}

/** The memories, globals and tables of an instance, as far as JavaScript sees them. */
import { guarded } from "./guard";
import type { ProgramInstance } from "./model";

export interface Parts {
  /** By the names under which they are exported or imported; "" for the one that was given by itself. */
  readonly memories: readonly (readonly [string, WebAssembly.Memory])[];
  readonly globals: readonly (readonly [string, WebAssembly.Global])[];
  readonly tables: readonly (readonly [string, WebAssembly.Table])[];
}

export function partsOf({ instance, memory, globals }: ProgramInstance): Parts {
  const all = guarded(() => Object.entries<unknown>({ ...globals, ...instance?.exports })) ?? [];
  if (memory) all.unshift(["", memory]);
  // By what they call themselves, not by instanceof: they may be of another realm.
  const calling = <Part>(type: string) =>
    all.filter(([, value]) => nameOfKind.call(value) === `[object WebAssembly.${type}]`) as [string, Part][];
  return { memories: calling("Memory"), globals: calling("Global"), tables: calling("Table") };
}

const nameOfKind = Object.prototype.toString;

/**
 * The modules of this folder, by encoding: build.sh makes them from shapes.cc and plain.c, and gcc/build.sh those that
 * have the debug information of another machine's code and no code.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface DwarfModule {
  readonly name: string;
  /** Path of the file, absolute. */
  readonly path: string;
  bytes(): Uint8Array;
}

export const dwarfModules: readonly DwarfModule[] = [
  "dwarf2",
  "dwarf3",
  "dwarf4-aranges",
  "dwarf4-types",
  "dwarf4-wasm64",
  "dwarf5",
  "dwarf5-source",
  "dwarf5-types",
  "dwarf5-wasm64",
  "gcc",
  "gcc-dwz",
  "gcc-types",
].map((name) => {
  const path = join(__dirname, `${name}.wasm`);
  return { name, path, bytes: () => new Uint8Array(readFileSync(path)) };
});

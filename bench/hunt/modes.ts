/** Ways to a dump of a crash: they differ in what the dump knows of locals and operands. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MemorySource } from "../../engine/bytes/source";
import { instrument } from "../../engine/rewrite/instrument/instrument";
import { chunksOf } from "../../engine/rewrite/pieces";
import type { Program } from "./model";
import { runToCrash } from "./running";

/** By V8's inspector, with everything; of the error alone; of a module that keeps its locals, at two costs. */
export const modes = ["full", "error", "tier1", "tier2"] as const;
export type Mode = (typeof modes)[number];

export interface CrashFiles {
  /** The module that describes the dump: with debug information, beside what belongs to it. */
  readonly module: string;
  readonly dump: string;
}

/** @param path of the module, beside which the dump is written */
export function crashFiles(path: string, program: Program, mode: Mode): CrashFiles {
  const bytes = readFileSync(path);
  const dump = join(dirname(path), "core.wasm");
  const keep = (dumped: Uint8Array | undefined, module = path): CrashFiles => {
    if (dumped === undefined) throw new Error("No dump was taken");
    writeFileSync(dump, dumped);
    return { module, dump };
  };
  if (mode === "full") return keep(runToCrash(bytes, program, true).inspected);
  if (mode === "error") return keep(runToCrash(bytes, program, false).captured()?.bytes());
  const source = new MemorySource(path, bytes);
  const made = instrument(source, {
    tier: mode === "tier1" ? 1 : 2,
    sha1: () => createHash("sha1"),
    urlOf: (file) => file,
  });
  const whole = (pieces: typeof made.module) =>
    Buffer.concat(Array.from(chunksOf(source, pieces), (chunk) => Buffer.from(chunk)));
  const debug = join(dirname(path), "instrumented-debug.wasm");
  writeFileSync(debug, made.debug === undefined ? bytes : whole(made.debug.pieces));
  return keep(runToCrash(whole(made.module), program, false).captured()?.bytes(), debug);
}

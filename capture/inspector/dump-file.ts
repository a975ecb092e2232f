/** The files of dumps that a watched program leaves. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import type { WrittenDump } from "./settings";

/**
 * Writes a dump into a folder, which is made where it is not there, as `PROGRAM.WHOSE.COUNT.coredump`.
 * @throws a system's error when it cannot be written
 */
export function writeDump(out: string, bytes: Uint8Array, whose: string, count: number): WrittenDump {
  const { executable, notes } = readCoreDump(new MemorySource("dump", bytes));
  const program = executable.replace(/^.*[\\/]/, "").replace(/[^\w.-]/g, "_") || "wasm";
  const path = join(out, `${program}.${whose}.${count}.coredump`);
  mkdirSync(out, { recursive: true });
  writeFileSync(path, bytes);
  return { path, error: notes.error ?? "" };
}

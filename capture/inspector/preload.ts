/**
 * Loaded into a program before its own code, by `wasm-postmortem capture`: writes a full core dump of each trap
 * and lets the program go on. It must never end the program itself.
 */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { TrapWatch } from "./session";
import { type PreloadSettings, settingsVariable } from "./settings";

const { out, limit, report } = JSON.parse(process.env[settingsVariable] ?? "{}") as PreloadSettings;
const thread = isMainThread ? `${process.pid}` : `${process.pid}.${threadId}`;
let written = 0;

TrapWatch.start({
  onDump: (bytes) => {
    if (written === limit) return;
    written++;
    try {
      const { executable, notes } = readCoreDump(new MemorySource("dump", bytes));
      const program = executable.replace(/^.*[\\/]/, "").replace(/[^\w.-]/g, "_") || "wasm";
      const path = join(out, `${program}.${thread}.${written}.coredump`);
      mkdirSync(out, { recursive: true });
      writeFileSync(path, bytes);
      appendFileSync(report, `${JSON.stringify({ path, error: notes.error ?? "" })}\n`);
    } catch (error) {
      process.stderr.write(`wasm-postmortem: no core dump was written: ${String(error)}\n`);
    }
  },
});

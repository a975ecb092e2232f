/**
 * Loaded into a program before its own code, by `wasm-postmortem capture`: writes a full core dump of each trap
 * and lets the program go on. It must never end the program itself.
 */
import { appendFileSync } from "node:fs";
import { isMainThread, threadId } from "node:worker_threads";
import { writeDump } from "./dump-file";
import { TrapWatch } from "./session";
import type { PreloadSettings } from "./settings";
import { toldSettings, watchWorkers } from "./workers";

const settings = toldSettings();
const { out, limit, report } = JSON.parse(settings) as PreloadSettings;
const thread = isMainThread ? `${process.pid}` : `${process.pid}.${threadId}`;
let written = 0;

watchWorkers(__filename, settings);
TrapWatch.start({
  onDump: (bytes) => {
    if (written === limit) return;
    written++;
    try {
      appendFileSync(report, `${JSON.stringify(writeDump(out, bytes, thread, written))}\n`);
    } catch (error) {
      process.stderr.write(`wasm-postmortem: no core dump was written: ${String(error)}\n`);
    }
  },
});

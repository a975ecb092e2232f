/**
 * The specification's test suite through `instrument`: `run.ts FOLDER [TIER]`, where FOLDER has the scripts as JSON and
 * modules. Prints what differs between the modules as they are and instrumented; test/rewrite/spec/README.md.
 */
import { readdirSync } from "node:fs";
import type { Tier } from "../../../engine/rewrite/instrument/model";
import { instrumentBytes } from "../instrument/support";
import { type Outcome, runScript } from "./runner";

const [folder = "", given = "1", only = ""] = process.argv.slice(2);
const tier = Number(given) as Tier;
const hasExceptions = process.env["NO_EXCEPTIONS"] === undefined;
const counts = { scripts: 0, outcomes: 0, different: 0, modules: 0, instrumented: 0, untouched: 0 };
const reasons = new Map<string, number>();

function change(bytes: Uint8Array): Uint8Array {
  if (!WebAssembly.validate(bytes)) return bytes; // newer than this engine
  counts.modules++;
  try {
    const { module, report } = instrumentBytes(bytes, { tier, hasExceptions });
    if (report.instrumented > 0) counts.instrumented++;
    for (const note of report.notes) reasons.set(note, (reasons.get(note) ?? 0) + 1);
    return module;
  } catch (error) {
    counts.untouched++;
    const reason = (error as Error).message.replace(/ \(.*/, "");
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    return bytes;
  }
}

for (const script of readdirSync(folder)) {
  if (!script.endsWith(".json") || !script.includes(only)) continue;
  const plain = runScript(folder, script, (bytes) => bytes);
  const changed = runScript(folder, script, change);
  counts.scripts++;
  counts.outcomes += plain.length;
  plain.forEach((outcome: Outcome, at) => {
    if (outcome.text === changed[at]?.text) return;
    counts.different++;
    console.log(
      `${script}:${outcome.line} ${outcome.type}: ${outcome.text}; instrumented: ${changed[at]?.text}`,
    );
  });
}
console.log(JSON.stringify(counts));
for (const [reason, count] of reasons) console.log(`${count} modules: ${reason}`);
process.exitCode = counts.different > 0 ? 1 : 0;

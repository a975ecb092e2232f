// Adds up the mocha runs of `npm test`. Usage: node scripts/summary.mjs EXIT_CODE_OF_NPM_TEST
// A step that failed without a failing test (a type error, say) counts as one failure.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const exitCode = Number(process.argv[2] ?? 0);
const folder = join(import.meta.dirname, "..", "test-artifacts", "results");
const total = { passes: 0, failures: 0, pending: 0 };
for (const file of existsSync(folder) ? readdirSync(folder) : []) {
  const counts = JSON.parse(readFileSync(join(folder, file), "utf8"));
  for (const key of Object.keys(total)) total[key] += counts[key];
}
if (exitCode !== 0 && total.failures === 0) total.failures = 1;
console.log(`${total.passes} passed, ${total.failures} failed, ${total.pending} skipped`);
process.exit(total.failures > 0 ? 1 : exitCode);

// Mocha's usual report, with what had to be tried again and why, and the counts as JSON in test-artifacts/results/ for scripts/summary.mjs.

const { mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const Mocha = require("mocha");

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { name } = options.reporterOptions ?? {};
    runner.on("retry", (test, error) => console.log(`  tried again: ${test.title}: ${error.message}`));
    runner.once("end", () => {
      const folder = join(__dirname, "..", "test-artifacts", "results");
      mkdirSync(folder, { recursive: true });
      const { passes, failures, pending } = this.stats;
      writeFileSync(join(folder, `${name ?? "unit"}.json`), JSON.stringify({ passes, failures, pending }));
    });
  }
};

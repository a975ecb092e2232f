// Packs the extension: dist/ must be built. Fails when the artefact outgrows its budget.

import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";

/** Bytes. */
const budget = 1_000_000;
const { name, version } = JSON.parse(readFileSync("package.json", "utf8"));
const file = `${name}-${version}.vsix`;

execFileSync(
  process.execPath,
  [
    "node_modules/@vscode/vsce/vsce",
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--skip-license",
    // The README's image and links are in the package or beside it: there is no site to point them to.
    "--no-rewrite-relative-links",
    "--out",
    file,
  ],
  { stdio: ["ignore", "inherit", "inherit"] },
);
const { size } = statSync(file);
console.log(`${file}: ${(size / 1000).toFixed(0)} kB`);
if (size > budget) {
  console.error(`The extension is larger than ${budget / 1000} kB.`);
  process.exit(1);
}

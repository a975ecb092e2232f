// `npm run demo`: the triage of the bundled Rust crash, and the same crash in VS Code where there is one.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const workspace = join(root, "examples", "rust-classic");
const dump = join(workspace, "app.coredump");
const module = join(workspace, "target", "wasm32-wasip1", "debug", "app.wasm");

node(["scripts/build.mjs"]);
console.log("A Rust program has crashed. This is what its core dump tells:\n");
node(["dist/cli.js", "triage", module, dump]);

const isWindows = process.platform === "win32";
const isInteractive = process.stdin.isTTY && process.stdout.isTTY && !process.env.CI;
const code = spawnSync("code", ["--version"], { stdio: "ignore", shell: isWindows }).status === 0;
if (code && isInteractive) openDesktop();
else if (code) howTo(`code --extensionDevelopmentPath=${root} ${workspace}`);
else if (isInteractive && hasTestServer()) await serve();
else howTo(hasTestServer() ? "npm run demo in a terminal" : "npm run package, and install the .vsix there");

function node(args) {
  execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });
}

function openDesktop() {
  console.log("\nVS Code opens on the demo: press F5 to stand at the crash line.");
  const args = [`--extensionDevelopmentPath=${root}`, workspace];
  spawn("code", args, { detached: true, stdio: "ignore", shell: isWindows }).unref();
}

function howTo(way) {
  console.log(`\nTo stand at the crash line in VS Code: ${way}; open examples/rust-classic and press F5.`);
}

function hasTestServer() {
  return existsSync(join(root, "test/vscode/newest/node_modules/code-server/lib/vscode/node_modules"));
}

/** The VS Code of the tests, shown by the user's browser, until Ctrl+C. */
async function serve() {
  node(["scripts/package.mjs"]);
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  node(["--import", "tsx", "test/vscode/serve.ts", join(root, `${name}-${version}.vsix`), workspace]);
}

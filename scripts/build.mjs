// Bundles every shipped entry with esbuild, so that users install no dependency tree.

import { createHash } from "node:crypto";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const common = {
  bundle: true,
  format: "cjs",
  minify: true,
  sourcemap: process.argv.includes("--sourcemap"),
  legalComments: "none",
  logLevel: "warning",
};
// Modules rather than UMD, in which imports cannot be followed.
const node = { platform: "node", target: "node20", mainFields: ["module", "main"] };
const browser = { platform: "browser", target: "es2022" };

/** Has a bundle take a module's exports from another bundle, so that both have one of it. */
const sharedWith = (module, bundle) => ({
  name: "shared",
  setup: (build) =>
    build.onResolve({ filter: new RegExp(`^${module}$`) }, () => ({ path: bundle, external: true })),
});

/** Has a bundle take one of our modules for another that exports the same. */
const replacedBy = (module, path) => ({
  name: "replaced",
  setup: (build) => build.onResolve({ filter: new RegExp(`^${module}$`) }, () => ({ path: resolve(path) })),
});

/** What src/engine-side.ts imports that dist/web/engine.js exports. */
const ENGINE = [
  "@vscode/l10n",
  "../adapter/session",
  "./crash-page/report",
  "./local-build/examine",
  "./about-file",
];

/** entry file → what it becomes, and where it runs */
const entries = [
  {
    ...node,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    // Loaded when a session needs it: activation must not wait for the whole engine.
    external: ["vscode", "./engine-side", "./r2-side"],
    // As a require(): Node's import() wants the file's extension, which TypeScript's does not have.
    supported: { "dynamic-import": false },
  },
  {
    ...node,
    entryPoints: ["src/engine-side.ts"],
    outfile: "dist/engine-side.js",
    external: ["vscode"],
    plugins: [sharedWith(`(${ENGINE.join("|")})`, "./web/engine")],
  },
  {
    ...node,
    entryPoints: ["src/r2-side.ts"],
    outfile: "dist/r2-side.js",
    external: ["vscode"],
  },
  {
    ...browser,
    entryPoints: ["src/web/extension.ts"],
    outfile: "dist/web/extension.js",
    external: ["vscode"],
    plugins: [replacedBy("./engine-side", "src/web/engine-side.ts")],
  },
  {
    ...browser,
    entryPoints: ["src/web/engine-worker.ts"],
    outfile: "dist/web/engine.js",
    // A script of a Worker, and a module for the desktop's extension.
    format: "iife",
    globalName: "engine",
    footer: { js: 'if(typeof module==="object")module.exports=engine;' },
  },
  { ...node, entryPoints: ["adapter/main.ts"], outfile: "dist/adapter-main.js" },
  { ...node, entryPoints: ["cli/main.ts"], outfile: "dist/cli-main.js" },
  { ...node, entryPoints: ["capture/inspector/preload.ts"], outfile: "dist/capture-preload.js" },
  { ...node, entryPoints: ["r2/node/local-server.ts"], outfile: "dist/r2-local.js" },
  {
    ...node,
    entryPoints: ["capture/inspector/socket.ts"],
    outfile: "dist/inspector-socket.js",
    // What ws can do without, and does.
    external: ["bufferutil", "utf-8-validate"],
  },
  // Imported by programs of any host, and found to be a module by its name.
  {
    ...browser,
    entryPoints: ["capture/library/index.ts"],
    outfile: "dist/capture.mjs",
    platform: "neutral",
    format: "esm",
  },
  {
    ...browser,
    entryPoints: ["capture/library/instrumented.ts"],
    outfile: "dist/instrumented.mjs",
    platform: "neutral",
    format: "esm",
    plugins: [sharedWith("./frame-source", "./capture.mjs")],
  },
];

/** What starts a bundle from its code cache (host/code-cache.ts), which its content's hash tells from others. */
const starters = [
  { entryPoints: ["adapter/start.ts"], outfile: "dist/adapter.js", starts: "dist/adapter-main.js" },
  {
    entryPoints: ["cli/start.ts"],
    outfile: "dist/cli.js",
    banner: { js: "#!/usr/bin/env node" },
    starts: "dist/cli-main.js",
  },
];

rmSync("dist", { recursive: true, force: true });
await Promise.all(entries.map((entry) => build({ ...common, ...entry })));
for (const { starts, ...entry } of starters) {
  const hash = createHash("sha256").update(readFileSync(starts)).digest("hex").slice(0, 16);
  await build({ ...common, ...node, ...entry, define: { BUILD: JSON.stringify(hash) } });
}

// The walkthrough's crash: a fixture of the tests, with its source beside it.
const shapes = "test/fixtures/c-shapes";
cpSync(`${shapes}/c-shapes-o0-dwarf5.wasm`, "dist/sample/shapes.wasm");
cpSync(`${shapes}/c-shapes-o0-dwarf5.coredump`, "dist/sample/shapes.coredump");
cpSync(`${shapes}/c-shapes.c`, "dist/sample/c-shapes.c");

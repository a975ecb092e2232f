// Bundles every shipped entry with esbuild, so that users install no dependency tree.

import { rmSync } from "node:fs";
import { build } from "esbuild";

const common = {
  bundle: true,
  format: "cjs",
  minify: true,
  sourcemap: process.argv.includes("--sourcemap"),
  legalComments: "none",
  logLevel: "warning",
};
const node = { platform: "node", target: "node20" };
const browser = { platform: "browser", target: "es2022" };

/** entry file → what it becomes, and where it runs */
const entries = [
  {
    ...node,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    // Loaded when a session needs it: activation must not wait for the whole engine.
    external: ["vscode", "./engine-side"],
    // As a require(): Node's import() wants the file's extension, which TypeScript's does not have.
    supported: { "dynamic-import": false },
  },
  {
    ...node,
    entryPoints: ["src/engine-side.ts"],
    outfile: "dist/engine-side.js",
    external: ["vscode"],
  },
  {
    ...browser,
    entryPoints: ["src/web/extension.ts"],
    outfile: "dist/web/extension.js",
    external: ["vscode"],
  },
  { ...node, entryPoints: ["adapter/main.ts"], outfile: "dist/adapter.js" },
  {
    ...node,
    entryPoints: ["cli/main.ts"],
    outfile: "dist/cli.js",
    banner: { js: "#!/usr/bin/env node" },
  },
];

rmSync("dist", { recursive: true, force: true });
await Promise.all(entries.map((entry) => build({ ...common, ...entry })));

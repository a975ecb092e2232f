// Bundles every shipped entry with esbuild, so that users install no dependency tree.

import { existsSync, rmSync } from "node:fs";
import { build } from "esbuild";

const common = {
  bundle: true,
  format: "cjs",
  target: "node20",
  minify: true,
  sourcemap: process.argv.includes("--sourcemap"),
  legalComments: "none",
  logLevel: "warning",
};

/** entry file → what it becomes, and where it runs */
const entries = [
  { entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", platform: "node", external: ["vscode"] },
  {
    entryPoints: ["src/web/extension.ts"],
    outfile: "dist/web/extension.js",
    platform: "browser",
    target: "es2022",
    external: ["vscode"],
  },
  { entryPoints: ["adapter/main.ts"], outfile: "dist/adapter.js", platform: "node" },
  {
    entryPoints: ["cli/main.ts"],
    outfile: "dist/cli.js",
    platform: "node",
    banner: { js: "#!/usr/bin/env node" },
  },
];

rmSync("dist", { recursive: true, force: true });
await Promise.all(
  entries.filter((e) => existsSync(e.entryPoints[0])).map((entry) => build({ ...common, ...entry })),
);

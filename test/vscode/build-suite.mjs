// Bundles the suite that runs inside VS Code's extension host, where no TypeScript is understood.

import { build } from "esbuild";

await build({
  entryPoints: ["test/vscode/suite/index.ts"],
  outfile: "test/vscode/.state/suite/index.js",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode", "mocha"],
  logLevel: "warning",
});

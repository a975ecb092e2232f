/**
 * The arrows of the house (docs/ARCHITECTURE.md): a room may import only from rooms nearer to the bytes.
 *   bytes ← wasm ← dwarf, coredump ← postmortem ← values ← expressions ← adapter, cli ← src
 * values/ reads the machine through interfaces of dwarf/, so postmortem/ and values/ do not know each other's insides.
 */
const room = (name, from, to) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: to },
});
module.exports = {
  forbidden: [
    room("engine-knows-no-one-above", "^engine/", "^(adapter|cli|src|host|capture|r2|service|test)/"),
    {
      name: "engine-has-no-platform",
      severity: "error",
      from: { path: "^engine/" },
      to: { dependencyTypes: ["core", "npm", "npm-dev"] },
    },
    room("bytes-is-the-bottom", "^engine/bytes/", "^engine/(?!bytes/)"),
    room("wasm-knows-bytes-only", "^engine/wasm/", "^engine/(?!bytes/|wasm/)"),
    room("dwarf-knows-wasm-and-bytes", "^engine/dwarf/", "^engine/(?!bytes/|wasm/|dwarf/)"),
    room(
      "sourcemap-knows-bytes-and-dwarfs-model",
      "^engine/sourcemap/",
      "^engine/(?!bytes/|dwarf/model|sourcemap/)",
    ),
    room("coredump-knows-wasm-and-bytes", "^engine/coredump/", "^engine/(?!bytes/|wasm/|coredump/)"),
    room("rewrite-knows-wasm-and-bytes", "^engine/rewrite/", "^engine/(?!bytes/|wasm/|rewrite/)"),
    room("values-do-not-know-their-readers", "^engine/values/", "^engine/(expressions|postmortem)/"),
    room("postmortem-does-not-know-expressions", "^engine/postmortem/", "^engine/expressions/"),
    room("host-knows-engine-only", "^host/", "^(adapter|cli|src|capture|r2|service|test)/"),
    room(
      "adapter-never-knows-the-editor",
      "^adapter/",
      "^(src|cli|capture|r2|service|test)/|^node_modules/vscode",
    ),
    room("cli-knows-no-editor", "^cli/", "^(src|service|test)/"),
    room("r2-knows-engine-and-host", "^r2/", "^(adapter|src|cli|capture|service|test)/"),
    {
      name: "r2-has-no-platform",
      severity: "error",
      from: { path: "^r2/(?!node/)" },
      to: { path: "^(host|r2/node)/", dependencyTypes: ["local"] },
    },
    {
      name: "r2-runs-without-node",
      severity: "error",
      from: { path: "^r2/(?!node/)" },
      to: { dependencyTypes: ["core"] },
    },
    room(
      "service-knows-engine-and-layout",
      "^service/",
      "^(adapter|src|cli|host|capture|test)/|^r2/(?!layout|record)",
    ),
    {
      name: "service-runs-without-node",
      severity: "error",
      from: { path: "^service/" },
      to: { dependencyTypes: ["core"] },
    },
    room("capture-knows-engine-only", "^capture/", "^(adapter|src|cli|service|test)/"),
    room("only-tests-know-tests", "^(src|adapter|cli|host|capture|r2|service)/", "^test/"),
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^(vscode|cloudflare:workers)$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};

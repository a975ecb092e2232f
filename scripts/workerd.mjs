/** Workers in the real workerd (miniflare), bundled as wrangler bundles them: for the examples, the tests and the figures. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";

const project = join(dirname(fileURLToPath(import.meta.url)), "..");

/** A Worker's code, with this project as the package that it imports. See workerd.d.mts. */
export async function bundleWorker(entry, { minify = false } = {}) {
  const { outputFiles } = await build({
    ...(typeof entry === "string"
      ? { entryPoints: [entry] }
      : { stdin: { contents: entry.source, resolveDir: project, loader: "ts" } }),
    bundle: true,
    write: false,
    minify,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:workers", "*.wasm"],
    alias: {
      "wasm-postmortem/capture": join(project, "capture/library/index.ts"),
      "wasm-postmortem/instrumented": join(project, "capture/library/instrumented.ts"),
    },
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

/** Starts Workers, with nothing sent anywhere. */
export function startWorkers(workers, { onLog, ...options } = {}) {
  return new Miniflare({
    telemetry: { enabled: false },
    cf: false,
    host: "127.0.0.1",
    port: 0,
    log: new Log(LogLevel.NONE),
    ...(onLog !== undefined && { handleStructuredLogs: ({ message }) => onLog(message) }),
    ...options,
    workers,
  });
}

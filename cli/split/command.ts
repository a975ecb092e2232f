/** `wasm-postmortem split IN -o OUT`: a small module to ship, and its debug information in a file of its own. */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { settle } from "../../engine/bytes/remote-source";
import { sizeOf } from "../../engine/rewrite/pieces";
import { type Split, split } from "../../engine/rewrite/split";
import { HostError } from "../../host/host";
import { NodeHost } from "../../host/node";
import { gzipSize, isSameFile, modeOf, type Output, pathFrom, writeAll } from "./files";
import { renderSplit, type SplitReport } from "./render";

interface Options {
  readonly out: string;
  readonly debugDir?: string;
  readonly stripNames?: boolean;
  readonly gzip?: boolean;
  readonly json?: boolean;
}

export function splitCommand(): Command {
  return new Command("split")
    .description(
      "Move a module's debug information into a file of its own, which is found again by build id.",
    )
    .argument("<module>", "the .wasm to split")
    .requiredOption("-o, --out <file>", "where the module to ship goes; may be the module itself")
    .option("--debug-dir <folder>", "where debug-<build id>.wasm goes; the folder of --out when left out")
    .option("--strip-names", "move the function names too")
    .option("--gzip", "say how large the module to ship is when it is packed with gzip")
    .option("--json", "print what was written as JSON")
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const host = new NodeHost();
  let report: SplitReport;
  try {
    report = await splitFile(path, options, host);
  } finally {
    host.close();
  }
  if (options.gzip === true) report.module.gzip = await gzipSize(options.out);
  process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : renderSplit(report));
}

async function splitFile(path: string, options: Options, host: NodeHost): Promise<SplitReport> {
  const source = await host.open(path);
  const { out } = options;
  const folder = options.debugDir ?? dirname(out);
  const parts: Split = await settle(() =>
    split(source, {
      stripNames: options.stripNames === true,
      sha1: () => createHash("sha1"),
      urlOf: (debugFile) => pathFrom(dirname(out), join(folder, debugFile)),
    }),
  );
  const before = source.size;
  if (parts.state === "already split") {
    const whole = [{ start: 0, end: before }];
    if (!isSameFile(path, out)) writeAll(source, [{ path: out, pieces: whole, mode: modeOf(path) }], host);
    const { state, buildId = null, debugFile } = parts;
    return { state, buildId, before, module: { path: out, size: before }, debug: { path: debugFile } };
  }
  const { state, buildId } = parts;
  const debugPath = join(folder, parts.debugFile);
  if (isSameFile(debugPath, out))
    throw new HostError(`${out} is where the debug file goes: give another --out or --debug-dir.`, out);
  const debug: Output = { path: debugPath, pieces: parts.debug };
  const module: Output = { path: out, pieces: parts.module, mode: modeOf(path) };
  // The debug file first: a module whose debug information is nowhere must not be.
  writeAll(source, [debug, module], host);
  return {
    state,
    buildId,
    before,
    module: { path: out, size: sizeOf(parts.module) },
    debug: { path: debugPath, size: sizeOf(parts.debug) },
  };
}

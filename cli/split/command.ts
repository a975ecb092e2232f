/** `wasm-postmortem split IN -o OUT`: a small module to ship, and its debug information in a file of its own. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { NodeHost } from "../../host/node";
import type { BucketChoice } from "../../r2/node/bucket-choice";
import { interruptible } from "../r2/interrupt";
import { withBucketOptions } from "../r2/options";
import { renderUpload, upload } from "../r2/upload-command";
import { gzipSize } from "./files";
import { renderSplit } from "./render";
import { type SplitFileOptions, type SplitReport, splitFile } from "./split-file";

interface Options extends SplitFileOptions, BucketChoice {
  readonly upload?: boolean;
  readonly gzip?: boolean;
  readonly json?: boolean;
}

export function splitCommand(): Command {
  const command = new Command("split")
    .description(
      "Move a module's debug information into a file of its own, which is found again by build id.",
    )
    .argument("<module>", "the .wasm to split")
    .requiredOption("-o, --out <file>", "where the module to ship goes; may be the module itself")
    .option("--debug-dir <folder>", "where debug-<build id>.wasm goes; the folder of --out when left out")
    .option("--strip-names", "move the function names too")
    .option("--gzip", "say how large the module to ship is when it is packed with gzip")
    .option("--upload", "put the debug file into a bucket of R2, which the options below name")
    .option("--json", "print what was written as JSON");
  return withBucketOptions(command).action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const host = new NodeHost();
  let report: SplitReport;
  try {
    report = await splitFile(path, options, host);
  } finally {
    host.close();
  }
  if (options.gzip === true) {
    const gzip = await gzipSize(options.out);
    report = { ...report, module: { ...report.module, gzip } };
  }
  if (options.json !== true) process.stdout.write(renderSplit(report));
  await interruptible(async (signal) => {
    const uploads =
      options.upload === true ? await upload([debugFileOf(path, report, options)], options, signal) : [];
    if (options.json === true) {
      const [uploaded] = uploads;
      process.stdout.write(
        `${JSON.stringify({ ...report, ...(uploaded && { upload: uploaded }) }, null, 2)}\n`,
      );
    } else process.stdout.write(uploads.map(renderUpload).join(""));
  });
}

/** Where the debug file is: of a module that was split before, where it says, or where it would be written now. */
function debugFileOf(path: string, { state, debug }: SplitReport, { out, debugDir }: Options): string {
  if (state === "split") return debug.path;
  const said = resolve(dirname(path), debug.path);
  return existsSync(said) ? said : join(debugDir ?? dirname(out), basename(debug.path));
}

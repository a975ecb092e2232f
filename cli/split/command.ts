/** `wasm-postmortem split IN -o OUT`: a small module to ship, and its debug information in a file of its own. */
import { Command } from "commander";
import { NodeHost } from "../../host/node";
import { gzipSize } from "./files";
import { renderSplit } from "./render";
import { type SplitFileOptions, type SplitReport, splitFile } from "./split-file";

interface Options extends SplitFileOptions {
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
  if (options.gzip === true) {
    const gzip = await gzipSize(options.out);
    report = { ...report, module: { ...report.module, gzip } };
  }
  process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : renderSplit(report));
}

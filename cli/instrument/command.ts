/** `wasm-postmortem instrument IN -o OUT`: a module that tells locals when it crashes. */
import { Command, InvalidArgumentError, Option } from "commander";
import type { Tier } from "../../engine/rewrite/instrument/model";
import { NodeHost } from "../../host/node";
import { gzipSize } from "../split/files";
import { type InstrumentFileOptions, instrumentFile } from "./instrument-file";
import { renderInstrumented } from "./render";

interface Options extends Omit<InstrumentFileOptions, "tier"> {
  readonly tier: Tier;
  readonly memory?: boolean;
  readonly gzip?: boolean;
  readonly json?: boolean;
}

export function instrumentCommand(): Command {
  return new Command("instrument")
    .description("Rewrite a module so that its core dumps have the values of locals (docs/INSTRUMENT.md).")
    .argument("<module>", "the .wasm to instrument")
    .requiredOption("-o, --out <file>", "where the instrumented module goes")
    .addOption(
      new Option("--tier <number>", "0: export globals; 1: handlers and checks; 2: memory accesses too")
        .default(1, "1")
        .argParser(tierOf),
    )
    .option("--memory", "check every access of memories and tables: tier 2")
    .option("--functions-from <dump>", "instrument the functions that a core dump's stack has, and no others")
    .option("--no-exceptions", "for engines without exception handling: check after each call")
    .option("--debug-dir <folder>", "where debug-<build id>.wasm goes; the folder of --out when left out")
    .option("--gzip", "say how large the module is when it is packed with gzip")
    .option("--json", "print what was written as JSON")
    .action(run);
}

function tierOf(text: string): Tier {
  const tier = Number(text);
  if (tier === 0 || tier === 1 || tier === 2) return tier;
  throw new InvalidArgumentError("It is 0, 1 or 2.");
}

async function run(path: string, { tier, memory, ...options }: Options): Promise<void> {
  const host = new NodeHost();
  let report = await instrumentFile(path, { ...options, tier: memory === true ? 2 : tier }, host).finally(
    () => host.close(),
  );
  if (options.gzip === true) {
    const gzip = await gzipSize(options.out);
    report = { ...report, module: { ...report.module, gzip } };
  }
  process.stdout.write(
    options.json === true ? `${JSON.stringify(report, null, 2)}\n` : renderInstrumented(report),
  );
}

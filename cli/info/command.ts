/** `wasm-postmortem info DUMP [MODULE]`: what a dump is and has. */
import { Command } from "commander";
import { settle } from "../../engine/bytes/remote-source";
import { readCoreDump } from "../../engine/coredump/reader";
import { type DumpInfo, dumpInfo } from "../../engine/postmortem/dump-info";
import { openPlain } from "../../host/decompress";
import type { LaunchArguments } from "../../host/launch";
import type { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { type CrashOptions, launchArguments, withCrashOptions } from "../options";
import { type BucketPlace, bucketHost, withPlaceOptions } from "../r2/options";
import { renderInfo } from "./render";

interface Options extends CrashOptions, BucketPlace {
  readonly json?: boolean;
}

export function infoCommand(): Command {
  const command = new Command("info")
    .description("Say what a core dump is and has: who wrote it, threads, modules, memories, globals.")
    .argument("<dump>", "a core dump, or a text with stack traces")
    .argument(
      "[module]",
      "the .wasm of the build that crashed: tells functions and how well the dump fits it",
    )
    .option("--json", "print it as JSON");
  return withPlaceOptions(withCrashOptions(command)).action(run);
}

async function run(coreFile: string, program: string | undefined, options: Options): Promise<void> {
  const host = bucketHost(options);
  try {
    const info = await read({ coreFile, ...(program && { program }), ...launchArguments(options) }, host);
    process.stdout.write(options.json ? `${JSON.stringify(info, null, 2)}\n` : renderInfo(info));
  } finally {
    host.close();
  }
}

async function read(args: LaunchArguments, host: NodeHost): Promise<DumpInfo> {
  if (args.program === undefined) {
    const source = await openPlain(args.coreFile, host);
    return settle(() => dumpInfo(readCoreDump(source, { dialect: args.dialect })));
  }
  const crash = await openCrash(args, host);
  return settle(() => dumpInfo(crash.dump, crash));
}

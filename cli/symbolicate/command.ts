/** `wasm-postmortem symbolicate MODULE… < LOG`: stack traces with functions and lines in place. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { settle } from "../../engine/bytes/remote-source";
import { baseName } from "../../engine/postmortem/modules";
import { symbolicate } from "../../engine/postmortem/symbolicate";
import { programFiles } from "../../host/open-crash";
import { type CrashOptions, launchArguments, withModuleOptions } from "../options";
import { type BucketPlace, bucketHost, withPlaceOptions } from "../r2/options";

interface Options extends CrashOptions, BucketPlace {
  readonly log?: string;
}

export function symbolicateCommand(): Command {
  const command = new Command("symbolicate")
    .description(
      "Print a log with the WebAssembly frames of its JavaScript stack traces resolved: functions, inlined calls, lines.",
    )
    .argument("<module...>", "the .wasm files that ran, the main one first")
    .option("--log <file>", "the log; standard input when left out");
  return withPlaceOptions(withModuleOptions(command)).action(run);
}

async function run(modules: readonly string[], options: Options): Promise<void> {
  const host = bucketHost(options);
  try {
    const name = options.log ?? "standard input";
    const text = options.log === undefined ? readFileSync(0, "utf8") : await host.readText(options.log);
    const [program, ...others] = modules as [string, ...string[]];
    const named = Object.fromEntries(others.flatMap((path) => namesOf(path).map((key) => [key, path])));
    const args = launchArguments(options);
    const files = await programFiles(
      { ...args, coreFile: name, program, modules: { ...named, ...args.modules } },
      host,
    );
    const { text: symbolicated, warnings } = await settle(() => symbolicate(text, name, files));
    process.stdout.write(symbolicated);
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  } finally {
    host.close();
  }
}

/** Names by which a trace may call a module's file. */
function namesOf(path: string): readonly string[] {
  const file = baseName(path);
  return [file, file.replace(/\.wasm$/, "")];
}

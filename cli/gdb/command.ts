/** `wasm-postmortem gdb MODULE DUMP`: a console like gdb's over a core dump. */
import { Command } from "commander";
import { settle } from "../../engine/bytes/remote-source";
import { Console } from "../../engine/console/console";
import { openCrash } from "../../host/open-crash";
import { sourceLines } from "../../host/source-lines";
import { SourceLocator } from "../../host/source-locator";
import { version } from "../../package.json";
import {
  type CrashOptions,
  launchArguments,
  wantsColor,
  withColorOption,
  withCrashOptions,
} from "../options";
import { type BucketPlace, bucketHost, withPlaceOptions } from "../r2/options";
import { localCommands } from "./local-commands";
import { converse, print, runAll } from "./terminal";

const VERSION = `Wasm Postmortem ${version}`;

interface Options extends CrashOptions, BucketPlace {
  /** Commands to begin with, and files of them, in their order. */
  readonly first: readonly string[];
  readonly batch?: boolean;
  readonly quiet?: boolean;
  readonly wasmgdb?: boolean;
  readonly color: boolean;
}

export function gdbCommand(): Command {
  const first: string[] = [];
  const command = new Command("gdb")
    .description("Look at a crash with gdb's commands: bt, frame, print, x, info, list … (help lists them).")
    .argument("<module>", "the .wasm of the build that crashed")
    .argument("<dump>", "its core dump")
    .option("--ex <command>", "run a command first, as gdb's -ex does; may be repeated", (text: string) => {
      first.push(text);
    })
    .option(
      "--command <file>",
      "run a file's commands first, as gdb's -x does; may be repeated",
      (file: string) => {
        first.push(`source ${file}`);
      },
    )
    .option("--batch", "leave after the commands; the status is 1 when one of them failed")
    .option("--quiet", "do not say why the program crashed")
    .option("--wasmgdb", "count frames as wasmgdb does: the oldest is 0");
  return withPlaceOptions(withCrashOptions(withColorOption(command))).action(
    (program: string, coreFile: string, options: Omit<Options, "first">) =>
      run(program, coreFile, { ...options, first }),
  );
}

/** gdb's own spellings of options, which are no POSIX ones: `-ex` is not `-e x`. */
const SPELLINGS: Readonly<Record<string, string>> = {
  "-ex": "--ex",
  "-x": "--command",
  "-command": "--command",
  "-batch": "--batch",
  "-q": "--quiet",
  "-quiet": "--quiet",
  "-silent": "--quiet",
};
/** There is no file of settings that could be left unread. */
const WITHOUT_SETTINGS = /^(-n|--?nx|--?nh)$/;

/** The arguments with gdb's spellings as ours. */
export function gdbArguments(argv: readonly string[]): readonly string[] {
  if (argv[2] !== "gdb") return argv;
  return argv.filter((word) => !WITHOUT_SETTINGS.test(word)).map((word) => SPELLINGS[word] ?? word);
}

async function run(program: string, coreFile: string, options: Options): Promise<void> {
  const host = bucketHost(options);
  try {
    const args = { program, coreFile, ...launchArguments(options) };
    const crash = await openCrash(args, host);
    const locator = new SourceLocator(host, { ...args, workspaceFolders: [process.cwd()] });
    const settings = { wasmgdb: options.wasmgdb === true };
    const color = wantsColor(options);
    const commands = localCommands((text) => print(text, color));
    const console = await settle(
      () => new Console(crash, { ...sourceLines(locator, host), version: VERSION }, settings, commands),
    );
    const greeting = options.quiet === true ? [] : [await greet(console)];
    const done = await runAll(console, options.first, { greeting, color });
    if (options.batch === true) process.exitCode = done.failed ? 1 : 0;
    else if (!done.quit) await converse(console, color);
  } finally {
    host.close();
  }
}

/** Why the program crashed, what the user should know, and where the console stands. */
async function greet(console: Console): Promise<string> {
  const facts = await settle(() => {
    const { reason, warnings } = console.crash;
    return [
      `Program terminated: ${reason.title}`,
      ...reason.details.map((detail) => `  ${detail}`),
      ...warnings.map((warning) => `warning: ${warning}`),
    ];
  });
  return [...facts, await console.run("frame")].join("\n");
}

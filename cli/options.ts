/** The options that all commands share which open a crash. */
import { type Command, Option } from "commander";
import { dialects } from "../engine/coredump/dialects/detect";
import type { LaunchArguments } from "../host/launch";

export interface CrashOptions {
  readonly debugInfo: string[];
  readonly sourceMap: string[];
  readonly module: string[];
  readonly dialect?: string;
}

/** Adds them to a command. */
export function withCrashOptions(command: Command): Command {
  return withModuleOptions(command).addOption(
    new Option("--dialect <name>", "read the dump in this dialect instead of the one that fits best").choices(
      dialects.map(({ name }) => name),
    ),
  );
}

/** Those that are of modules and their debug information alone. */
export function withModuleOptions(command: Command): Command {
  return command
    .option("--module <name=file>", "another module of the dump; may be repeated", collect, [])
    .option(
      "--debug-info <path>",
      "a file or folder with split-off debug information; may be repeated",
      collect,
      [],
    )
    .option("--source-map <from=to>", "rewrite a prefix of source paths; may be repeated", collect, []);
}

/** Of an option that may be repeated. */
export const collect = (value: string, previous: string[]): string[] => [...previous, value];

/** The launch arguments that the options stand for. */
export function launchArguments(options: CrashOptions): Omit<LaunchArguments, "coreFile"> {
  const { dialect } = options;
  return {
    sourceMap: pairs(options.sourceMap),
    modules: pairs(options.module),
    debugInfo: options.debugInfo,
    ...(dialect === undefined ? {} : { dialect }),
  };
}

/** `FROM=TO` each. */
const pairs = (texts: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf("=");
      return equals < 0 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );

/** The option of commands that print for people; see `wantsColor`. */
export const withColorOption = (command: Command): Command =>
  command.option("--no-color", "plain text; also when the output is piped or NO_COLOR is set");

export const wantsColor = ({ color }: { readonly color: boolean }): boolean =>
  color && process.stdout.isTTY === true && !process.env["NO_COLOR"];

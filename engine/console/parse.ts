/** A line of the console: the command that it begins with, and what follows. */
import type { Command } from "./command";

/** The command by its name, an alias, or the beginning of a name. @returns undefined where there is none */
export function parseCommand(
  line: string,
  commands: readonly Command[],
): { command: Command; args: string } | undefined {
  const found = /^([A-Za-z][\w-]*)\s*([\s\S]*)$/.exec(line);
  if (found === null) return undefined;
  const [, name, args] = found as unknown as [string, string, string];
  const command =
    commands.find(({ names }) => names.includes(name)) ??
    commands.find(({ names, summary }) => summary !== "" && name.length > 1 && names[0]!.startsWith(name));
  return command === undefined ? undefined : { command, args: args.trim() };
}

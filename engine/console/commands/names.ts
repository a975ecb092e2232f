/** `apropos`, `complete`: what commands there are, by a word or by a beginning. */
import { namePattern } from "../arguments";
import type { Command } from "../command";
import { ConsoleError } from "../errors";

const apropos: Command = {
  names: ["apropos"],
  usage: "apropos REGEXP",
  summary: "The commands whose name or explanation matches.",
  run({ commands }, args) {
    if (args === "") throw new ConsoleError("apropos needs a word to look for");
    const pattern = namePattern(args.toLowerCase());
    const all = commands.flatMap((command) => [command, ...(command.subcommands ?? [])]);
    const found = all.filter(
      ({ usage, summary }) => summary !== "" && pattern.test(`${usage} ${summary}`.toLowerCase()),
    );
    if (found.length === 0) return "No command.";
    return found.map(({ usage, summary }) => `${usage}  ${summary}`).join("\n");
  },
};

const complete: Command = {
  names: ["complete"],
  usage: "complete TEXT",
  summary: "The lines that TEXT may be the beginning of, as Tab would complete it.",
  nested: (args) => args,
  run: (context, args) =>
    context
      .complete(args, args.length)
      .map(({ text, start }) => args.slice(0, start) + text)
      .join("\n"),
};

export const nameCommands: readonly Command[] = [apropos, complete];

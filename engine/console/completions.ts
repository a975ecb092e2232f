/** What can stand at a position of a line of the console: commands, what follows them, expressions, functions. */
import { completionsAt } from "../expressions/completions";
import type { Command, Context, Suggestion } from "./command";
import { parseCommand } from "./parse";

/** Commands within commands: `thread apply all frame apply all p x`. */
const MAX_NESTING = 8;

/** A line up to where it is completed, and the console that it is typed into. */
interface Typed {
  readonly context: Context;
  readonly line: string;
  readonly position: number;
  readonly depth: number;
}

export function suggestions(
  context: Context,
  line: string,
  position: number,
  depth = 0,
): readonly Suggestion[] {
  const before = line.slice(0, position);
  const word = /^\s*([\w-]*)$/.exec(before);
  if (word !== null) return matching(offered(context), word[1]!, position);
  const found = parseCommand(before.trimStart(), context.commands);
  return found === undefined ? [] : following(found.command, found.args, { context, line, position, depth });
}

/** @param args what is typed behind the command */
function following(command: Command, args: string, typed: Typed): readonly Suggestion[] {
  const { context, position } = typed;
  const inner = command.nested?.(args);
  if (inner !== undefined) return withinCommand(inner, typed);
  switch (command.completes) {
    case "subcommand": {
      const { subcommands } = command;
      const found = matching(subcommands?.map(first) ?? offered(context), args, position);
      const [, name, rest] = /^(\S+)\s+(.*)$/s.exec(args) ?? [];
      const chosen = name === undefined ? undefined : subcommands?.find(({ names }) => names.includes(name));
      return found.length > 0 || chosen === undefined ? found : following(chosen, rest!, typed);
    }
    case "place":
    case "expression":
      return expressions(args.replace(/^\/\S*\s*/, ""), command.completes === "place", typed);
    default:
      return [];
  }
}

function withinCommand(inner: string, { context, line, position, depth }: Typed): readonly Suggestion[] {
  if (depth === MAX_NESTING) return [];
  const start = position - inner.length;
  return suggestions(context, line.slice(start), inner.length, depth + 1).map((one) => ({
    ...one,
    start: start + one.start,
  }));
}

function expressions(text: string, onlyFunctions: boolean, { context, line, position }: Typed) {
  const start = position - text.length;
  return completionsAt(line.slice(start), text.length, context.selected())
    .filter(({ kind }) => !onlyFunctions || kind === "function")
    .map(({ label, start: at, length }) => ({ text: label, start: start + at, length }));
}

const first = ({ names }: Command): string => names[0]!;

/** The commands that help tells. */
const offered = ({ commands }: Context): readonly string[] =>
  commands.filter(({ summary }) => summary !== "").map(first);

const matching = (names: readonly string[], typed: string, end: number): readonly Suggestion[] =>
  names
    .filter((name) => name.startsWith(typed))
    .map((text) => ({ text, start: end - typed.length, length: typed.length }));

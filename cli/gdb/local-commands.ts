/**
 * Commands of the terminal alone, which an editor's console has no place for: files of commands, the shell, and answers
 * that its programs read.
 */
import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { FormatError } from "../../engine/bytes/errors";
import type { Command, Context } from "../../engine/console/command";
import { ConsoleError } from "../../engine/console/errors";
import { ExpressionError } from "../../engine/expressions/errors";

/** Files of commands that read others. */
const MAX_NESTING = 16;
/** Bytes of a file of commands. */
const LONGEST_FILE = 1 << 20;

/** What goes wrong with a command is the user's to know, and no fault of the program. */
export const isExpected = (error: unknown): error is Error =>
  error instanceof ConsoleError || error instanceof ExpressionError || error instanceof FormatError;

/** `!ls` and `| bt | less` by their commands' names. */
export const spelledOut = (line: string): string =>
  line.replace(/^\s*!\s*/, "shell ").replace(/^\s*\|\s*/, "pipe ");

/** @param print for answers that are many */
export function localCommands(print: (text: string) => void): readonly Command[] {
  return [sourceCommand(print), shell, pipe];
}

function sourceCommand(print: (text: string) => void): Command {
  let depth = 0;
  return {
    names: ["source"],
    usage: "source FILE",
    summary: "Runs the commands of a file, a line each, until one fails.",
    async run(context, args) {
      if (args === "") throw new ConsoleError("source needs a file");
      if (depth === MAX_NESTING)
        throw new ConsoleError(`${args} is the ${MAX_NESTING + 1}th file within files`);
      depth++;
      try {
        await runLines(context, args, print);
      } finally {
        depth--;
      }
      return "";
    },
  };
}

async function runLines(context: Context, path: string, print: (text: string) => void): Promise<void> {
  for (const [at, line] of linesOf(path).entries()) {
    const command = line.trim();
    if (command === "" || command.startsWith("#")) continue;
    try {
      const text = await context.answer(spelledOut(command));
      if (text !== "") print(text);
    } catch (error) {
      if (!isExpected(error)) throw error;
      throw new ConsoleError(`${path}:${at + 1}: ${error.message}`);
    }
  }
}

function linesOf(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path.replace(/^~(?=\/)/, homedir()), "utf8");
  } catch (error) {
    throw new ConsoleError(`${path} cannot be read: ${(error as Error).message}`);
  }
  if (text.length > LONGEST_FILE) throw new ConsoleError(`${path} is too long for a file of commands`);
  return text.split(/\r?\n/);
}

/** Ctrl-C is the shell's command's alone. */
function inShell(command: string, options: SpawnSyncOptions): void {
  const ignore = (): void => {};
  process.on("SIGINT", ignore);
  spawnSync(command, { ...options, shell: true });
  process.off("SIGINT", ignore);
}

const shell: Command = {
  names: ["shell"],
  usage: "shell COMMAND",
  summary: "Runs a command of the shell; !COMMAND is the same.",
  run(_, args) {
    if (args === "") throw new ConsoleError("shell needs a command");
    inShell(args, { stdio: "inherit" });
    return "";
  },
};

const pipe: Command = {
  names: ["pipe"],
  usage: "pipe COMMAND | SHELL_COMMAND",
  summary: "Gives a command's answer to one of the shell: pipe bt | less.",
  nested: (args) => (args.includes("|") ? undefined : args),
  async run(context, args) {
    const found = /^(.*?)\s*\|\s*(.+)$/s.exec(args);
    if (found === null) throw new ConsoleError("pipe needs a command and one of the shell: pipe bt | less");
    const input = `${await context.answer(found[1]!)}\n`;
    inShell(found[2]!, { input, stdio: ["pipe", "inherit", "inherit"] });
    return "";
  },
};

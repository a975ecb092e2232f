/**
 * A gdb-like console over a crash: lines in, text out. It keeps where it stands (thread, frame), how it prints
 * and what it printed. The command line and the debug console of editors are both made of it.
 */
import { settle } from "../bytes/remote-source";
import { completionsAt } from "../expressions/completions";
import type { Crash, Frame, Thread } from "../postmortem/model";
import type { Value } from "../values/model";
import type { Command, ConsoleHost, Context } from "./command";
import { codeCommands } from "./commands/code";
import { consoleCommands } from "./commands/console";
import { examine } from "./commands/examine";
import { find } from "./commands/find";
import { printCommands } from "./commands/print";
import { printf } from "./commands/printf";
import { stackCommands } from "./commands/stack";
import { ConsoleError } from "./errors";
import { info } from "./info";
import { defaults, type Settings } from "./settings";

/** All that can be typed, in the order of help. */
export const COMMANDS: readonly Command[] = [
  ...stackCommands,
  info,
  ...printCommands,
  printf,
  examine,
  find,
  ...codeCommands,
  ...consoleCommands,
];

/** Commands that an empty line repeats, going on where they stopped. */
const REPEATED = /^(list|l|x|up|down|dow)\b/;

export interface Suggestion {
  /** What takes the place of the typed part. */
  readonly text: string;
  /** 0-based place of the typed part in the line, and its length in UTF-16 code units. */
  readonly start: number;
  readonly length: number;
}

export class Console implements Context {
  readonly commands = COMMANDS;
  readonly history: Value[] = [];
  readonly memory: Context["memory"] = {};
  readonly settings: Settings;
  thread: Thread;
  frame: number;
  private last = "";

  /** @throws ConsoleError when the dump has no frames */
  constructor(
    readonly crash: Crash,
    readonly host: ConsoleHost,
    settings: Partial<Settings> = {},
  ) {
    const thread = crash.threads.find((candidate) => candidate.frameCount > 0);
    if (thread === undefined) throw new ConsoleError("the core dump has no frames");
    this.thread = thread;
    this.frame = thread.crashFrame;
    this.settings = { ...defaults(), ...settings };
  }

  selected(): Frame {
    const frame = this.thread.frames(this.frame, 1)[0];
    if (frame === undefined) throw new ConsoleError(`thread ${this.thread.id} has no frames`);
    return frame;
  }

  /**
   * Answers a line. An empty one repeats the last where that goes on (list, x, up, down).
   * @returns what to print, without a newline at the end; empty for nothing
   * @throws ConsoleError, ExpressionError
   */
  async run(line: string): Promise<string> {
    const typed = line.trim();
    const text = typed !== "" ? typed : REPEATED.test(this.last) ? withoutArguments(this.last) : "";
    if (text === "" || text.startsWith("#")) return "";
    this.last = text;
    return this.answer(text);
  }

  async answer(line: string): Promise<string> {
    const found = parseCommand(line);
    if (found === undefined) {
      const word = /^[^\s/]*/.exec(line)![0];
      throw new ConsoleError(`"${word}" is no command: help lists them, print evaluates`);
    }
    return settle(() => found.command.run(this, found.args));
  }

  /** What can stand at a position of a line. */
  complete(line: string, position: number): readonly Suggestion[] {
    const before = line.slice(0, position);
    const word = /^\s*([\w-]*)$/.exec(before);
    if (word !== null) {
      const names = COMMANDS.filter(({ summary }) => summary !== "").map(({ names }) => names[0]!);
      return matching(names, word[1]!, before.length);
    }
    const found = parseCommand(before.trimStart());
    if (found === undefined) return [];
    const { command, args } = found;
    if (command.completes === "subcommand") {
      const names = (command.subcommands ?? COMMANDS.filter(({ summary }) => summary !== "")).map(
        ({ names }) => names[0]!,
      );
      return matching(names, args, before.length);
    }
    if (command.completes !== "expression") return [];
    const expression = before.length - args.replace(/^\/\S*\s*/, "").length;
    return completionsAt(line.slice(expression), position - expression, this.selected()).map(
      ({ label, start, length }) => ({ text: label, start: expression + start, length }),
    );
  }
}

const matching = (names: readonly string[], typed: string, end: number): readonly Suggestion[] =>
  names
    .filter((name) => name.startsWith(typed))
    .map((text) => ({ text, start: end - typed.length, length: typed.length }));

/** The command that a line begins with, by its name, an alias, or a beginning that only it has. */
export function parseCommand(line: string): { command: Command; args: string } | undefined {
  const found = /^([A-Za-z][\w-]*)\s*([\s\S]*)$/.exec(line);
  if (found === null) return undefined;
  const [, name, args] = found as unknown as [string, string, string];
  const command =
    COMMANDS.find(({ names }) => names.includes(name)) ??
    COMMANDS.find(({ names, summary }) => summary !== "" && name.length > 1 && names[0]!.startsWith(name));
  return command === undefined ? undefined : { command, args: args.trim() };
}

/** `x` of `x/4xw 0x100`, `list` of `list 12`; `up` as it is. */
function withoutArguments(line: string): string {
  return /^(up|dow)/.test(line) ? line : /^\w+/.exec(line)![0];
}

/**
 * A gdb-like console over a crash: lines in, text out. It keeps where it stands (thread, frame), how it prints
 * and what it printed. The command line and the debug console of editors are both made of it.
 */
import { settle } from "../bytes/remote-source";
import type { Crash, Frame, Thread } from "../postmortem/model";
import type { Value } from "../values/model";
import type { Command, ConsoleHost, Context, Suggestion } from "./command";
import { codeCommands } from "./commands/code";
import { consoleCommands } from "./commands/console";
import { examine } from "./commands/examine";
import { find } from "./commands/find";
import { nameCommands } from "./commands/names";
import { printCommands } from "./commands/print";
import { printf } from "./commands/printf";
import { searchCommands } from "./commands/search";
import { stackCommands } from "./commands/stack";
import { suggestions } from "./completions";
import { ConsoleError } from "./errors";
import { info } from "./info";
import { parseCommand } from "./parse";
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
  ...searchCommands,
  ...consoleCommands,
  ...nameCommands,
];

/** Commands that an empty line goes on with where they stopped; all others it repeats as they were. */
const GOES_ON = /^(list|l|x)\b/;

export class Console implements Context {
  readonly commands: readonly Command[];
  readonly history: Value[] = [];
  readonly variables = new Map<string, Value>();
  readonly memory: Context["memory"] = {};
  readonly settings: Settings;
  thread: Thread;
  frame: number;
  private last = "";

  /**
   * @param more commands of the place it runs in
   * @throws ConsoleError when the dump has no frames
   */
  constructor(
    readonly crash: Crash,
    readonly host: ConsoleHost,
    settings: Partial<Settings> = {},
    more: readonly Command[] = [],
  ) {
    this.commands = [...COMMANDS, ...more];
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
   * Answers a line. An empty one repeats the last; `list` and `x` go on.
   * @returns what to print, without a newline at the end; empty for nothing
   * @throws ConsoleError, ExpressionError
   */
  async run(line: string): Promise<string> {
    const typed = line.trim();
    const text = typed !== "" ? typed : GOES_ON.test(this.last) ? goingOn(this.last) : this.last;
    if (text === "" || text.startsWith("#")) return "";
    this.last = text;
    return this.answer(text);
  }

  async answer(line: string): Promise<string> {
    const found = parseCommand(line, this.commands);
    if (found === undefined) {
      const word = /^[^\s/]*/.exec(line)![0];
      throw new ConsoleError(`"${word}" is no command: help lists them, print evaluates`);
    }
    return settle(() => found.command.run(this, found.args));
  }

  complete(line: string, position: number): readonly Suggestion[] {
    return suggestions(this, line, position);
  }
}

/** `x` of `x/4xw 0x100`, `list` of `list 12`; but `list -` goes on backwards. */
const goingOn = (line: string): string => (/^l(ist)?\s+-$/.test(line) ? line : /^\w+/.exec(line)![0]);

/**
 * What a console command is: words that start it, what it needs, and text that it answers. Commands read the
 * crash and the console's own state; nothing runs and nothing is written.
 */
import type { SourceFile } from "../dwarf/model";
import type { CodeOrigin, Crash, Frame, Thread } from "../postmortem/model";
import type { Value } from "../values/model";
import type { Settings } from "./settings";

/** What the console asks of the place it runs in. */
export interface ConsoleHost {
  /** Lines of a source file on this machine; undefined when it is not here. */
  lines(file: SourceFile, origin: CodeOrigin): Promise<readonly string[] | undefined>;
  /** The program's name and version, for `show version`. */
  readonly version?: string;
}

/** Where the console stands, which commands read and move. */
export interface Position {
  readonly crash: Crash;
  thread: Thread;
  /** Index of the selected frame in its thread, the youngest 0. */
  frame: number;
}

/** How memory was looked at last, and where that goes on. */
export interface Examined {
  readonly next: number;
  /** x d u o t a c f s i. */
  readonly letter: string;
  /** Bytes of a unit. */
  readonly size: number;
}

export interface Suggestion {
  /** What takes the place of the typed part. */
  readonly text: string;
  /** 0-based place of the typed part in the line, and its length in UTF-16 code units. */
  readonly start: number;
  readonly length: number;
}

export interface Context extends Position {
  readonly host: ConsoleHost;
  readonly settings: Settings;
  /** Values that `print` gave, the first one `$1`. */
  readonly history: Value[];
  /** What `set $NAME = …` gave names to, and where commands left off: `$_`, `$numfound`. */
  readonly variables: Map<string, Value>;
  /** Where the next `list` and `x` without arguments go on. */
  readonly memory: {
    list?: { readonly file: SourceFile; readonly next: number; readonly first: number };
    examine?: Examined;
  };
  /** The commands, for `help`. */
  readonly commands: readonly Command[];
  /**
   * The answer to a line, as `thread apply` asks it.
   * @throws ConsoleError, ExpressionError
   */
  answer(line: string): Promise<string>;
  /** What can stand at a position of a line. */
  complete(line: string, position: number): readonly Suggestion[];
  /** @throws ConsoleError when the thread has no frames */
  selected(): Frame;
}

export interface Command {
  /** The full name first, then aliases. */
  readonly names: readonly string[];
  /** `print[/FORMAT] EXPRESSION`. */
  readonly usage: string;
  /** One sentence. */
  readonly summary: string;
  /** What its arguments are, for completion: `place` is a function or a line. */
  readonly completes?: "expression" | "subcommand" | "place";
  /** The part of its arguments that is another command, for completion; undefined where it has none yet. */
  nested?(args: string): string | undefined;
  /** Names of what may follow, for completion and help. */
  readonly subcommands?: readonly Command[];
  /**
   * @param args what follows the name, trimmed
   * @returns what to print, without a newline at the end
   * @throws ConsoleError, ExpressionError
   */
  run(context: Context, args: string): string | Promise<string>;
}

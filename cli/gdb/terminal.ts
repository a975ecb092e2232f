/**
 * The console at a terminal: prompt, history, completion with Tab; and without a terminal, commands from a pipe.
 * Answers go to standard output, what went wrong to standard error.
 */
import { createInterface } from "node:readline";
import type { Console } from "../../engine/console/console";
import { painted } from "../../engine/console/painted";
import { COLORED } from "../../engine/console/palette";
import { ExpressionError } from "../../engine/expressions/errors";
import { History, MOST as MOST_KEPT } from "./history";
import { isExpected, spelledOut } from "./local-commands";

const PROMPT = "(wasm-postmortem) ";
const QUIT = /^(q|quit|exit)$/;

export interface Outcome {
  readonly failed: boolean;
  /** Whether a command asked to leave. */
  readonly quit: boolean;
}

/** Runs commands one after the other, each one's answer under it. */
export async function runAll(
  console: Console,
  commands: readonly string[],
  { greeting, color }: { greeting: readonly string[]; color: boolean },
): Promise<Outcome> {
  for (const text of greeting) print(text, color);
  let failed = false;
  for (const command of commands) {
    if (QUIT.test(command.trim())) return { failed, quit: true };
    if (!(await answer(console, command, color))) failed = true;
  }
  return { failed, quit: false };
}

/** Reads commands until `quit` or the end of the input. */
export function converse(console: Console, color: boolean): Promise<void> {
  return process.stdin.isTTY === true ? atTerminal(console, color) : fromPipe(console, color);
}

async function fromPipe(console: Console, color: boolean): Promise<void> {
  const lines = createInterface({ input: process.stdin, terminal: false });
  for await (const line of lines) {
    if (QUIT.test(line.trim())) break;
    if (!(await answer(console, line, color))) process.exitCode = 1;
  }
  lines.close();
}

/**
 * Ctrl-C gives a line up and Ctrl-D leaves; the next line is asked for when the last one is answered. Until then the
 * terminal is as any program's: Ctrl-C ends a command that takes too long, and the session with it.
 */
function atTerminal(console: Console, color: boolean): Promise<void> {
  const history = new History();
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    completer: (line: string) => completions(console, line),
    prompt: color ? COLORED.strong(PROMPT) : PROMPT,
    history: history.newest(),
    historySize: MOST_KEPT,
    removeHistoryDuplicates: true,
    terminal: true,
  });
  let left = false;
  let answering = Promise.resolve();
  lines.on("SIGINT", () => {
    // From the line's end all that is before it is given up; on the screen it stays, above the next prompt.
    lines.write(null, { ctrl: true, name: "e" });
    process.stdout.write("\n");
    lines.write(null, { ctrl: true, name: "u" });
    lines.prompt();
  });
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      history.add(line);
      answering = answering
        .then(async () => {
          if (left) return;
          left = QUIT.test(line.trim());
          if (left) return lines.close();
          process.stdin.setRawMode(false);
          await answer(console, line, color);
          process.stdin.setRawMode(true);
          lines.prompt();
        })
        .catch(reject);
    });
    lines.on("close", () => {
      // Ctrl-D leaves the cursor behind the prompt.
      if (!left) process.stdout.write("\n");
      left = true;
      answering.then(resolve, reject);
    });
    lines.prompt();
  });
}

/** readline takes whole texts that begin as what stands after the last break. */
function completions(console: Console, line: string): [string[], string] {
  try {
    const found = console.complete(line, line.length);
    const start = found[0]?.start ?? line.length;
    return [found.map(({ text }) => text), line.slice(start)];
  } catch (error) {
    if (isExpected(error)) return [[], line];
    throw error;
  }
}

/** @returns whether the command could be answered */
async function answer(console: Console, command: string, color: boolean): Promise<boolean> {
  try {
    const text = await console.run(spelledOut(command));
    if (text !== "") print(text, color);
    return true;
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`${problem(error, command)}\n`);
    return false;
  }
}

/** The message; for an expression also its text with the offending character marked. */
function problem(error: Error, command: string): string {
  if (!(error instanceof ExpressionError)) return error.message;
  const expression = command.trim().replace(/^\S+\s*/, "");
  return `${error.message}\n  ${expression}\n  ${" ".repeat(Math.min(error.position, expression.length))}^`;
}

export function print(text: string, color: boolean): void {
  process.stdout.write(`${color ? painted(text, COLORED) : text}\n`);
}

/**
 * The console at a terminal: prompt, history, completion with Tab; and without a terminal, commands from a pipe.
 * Answers go to standard output, what went wrong to standard error.
 */
import { createInterface, type Interface } from "node:readline";
import { FormatError } from "../../engine/bytes/errors";
import type { Console } from "../../engine/console/console";
import { ConsoleError } from "../../engine/console/errors";
import { ExpressionError } from "../../engine/expressions/errors";

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
export async function converse(console: Console, color: boolean): Promise<void> {
  const terminal = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    ...(terminal && { output: process.stdout, completer: (line: string) => completions(console, line) }),
    prompt: PROMPT,
    terminal,
  });
  await readLines(lines, terminal, async (line) => {
    if (QUIT.test(line.trim())) return false;
    const succeeded = await answer(console, line, color);
    if (!succeeded && !terminal) process.exitCode = 1;
    return true;
  });
}

/** @param take answers a line; false ends the conversation */
async function readLines(
  lines: Interface,
  prompts: boolean,
  take: (line: string) => Promise<boolean>,
): Promise<void> {
  if (prompts) lines.prompt();
  for await (const line of lines) {
    if (!(await take(line))) break;
    if (prompts) lines.prompt();
  }
  lines.close();
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
    const text = await console.run(command);
    if (text !== "") print(text, color);
    return true;
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`${problem(error, command)}\n`);
    return false;
  }
}

const isExpected = (error: unknown): error is Error =>
  error instanceof ConsoleError || error instanceof ExpressionError || error instanceof FormatError;

/** The message; for an expression also its text with the offending character marked. */
function problem(error: Error, command: string): string {
  if (!(error instanceof ExpressionError)) return error.message;
  const expression = command.trim().replace(/^\S+\s*/, "");
  return `${error.message}\n  ${expression}\n  ${" ".repeat(Math.min(error.position, expression.length))}^`;
}

function print(text: string, color: boolean): void {
  process.stdout.write(`${color ? painted(text) : text}\n`);
}

const dim = (text: string): string => `\x1b[2m${text}\x1b[22m`;
const cyan = (text: string): string => `\x1b[36m${text}\x1b[39m`;

/** Frame numbers and addresses dimmed, functions in colour. */
function painted(text: string): string {
  return text
    .split("\n")
    .map((line) =>
      line
        .replace(/^(#\d+\s+)(.+?)( \()/, (_, number, name, open) => dim(number) + cyan(name) + open)
        .replace(/^((?:=> | {3})?0x[0-9a-f]+:)/, (address) => dim(address)),
    )
    .join("\n");
}

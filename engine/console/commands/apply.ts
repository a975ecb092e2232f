/** `frame apply`, `thread apply`, and their short forms `faas`, `taas`, `tfaas`: a command's answer in many places. */
import { settle } from "../../bytes/remote-source";
import { ExpressionError } from "../../expressions/errors";
import { numberRanges, wholeNumber } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { frameIndex, frameLine } from "../frame-text";

/** The command of `apply all p x`, as far as it is typed. */
export const appliedCommand = (args: string): string | undefined =>
  /^apply\s+(?:all|-?\d+|level\s+[\d\s-]*\d|\d[\d\s-]*\d)\s+(?:-[a-z]+\s+)*(.*)$/s.exec(args)?.[1];

/** Frames that are gone through when it is not told how many: an overflowed stack has thousands. */
const MOST = 100;

interface Manner {
  /** `-q`: without a line that says where the answer is from. */
  readonly quiet: boolean;
  /** `-s`: without the places where there is no answer. */
  readonly silent: boolean;
}

/** `-q -s p x`. What fails in one place never keeps the others from answering, as with gdb's `-c`. */
function mannerOf(text: string): { manner: Manner; line: string } {
  const [flags] = /^(?:-(?:q|c|s|ascending|-)\s+)*/.exec(text)!;
  const line = text.slice(flags.length);
  if (line === "") throw new ConsoleError("apply needs a command");
  const has = (flag: string): boolean => flags.split(/\s+/).includes(flag);
  return { manner: { quiet: has("-q"), silent: has("-s") }, line };
}

/** The answer under its heading; undefined where it is to be passed over. */
async function answerAt(
  context: Context,
  heading: string,
  line: string,
  { quiet, silent }: Manner,
): Promise<string | undefined> {
  let text: string;
  try {
    text = await context.answer(line);
  } catch (error) {
    if (!(error instanceof ConsoleError || error instanceof ExpressionError)) throw error;
    if (silent) return undefined;
    text = error.message;
  }
  if (silent && text === "") return undefined;
  return quiet ? text : `${heading}\n${text}`.trimEnd();
}

/**
 * A command's answer in frames of the selected thread.
 * @param args `all`, `N` youngest, `-N` oldest or `level N N-M`; then flags and the command
 * @throws ConsoleError
 */
export async function inFrames(context: Context, args: string): Promise<string> {
  const found = /^(all|-?\d+|level\s+[\d\s-]*\d)\s+(.+)$/s.exec(args);
  if (found === null)
    throw new ConsoleError("frame apply needs frames and a command: frame apply all|N|level N… COMMAND");
  const [, which, rest] = found as unknown as [string, string, string];
  const { manner, line } = mannerOf(rest);
  const { thread, frame } = context;
  const total = await settle(() => thread.frameCount);
  const wanted = framesWanted(which, total, context);
  const parts: string[] = [];
  try {
    for (const index of wanted) {
      context.frame = index;
      const heading = await settle(() => frameLine(context.selected(), context));
      const text = await answerAt(context, heading, line, manner);
      if (text !== undefined) parts.push(text);
    }
  } finally {
    context.frame = frame;
  }
  if (which === "all" && total > wanted.length)
    parts.push(`(${total - wanted.length} more frames: frame apply ${total} ${line})`);
  return parts.join("\n");
}

function framesWanted(which: string, total: number, context: Context): readonly number[] {
  if (which.startsWith("level"))
    return numberRanges(which.slice("level".length), "a frame's number").map((n) => frameIndex(n, context));
  const count = which === "all" ? Math.min(total, MOST) : wholeNumber(which, "a number of frames");
  const first = count < 0 ? Math.max(0, total + count) : 0;
  const end = count < 0 ? total : Math.min(total, count);
  return Array.from({ length: end - first }, (_, i) => first + i);
}

/**
 * A command's answer in threads, each at the frame that a user looks at first.
 * @param args `all` or numbers and ranges of them; then flags and the command
 * @throws ConsoleError
 */
export async function inThreads(context: Context, args: string): Promise<string> {
  const found = /^(all|\d[\d\s-]*?)\s+(\D.*)$/s.exec(args);
  if (found === null)
    throw new ConsoleError("thread apply needs threads and a command: thread apply all|N… COMMAND");
  const [, which, rest] = found as unknown as [string, string, string];
  const { manner, line } = mannerOf(rest);
  const wanted = which === "all" ? undefined : numberRanges(which, "a thread's number");
  const threads = context.crash.threads.filter(({ id }) => wanted?.includes(id) ?? true);
  if (threads.length === 0) throw new ConsoleError(`there is no thread ${which}`);
  const { thread, frame } = context;
  const parts: string[] = [];
  try {
    for (const each of threads) {
      context.thread = each;
      context.frame = each.crashFrame;
      const text = await answerAt(context, `Thread ${each.id} (${each.name}):`, line, manner);
      if (text !== undefined) parts.push(text);
    }
  } finally {
    context.thread = thread;
    context.frame = frame;
  }
  return parts.join("\n\n");
}

const short = (name: string, meaning: string, run: Command["run"]): Command => ({
  names: [name],
  usage: `${name} COMMAND`,
  summary: `Short for ${meaning}.`,
  nested: (args) => args,
  run,
});

export const applyCommands: readonly Command[] = [
  short("faas", "frame apply all -s COMMAND", (context, args) => inFrames(context, `all -s ${args}`)),
  short("taas", "thread apply all -s COMMAND", (context, args) => inThreads(context, `all -s ${args}`)),
  short("tfaas", "thread apply all -s frame apply all -s COMMAND", (context, args) =>
    inThreads(context, `all -s frame apply all -s ${args}`),
  ),
];

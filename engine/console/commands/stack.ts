/** `backtrace`, `frame`, `up`, `down`, `thread`: the stack, and where in it the console stands. */
import { settle } from "../../bytes/remote-source";
import { ExpressionError } from "../../expressions/errors";
import type { Thread } from "../../postmortem/model";
import { wholeNumber } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { frameIndex, frameLine } from "../frame-text";
import { localsText } from "../info/variables";

/** Frames that `bt` prints when it is not told how many: an overflowed stack has thousands. */
const MOST = 100;

const backtrace: Command = {
  names: ["backtrace", "bt", "where"],
  usage: "backtrace [full] [N|-N]",
  summary: "The stack, the youngest frame first; with full each frame's variables; N frames, -N the oldest.",
  run(context, args) {
    const words = args.split(/\s+/).filter((word) => word !== "");
    const full = words.some((word) => /^-?full$/.test(word));
    // Frame filters, which gdb's other qualifiers are about, are Python's.
    const [number] = words.filter((word) => !/^-?(full|no-filters|hide)$/.test(word));
    const { thread } = context;
    const count = number === undefined ? MOST : wholeNumber(number, "a number of frames");
    const total = thread.frameCount;
    const frames = count < 0 ? thread.frames(Math.max(0, total + count)) : thread.frames(0, count);
    const lines = frames.flatMap((frame) => [
      frameLine(frame, context),
      ...(full ? localsText(frame, context).map((line) => `        ${line}`) : []),
    ]);
    const left = count < 0 ? 0 : total - frames.length;
    if (left > 0) lines.push(`(${left} more frames: bt ${total})`);
    return lines.length === 0 ? "No stack." : lines.join("\n");
  },
};

/** The frame's line and its line of source. */
async function describe(context: Context): Promise<string> {
  const { head, location, origin } = await settle(() => {
    const { location, origin } = context.selected();
    return { head: frameLine(context.selected(), context), location, origin };
  });
  if (location === undefined || location.line === 0) return head;
  const lines = await context.host.lines(location.file, origin);
  const text = lines?.[location.line - 1];
  delete context.memory.list;
  return text === undefined ? head : `${head}\n${location.line}\t${text}`;
}

const frame: Command = {
  names: ["frame", "f"],
  usage: "frame [[level] N | [function] NAME | apply all|N COMMAND]",
  summary:
    "Selects a frame by its number, or the youngest of a function, and shows it; or runs a command in each.",
  run(context, args) {
    const apply = /^apply\s+(all|-?\d+)\s+(.+)$/.exec(args);
    if (apply !== null) return inFrames(context, apply[1]!, apply[2]!);
    const wanted = args.replace(/^level\s+/, "");
    if (/^-?(0x[0-9a-f]+|\d+)$/i.test(wanted))
      context.frame = frameIndex(wholeNumber(wanted, "a frame's number"), context);
    else if (wanted !== "") context.frame = frameOf(wanted.replace(/^function\s+/, ""), context.thread);
    return describe(context);
  },
};

/** The youngest frame of a function, whose name may lack its namespaces and generic arguments. */
function frameOf(name: string, thread: Thread): number {
  const plain = (text: string): string => text.replace(/<.*$/, "");
  for (let index = 0; ; index++) {
    const [one] = thread.frames(index, 1);
    if (one === undefined) throw new ConsoleError(`no frame of the thread is a call of "${name}"`);
    const names = [one.name, one.fullName, plain(one.name), plain(one.fullName)];
    if (names.some((known) => known === name || known.endsWith(`::${name}`))) return index;
  }
}

/** A command's answer in all frames, the N youngest, or the -N oldest. */
async function inFrames(context: Context, which: string, line: string): Promise<string> {
  const { thread, frame } = context;
  const total = await settle(() => thread.frameCount);
  const count = which === "all" ? Math.min(total, MOST) : wholeNumber(which, "a number of frames");
  const first = count < 0 ? Math.max(0, total + count) : 0;
  const end = count < 0 ? total : Math.min(total, count);
  const parts: string[] = [];
  try {
    for (let index = first; index < end; index++) {
      context.frame = index;
      const head = await settle(() => frameLine(context.selected(), context));
      parts.push(`${head}\n${await answered(context, line)}`.trimEnd());
    }
  } finally {
    context.frame = frame;
  }
  if (which === "all" && total > end)
    parts.push(`(${total - end} more frames: frame apply ${total} ${line})`);
  return parts.join("\n");
}

/** A command's answer, or what is wrong with it in this place. */
async function answered(context: Context, line: string): Promise<string> {
  try {
    return await context.answer(line);
  } catch (error) {
    if (error instanceof ConsoleError || error instanceof ExpressionError) return error.message;
    throw error;
  }
}

/** Selects a frame that is `step` older, as far as there is one. */
function move(context: Context, step: number): Promise<string> {
  const last = context.thread.frameCount - 1;
  const wanted = context.frame + step;
  if (step > 0 && context.frame >= last)
    throw new ConsoleError("this is the oldest frame: no frame is above it");
  if (step < 0 && context.frame <= 0)
    throw new ConsoleError("this is the youngest frame: no frame is below it");
  context.frame = Math.min(last, Math.max(0, wanted));
  return describe(context);
}

const up: Command = {
  names: ["up"],
  usage: "up [N]",
  summary: "Selects the caller, N frames older.",
  run: (context, args) => move(context, args === "" ? 1 : wholeNumber(args, "a number of frames")),
};

const down: Command = {
  names: ["down", "dow"],
  usage: "down [N]",
  summary: "Selects the callee, N frames younger.",
  run: (context, args) => move(context, -(args === "" ? 1 : wholeNumber(args, "a number of frames"))),
};

const thread: Command = {
  names: ["thread", "t"],
  usage: "thread [N | apply all|N… COMMAND]",
  summary: "Selects a thread by its number, or runs a command in each.",
  async run(context, args) {
    const apply = /^apply\s+(all|\d+(?:\s+\d+)*)\s+(.+)$/.exec(args);
    if (apply !== null) return applied(context, apply[1]!, apply[2]!);
    if (args !== "") {
      const id = wholeNumber(args, "a thread's number");
      const found = context.crash.threads.find((candidate) => candidate.id === id);
      if (found === undefined)
        throw new ConsoleError(
          `there is no thread ${id}: the dump has ${context.crash.threads.length}, from 1`,
        );
      context.thread = found;
      context.frame = found.crashFrame;
    }
    const { id, name } = context.thread;
    return `[Current thread is ${id} (${name})]\n${await describe(context)}`;
  },
};

async function applied(context: Context, which: string, line: string): Promise<string> {
  const { thread, frame } = context;
  const wanted = which.split(/\s+/).map(Number);
  const parts: string[] = [];
  try {
    for (const each of context.crash.threads) {
      if (which !== "all" && !wanted.includes(each.id)) continue;
      context.thread = each;
      context.frame = each.crashFrame;
      parts.push(`Thread ${each.id} (${each.name}):\n${await answered(context, line)}`);
    }
  } finally {
    context.thread = thread;
    context.frame = frame;
  }
  if (parts.length === 0) throw new ConsoleError(`there is no thread ${which}`);
  return parts.join("\n\n");
}

export const stackCommands: readonly Command[] = [backtrace, frame, up, down, thread];

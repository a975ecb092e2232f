/** `backtrace`, `frame`, `up`, `down`, `thread`: the stack, and where in it the console stands. */
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
    const full = words[0] === "full" || words[0] === "-full";
    const number = words[full ? 1 : 0];
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
  const frame = context.selected();
  const head = frameLine(frame, context);
  const { location, origin } = frame;
  if (location === undefined || location.line === 0) return head;
  const lines = await context.host.lines(location.file, origin);
  const text = lines?.[location.line - 1];
  delete context.memory.list;
  return text === undefined ? head : `${head}\n${location.line}\t${text}`;
}

const frame: Command = {
  names: ["frame", "f"],
  usage: "frame [N]",
  summary: "Selects a frame by its number, and shows it.",
  run(context, args) {
    if (args !== "") context.frame = frameIndex(wholeNumber(args, "a frame's number"), context);
    return describe(context);
  },
};

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
  usage: "thread [N] | thread apply all COMMAND",
  summary: "Selects a thread by its number, or runs a command in each.",
  async run(context, args) {
    const apply = /^apply\s+(all|\d+)\s+(.+)$/.exec(args);
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
  const [, name, args] = /^(\S+)\s*(.*)$/.exec(line)!;
  const command = context.commands.find(({ names }) => names.includes(name!));
  if (command === undefined) throw new ConsoleError(`"${name}" is no command`);
  const kept = { thread: context.thread, frame: context.frame };
  const parts: string[] = [];
  for (const each of context.crash.threads) {
    if (which !== "all" && each.id !== Number(which)) continue;
    context.thread = each;
    context.frame = each.crashFrame;
    parts.push(`Thread ${each.id} (${each.name}):\n${await command.run(context, args!)}`);
  }
  context.thread = kept.thread;
  context.frame = kept.frame;
  return parts.join("\n\n");
}

export const stackCommands: readonly Command[] = [backtrace, frame, up, down, thread];

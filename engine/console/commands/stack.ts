/** `backtrace`, `frame`, `up`, `down`, `thread`: the stack, and where in it the console stands. */
import { settle } from "../../bytes/remote-source";
import { wholeNumber } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { frameLine, frameNamed } from "../frame-text";
import { localsText } from "../info/variables";
import { appliedCommand, applyCommands, inFrames, inThreads } from "./apply";

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
  usage: "frame [[level] N | [function] NAME | apply all|N|-N|level N… [-q] [-s] COMMAND]",
  summary:
    "Selects a frame by its number, or the youngest of a function, and shows it; or runs a command in each: -q without their lines, -s without those where it has no answer.",
  nested: appliedCommand,
  run(context, args) {
    if (/^apply\b/.test(args)) return inFrames(context, args.replace(/^apply\s*/, ""));
    if (args !== "") context.frame = frameNamed(args, context);
    return describe(context);
  },
};

/** Selects a frame that is `step` older, as far as there is one. */
function move(context: Context, step: number): void {
  const last = context.thread.frameCount - 1;
  const wanted = context.frame + step;
  if (step > 0 && context.frame >= last)
    throw new ConsoleError("this is the oldest frame: no frame is above it");
  if (step < 0 && context.frame <= 0)
    throw new ConsoleError("this is the youngest frame: no frame is below it");
  context.frame = Math.min(last, Math.max(0, wanted));
}

/** `up` and `down`, which show the frame, and their silent forms for scripts. */
const moving = (names: readonly string[], direction: 1 | -1, summary: string, silent: boolean): Command => ({
  names,
  usage: `${names[0]} [N]`,
  summary,
  run(context, args) {
    move(context, direction * (args === "" ? 1 : wholeNumber(args, "a number of frames")));
    return silent ? "" : describe(context);
  },
});

const up = moving(["up"], 1, "Selects the caller, N frames older.", false);
const down = moving(["down", "dow"], -1, "Selects the callee, N frames younger.", false);
const upSilently = moving(["up-silently"], 1, "Like up, without showing the frame.", true);
const downSilently = moving(["down-silently"], -1, "Like down, without showing the frame.", true);

const thread: Command = {
  names: ["thread", "t"],
  usage: "thread [N | apply all|N… [-q] [-s] COMMAND]",
  summary: "Selects a thread by its number, or runs a command in each.",
  nested: appliedCommand,
  async run(context, args) {
    if (/^apply\b/.test(args)) return inThreads(context, args.replace(/^apply\s*/, ""));
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

export const stackCommands: readonly Command[] = [
  backtrace,
  frame,
  up,
  down,
  upSilently,
  downSilently,
  thread,
  ...applyCommands,
];

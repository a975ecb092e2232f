/** Frames as lines: `#0  calculate (value=3) at src/main.rs:8`; and the numbers by which they are called. */
import type { Frame, Thread } from "../postmortem/model";
import type { Variable } from "../values/model";
import { wholeNumber } from "./arguments";
import type { Context } from "./command";
import { ConsoleError } from "./errors";
import { formatOf, type Settings } from "./settings";

/** The number by which a frame is called. */
export function frameNumber(frame: Frame, thread: Thread, { wasmgdb }: Settings): number {
  return wasmgdb ? physicalCount(thread) - 1 - frame.physical.index : frame.index;
}

/** The index of the frame that is called `number`. @throws ConsoleError when there is none */
export function frameIndex(number: number, { thread, settings }: Context): number {
  const count = settings.wasmgdb ? physicalCount(thread) : thread.frameCount;
  if (number < 0 || number >= count)
    throw new ConsoleError(`there is no frame ${number}: the thread has ${count} frames, from 0`);
  return settings.wasmgdb ? outermost(count - 1 - number, thread) : number;
}

/**
 * The index of the frame that a text names: `3`, `level 3`, `main`, `function main`.
 * @throws ConsoleError when there is none
 */
export function frameNamed(text: string, context: Context): number {
  const wanted = text.replace(/^level\s+/, "");
  return /^-?(0x[0-9a-f]+|\d+)$/i.test(wanted)
    ? frameIndex(wholeNumber(wanted, "a frame's number"), context)
    : frameOf(wanted.replace(/^function\s+/, ""), context.thread);
}

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

/** Frames of a thread as the dump has them, inlined calls not counted. */
function physicalCount(thread: Thread): number {
  const [oldest] = thread.frames(thread.frameCount - 1, 1);
  return oldest === undefined ? 0 : oldest.physical.index + 1;
}

/** The frame of a physical frame's own function, which is the oldest of those that share it. */
function outermost(physical: number, thread: Thread): number {
  let low = 0;
  let high = thread.frameCount - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [frame] = thread.frames(middle, 1);
    if (frame!.physical.index <= physical) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function frameLine(frame: Frame, { thread, settings }: Pick<Context, "thread" | "settings">): string {
  const number = `#${frameNumber(frame, thread, settings)}`.padEnd(4);
  return `${number}${frame.name} (${argumentsText(frame, settings)})${placeOf(frame)}`;
}

function argumentsText({ parameters }: Frame, settings: Settings): string {
  if (settings.arguments === "presence") return parameters.length > 0 ? "…" : "";
  return parameters.map((variable) => argument(variable, settings)).join(", ");
}

function argument({ name, value }: Variable, settings: Settings): string {
  const hidden =
    settings.arguments === "none" ||
    (settings.arguments === "scalars" && value.children !== undefined && value.target === undefined);
  const shown = value.missing?.brief ?? value.text(formatOf(settings));
  return `${name}=${hidden ? "…" : shown}`;
}

/** ` at src/main.rs:8`, or where the code is when it has no line. */
function placeOf({ location, physical, inlined }: Frame): string {
  const how = inlined ? " [inlined]" : "";
  if (location !== undefined && location.line > 0) return ` at ${location.file.path}:${location.line}${how}`;
  return ` from ${physical.module.name}, ${codePlace(physical)}${how}`;
}

/** `wasm-function[12] + 0x1a`. */
export function codePlace({ functionIndex, core }: Frame["physical"]): string {
  return `wasm-function[${functionIndex}] + 0x${core.offset.toString(16)}`;
}

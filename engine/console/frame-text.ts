/** Frames as lines: `#0  calculate (value=3) at src/main.rs:8`. */
import type { Frame, Thread } from "../postmortem/model";
import type { Variable } from "../values/model";
import type { Context } from "./command";
import { ConsoleError } from "./errors";
import type { Settings } from "./settings";

/** The number by which a frame is called. */
export function frameNumber(index: number, thread: Thread, { oldestFirst }: Settings): number {
  return oldestFirst ? thread.frameCount - 1 - index : index;
}

/** The index of the frame that is called `number`. @throws ConsoleError when there is none */
export function frameIndex(number: number, { thread, settings }: Context): number {
  const index = settings.oldestFirst ? thread.frameCount - 1 - number : number;
  if (index < 0 || thread.frames(index, 1).length === 0)
    throw new ConsoleError(`there is no frame ${number}: the thread has ${thread.frameCount} frames, from 0`);
  return index;
}

export function frameLine(frame: Frame, { thread, settings }: Pick<Context, "thread" | "settings">): string {
  const number = `#${frameNumber(frame.index, thread, settings)}`.padEnd(4);
  const place = placeOf(frame);
  return `${number}${frame.name} (${argumentsText(frame, settings)})${place}`;
}

function argumentsText(frame: Frame, settings: Settings): string {
  if (!settings.arguments) return frame.parameters.length > 0 ? "…" : "";
  return frame.parameters.map((variable) => argument(variable, settings)).join(", ");
}

const argument = ({ name, value }: Variable, settings: Settings): string =>
  `${name}=${value.text({ hex: settings.hex })}`;

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

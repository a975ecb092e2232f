/** Finds the stack traces in a text: a log, a bug report, what a browser's console showed. */
import { isFrameLine, type WasmLine, wasmLine } from "./forms";

export interface StackTrace {
  /** What was thrown, as the line before the frames says: `RuntimeError: unreachable`; undefined without one. */
  readonly error: string | undefined;
  /** Its frames that run WebAssembly, youngest first. */
  readonly frames: readonly TraceFrame[];
}

export interface TraceFrame extends WasmLine {
  /** The line of the text that it stands on, 0-based. */
  readonly line: number;
}

/** Lines longer than this are no frames. */
const LONGEST_LINE = 4096;

/** Lines above the frames that a message may have. */
const MESSAGE_LINES = 8;

/** The traces with WebAssembly frames, in the order of the text. */
export function parseStackTraces(text: string): readonly StackTrace[] {
  const lines = text.split(/\r?\n/);
  const traces: StackTrace[] = [];
  let frames: TraceFrame[] = [];
  let begin: number | undefined;
  const finish = (): void => {
    if (begin !== undefined && frames.length > 0) traces.push({ error: errorAbove(lines, begin), frames });
    begin = undefined;
    frames = [];
  };
  lines.forEach((line, index) => {
    const isFrame = line.length <= LONGEST_LINE && isFrameLine(line);
    if (!isFrame) finish();
    else begin ??= index;
    const found = isFrame ? wasmLine(line) : undefined;
    if (found !== undefined) frames.push({ ...found, line: index });
  });
  finish();
  return traces;
}

/** The nearest line above that names an error; else the one right above, when it says anything. */
function errorAbove(lines: readonly string[], begin: number): string | undefined {
  for (let index = begin - 1; index >= 0 && index >= begin - MESSAGE_LINES; index--) {
    if (isFrameLine(lines[index]!)) break;
    // Safari writes `[Error] RuntimeError: …`.
    const named = /\b(\w+Error\b.*)$/.exec(lines[index]!) ?? /\b(Error\b.*)$/.exec(lines[index]!);
    if (named !== null) return named[1]!.trim();
  }
  const above = lines[begin - 1]?.trim();
  return above === undefined || above === "" || isFrameLine(above) ? undefined : above;
}

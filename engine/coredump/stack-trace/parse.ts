/** Finds the stack traces in a text: a log, a bug report, what a browser's console showed. */
import { isFrameLine, type WasmLine, wasmLine } from "./forms";

export interface StackTrace {
  /** What was thrown, as the line before the frames says: `RuntimeError: unreachable`; undefined without one. */
  readonly error: string | undefined;
  /** Its frames that run WebAssembly, youngest first. */
  readonly frames: readonly TraceFrame[];
}

export interface TraceFrame extends WasmLine {
  /** The line that it stands on, 0-based (see `linesOf`). */
  readonly line: number;
}

/** Lines longer than this are no frames. */
const LONGEST_LINE = 4096;

/** Lines above the frames that a message may have. */
const MESSAGE_LINES = 8;

/** In a log of JSON, where a trace's lines begin, and where its last one ends. */
const ESCAPED_BREAK = /\\{1,8}n(?=\s{0,40}(?:at |[^\s"@]{0,400}@))|(?<=:0x[0-9a-f]{1,16}\)?)(?=\\{0,8}")/i;

/** The lines of a text; where a line is one of a log of JSON, those of the trace in it. */
export function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .flatMap((line) =>
      /\\n/.test(line) && /wasm-function\[|\.wasm:0x/.test(line) ? line.split(ESCAPED_BREAK) : [line],
    );
}

/** The traces with WebAssembly frames, in the order of the text. */
export function parseStackTraces(text: string): readonly StackTrace[] {
  const lines = linesOf(text);
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
    const named = errorIn(lines[index]!.trimEnd());
    if (named !== undefined) return named;
  }
  const above = lines[begin - 1]?.trim();
  return above === undefined || above === "" || isFrameLine(above) ? undefined : above;
}

/** The error that a line names. Safari writes `[Error] RuntimeError: …`, and JSON has keys and other texts in front. */
function errorIn(line: string): string | undefined {
  for (const form of [/\b(\w+Error\b[^"]*)$/, /\b(\w+Error\b.*)$/, /\b(Error\b.*)$/]) {
    const found = form.exec(line)?.[1];
    if (found !== undefined) return found.trim();
  }
  return undefined;
}

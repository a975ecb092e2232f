/**
 * A text with JavaScript stack traces, its WebAssembly frames replaced by what they stand for: functions as the
 * programmer wrote them, inlined calls as frames of their own, lines. All else stays as it is.
 */
import { wasmLine } from "../coredump/stack-trace/forms";
import { linesOf } from "../coredump/stack-trace/parse";
import { openStackTraces } from "./crash";
import type { Frame } from "./model";
import type { ProgramFiles } from "./program";

/**
 * @param name the text's, for messages
 * @throws FormatError when the text has no stack trace with WebAssembly frames, or a module is no Wasm module
 */
export function symbolicate(
  text: string,
  name: string,
  files: ProgramFiles,
): { readonly text: string; readonly warnings: readonly string[] } {
  const { crash, lines } = openStackTraces(text, name, files);
  const framesAt = new Map<number, Frame[]>();
  crash.threads.forEach((thread, index) => {
    for (const frame of thread.frames()) {
      const line = lines[index]![frame.physical.index]!;
      framesAt.set(line, [...(framesAt.get(line) ?? []), frame]);
    }
  });
  const symbolicated = linesOf(text)
    .flatMap((line, index) =>
      (framesAt.get(index) ?? [undefined]).map((frame) => (frame ? render(line, frame) : line)),
    )
    .join("\n");
  return { text: symbolicated, warnings: crash.warnings };
}

/** A line of a trace with this frame in the place of the engine's, in the engine's own form. */
function render(line: string, frame: Frame): string {
  const place = placeOf(frame);
  const indent = /^(.*\s)?(?=\S+$)/.exec(line.trimEnd())?.[0] ?? "";
  const written = /\(?([^\s()]+)\)?\s*$/.exec(line)?.[1];
  switch (wasmLine(line)?.engine) {
    case "V8":
    case "DevTools": {
      const before = /^.*?\bat /.exec(line)?.[0];
      if (before === undefined) return `${/^\s*/.exec(line)?.[0]}$${frame.fullName} @ ${place ?? written}`;
      return `${before}${frame.fullName} (${place ?? written})`;
    }
    case "SpiderMonkey":
      return `${indent}${frame.fullName}@${place ?? line.slice(line.lastIndexOf("@") + 1)}`;
    default:
      return `${indent}${frame.fullName}@${place ?? "[wasm code]"}`;
  }
}

/** `path:line:column`; undefined where no line is known. */
function placeOf({ location }: Frame): string | undefined {
  if (location === undefined) return undefined;
  const { file, line, column } = location;
  return [file.path, ...(line === 0 ? [] : [line, ...(column === 0 ? [] : [column])])].join(":");
}

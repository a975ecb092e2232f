/** A stack trace where a dump is looked for: it tells which modules it runs in. */
import { parseStackTraces } from "../../engine/coredump/stack-trace/parse";
import type { DumpFile } from "./inspect";

/** A trace as a file of a crash: it names the modules that it runs in. */
export function traceFile(path: string, text: string): DumpFile {
  const frames = parseStackTraces(text).flatMap((trace) => trace.frames);
  const names = [...new Set(frames.map(({ module }) => module.replace(/-[0-9a-f]{8}$/, "")))];
  return { kind: "dump", path, names: names.filter((name) => name !== ""), buildId: undefined };
}

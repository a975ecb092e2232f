/** What a dump is and has, as text for a terminal. */
import type { DumpInfo, FrameInfo, MemoryInfo, ThreadInfo } from "../../engine/postmortem/dump-info";

/** Frames of each thread, and globals, that are listed. */
const LISTED = 40;

export function renderInfo(info: DumpInfo): string {
  const facts = [
    ["dialect", info.dialect.name],
    ["because", info.dialect.why],
    ["producer", info.producer],
    ["executable", info.executable === "" ? null : info.executable],
    ["error", info.error],
    ["build id", info.buildId],
  ].filter((fact): fact is [string, string] => fact[1] !== null);
  const parts = [
    facts.map(([name, value]) => `${name.padEnd(10)} ${value}`).join("\n"),
    list("not read as", info.dialect.others, ({ name, why }) => `${name}: ${why}`),
    ...info.threads.map((thread) => threadText(info, thread)),
    list("modules", info.modules, ({ name, path, buildId }) =>
      [name === "" ? "(no name)" : name, path, buildId && `build id ${buildId}`].filter(Boolean).join("  "),
    ),
    list("instances", info.instances, ({ module, memories, globals }) => {
      const absent = globals.filter((index) => index === null).length;
      const held = memories.map((index) => index ?? "not in the dump").join(", ");
      return `module ${module}  memories: ${held || "none"}  globals: ${globals.length - absent} of ${globals.length}`;
    }),
    list("memories", info.memories, memoryText),
    list("globals", info.globals, ({ type, value }) =>
      value === null ? "not recorded" : `${type} ${value}`,
    ),
    list("tables", info.tables, ({ size, recorded, functions }) => {
      const cut = recorded < size ? `, the first ${recorded} of them recorded` : "";
      return `${size} entries${cut}, ${functions} functions`;
    }),
    info.warnings.map((warning) => `warning: ${warning}`).join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function list<T>(title: string, items: readonly T[], text: (item: T) => string): string {
  if (items.length === 0) return "";
  const lines = items.slice(0, LISTED).map((item, index) => `  ${String(index).padStart(2)}  ${text(item)}`);
  return [title, ...lines, ...more(items.length)].join("\n");
}

const more = (count: number): string[] => (count > LISTED ? [`      … ${count - LISTED} more`] : []);

function threadText(info: DumpInfo, { name, frames, frameCount }: ThreadInfo): string {
  const shown = frames
    .slice(0, LISTED)
    .map((frame, index) => `  #${String(index).padEnd(3)} ${frameText(info, frame)}`);
  return [`thread ${name} (${frameCount} frames)`, ...shown, ...more(frameCount)].join("\n");
}

function frameText(info: DumpInfo, frame: FrameInfo): string {
  const several = info.modules.length > 1;
  const module = several ? `${info.modules[info.instances[frame.instance]?.module ?? -1]?.name}!` : "";
  const place = frame.offset === null ? "position not known" : `+0x${frame.offset.toString(16)}`;
  const differing = frame.contradictions === 0 ? "" : `; ${frame.contradictions} contradict code and memory`;
  const values = `${frame.locals} locals, ${frame.operands} operands${differing}`;
  return `${module}${frame.function ?? `wasm-function[${frame.functionIndex}]`} ${place}  ${values}`;
}

function memoryText({ size, recorded, ranges, rest, memory64, shared }: MemoryInfo): string {
  const kind = [shared ? "shared" : "", memory64 ? "64-bit" : ""].filter(Boolean).join(", ");
  const others = { none: "", zero: ", the rest is zero", unknown: ", the rest is not known" }[rest];
  return `${size} bytes${kind === "" ? "" : ` (${kind})`}: ${recorded} recorded in ${ranges} ranges${others}`;
}

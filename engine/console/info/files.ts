/** `info files`, `sources`: what the crash was opened from, what lies where in memory, and the sources of the program. */
import { memoryMap } from "../../postmortem/memory-map";
import type { Crash } from "../../postmortem/model";
import { sourceFiles } from "../../postmortem/source-files";
import { namePattern } from "../arguments";
import type { Command } from "../command";

/** Ranges and paths that one listing prints. */
const MOST = 2000;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

/** What lies where in memory, and which ranges of it the dump holds. */
export function mappingsText(crash: Crash): string {
  const map = memoryMap(crash);
  if (map === undefined) return "The dump holds no memory.";
  const regions = map.regions.map(
    ({ name, start, end, used }) =>
      `  ${hex(start)} - ${hex(end)} is ${name}${used === undefined ? "" : `, in use from ${hex(used)}`}`,
  );
  const ranges = map.recorded.slice(0, MOST).map(({ start, end }) => `  ${hex(start)} - ${hex(end)}`);
  if (map.recorded.length > MOST) ranges.push(`  … ${map.recorded.length - MOST} more`);
  return [
    `Memory ${map.index}, ${map.size} bytes:`,
    ...(regions.length === 0 ? ["  nothing is known of its parts"] : regions),
    `The dump holds of it${map.gapsAreZero ? ", the rest being zero" : ""}:`,
    ...(ranges.length === 0 ? ["  nothing"] : ranges),
  ].join("\n");
}

const files: Command = {
  names: ["files", "target"],
  usage: "info files",
  summary: "The modules' files, what lies where in memory, and which ranges of it the dump holds.",
  run({ crash }) {
    const modules = crash.modules.flatMap(({ name, path, symbols }) => [
      `Module ${name} of ${path}`,
      ...("path" in symbols && symbols.path !== path ? [`  debug information of ${symbols.path}`] : []),
    ]);
    return [...modules, mappingsText(crash)].join("\n");
  },
};

const sources: Command = {
  names: ["sources"],
  usage: "info sources [REGEXP]",
  summary: "The source files that the debug information names.",
  run({ crash }, args) {
    const pattern = args === "" ? undefined : namePattern(args);
    const paths = sourceFiles(crash)
      .map(({ path }) => path)
      .filter((path) => pattern?.test(path) ?? true);
    if (paths.length === 0) return "No sources.";
    const more =
      paths.length > MOST ? [`… ${paths.length - MOST} more: narrow it with info sources REGEXP`] : [];
    return [...paths.slice(0, MOST), ...more].join("\n");
  },
};

export const fileInfos: readonly Command[] = [files, sources];

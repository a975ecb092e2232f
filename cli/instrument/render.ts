/** What `instrument` has written, as text for a terminal. */
import { sizeText } from "../split/render";
import type { InstrumentFileReport } from "./instrument-file";

export function renderInstrumented(report: InstrumentFileReport): string {
  const { module, before, debug, functions, instrumented, partial, exported, buildId, tier, notes } = report;
  const packed = module.gzip === undefined ? "" : `, ${sizeText(module.gzip)} with gzip`;
  const handled = `${instrumented} of ${functions} with a handler${partial > 0 ? `, ${partial} too large for all of their locals` : ""}`;
  const facts: [string, string][] = [
    ["module", `${module.path}  ${sizeText(module.size)}${packed}; it was ${sizeText(before)}`],
    ...(debug === undefined
      ? []
      : [["debug file", `${debug.path}  ${sizeText(debug.size)}`] as [string, string]]),
    ["tier", `${tier}`],
    ...(tier === 0 ? [] : [["functions", handled] as [string, string]]),
    ["exports", `${exported} added`],
    ...(buildId === undefined ? [] : [["build id", buildId] as [string, string]]),
    ...notes.map((note): [string, string] => ["note", note]),
  ];
  return facts.map(([name, value]) => `${name.padEnd(10)}  ${value}\n`).join("");
}

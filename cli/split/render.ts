/** What `split` has written, as text for a terminal. */
import type { SplitReport } from "./split-file";

export function renderSplit({ state, buildId, before, module, debug }: SplitReport): string {
  const packed = module.gzip === undefined ? "" : `, ${sizeText(module.gzip)} with gzip`;
  const facts: [string, string][] =
    state === "split"
      ? [
          ["module", `${module.path}  ${sizeText(module.size)}${packed}; it was ${sizeText(before)}`],
          ["debug file", `${debug.path}  ${sizeText(debug.size ?? 0)}`],
        ]
      : [
          ["module", `${module.path}  ${sizeText(module.size)}${packed}; nothing is left to split off`],
          ["debug file", debug.path],
        ];
  facts.push(["build id", buildId ?? "none: the debug file is found by its name alone"]);
  return facts.map(([name, value]) => `${name.padEnd(10)}  ${value}\n`).join("");
}

/** `313 KiB`, `4.5 MiB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/**
 * Where sources of the machine that built a program are in this workspace. Debug information has `/build/src/main.rs`,
 * the workspace `services/app/src/main.rs`: what both end in says that `/build` is `services/app` here.
 */
import { segments, under } from "../../host/paths";

/** An entry for `sourceMap`, with what speaks for it. */
export interface Mapping {
  /** Prefix of paths in the debug information. */
  readonly from: string;
  /** What it is here: a path or URI. */
  readonly to: string;
  /** How many of the missing files it brings. */
  readonly found: number;
  /** Names that the two paths have in common at their ends, the most of any file. */
  readonly names: number;
}

/**
 * The mappings that bring at least one file, the likeliest first.
 * @param missing paths of the debug information that are not on this machine
 * @param candidates paths or URIs of the workspace that have one of their base names
 */
export function mappingsFor(missing: readonly string[], candidates: readonly string[]): readonly Mapping[] {
  const mappings = new Map<string, Mapping>();
  for (const path of new Set(missing)) {
    for (const candidate of candidates) {
      const names = commonEnd(segments(path), segments(candidate));
      if (names === 0) continue;
      const [from, to] = [withoutEnd(path, names), withoutEnd(candidate, names)];
      const known = mappings.get(`${from}\n${to}`);
      mappings.set(`${from}\n${to}`, {
        from,
        to,
        found: (known?.found ?? 0) + 1,
        names: Math.max(known?.names ?? 0, names),
      });
    }
  }
  return [...mappings.values()].sort(
    (a, b) => b.found - a.found || b.names - a.names || a.to.localeCompare(b.to),
  );
}

/** The deepest folder that all the paths are in: what a user would call the build's folder. */
export function commonFolder(paths: readonly string[]): string {
  const [first, ...others] = paths.map(segments);
  if (first === undefined) return "";
  let shared = first.length - 1;
  for (const other of others)
    while (first.slice(0, shared).some((name, index) => name !== other[index])) shared--;
  return withoutEnd(paths[0]!, first.length - shared);
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let names = 0;
  while (names < Math.min(a.length, b.length) && a.at(-1 - names) === b.at(-1 - names)) names++;
  return names;
}

/** A scheme with its slashes, or the slashes that a path begins with. */
const ROOT = /^(?:[A-Za-z][A-Za-z0-9+.-]+:\/\/+|[\\/]+)/;

/** The folder that holds the last `names` names of a path, written as the path is; its root where nothing is left. */
function withoutEnd(path: string, names: number): string {
  const root = ROOT.exec(path)?.[0] ?? "";
  const kept = segments(path).slice(root.includes(":") ? 1 : 0, -names);
  const separated = under(path.includes("\\") && !path.includes("/") ? "C:\\" : "", kept);
  return root + separated.replace(/^(?:C:)?[\\/]/, "");
}

/**
 * Which module a dump is of: the one with its build id, else the one with its name, else the only one. When
 * that leaves several that differ, nobody but the user can tell.
 */
import { settle } from "../../engine/bytes/remote-source";
import type { Host } from "../../host/host";
import type { DumpFile, ModuleFile } from "./inspect";
import { stem } from "./names";

/** The module when it is clear, else the candidates to choose from, likeliest first; none when there is none. */
export type Match = { readonly module: ModuleFile } | { readonly candidates: readonly ModuleFile[] };

export async function matchModule(
  dump: DumpFile,
  modules: readonly ModuleFile[],
  host: Host,
): Promise<Match> {
  const likely = [...modules].sort(byUsefulness);
  const sameBuild = likely.filter((module) => dump.buildId !== undefined && module.buildId === dump.buildId);
  if (sameBuild[0] !== undefined) return { module: sameBuild[0] };

  const possible = likely.filter((module) => !differsInBuild(dump, module));
  for (const group of [possible, likely]) {
    const sameName = group.filter((module) => isNamedLike(dump, module));
    const narrowed = sameName.length > 0 ? sameName : group;
    if (narrowed.length > 0) {
      return (await areCopies(narrowed, host)) ? { module: narrowed[0]! } : { candidates: narrowed };
    }
  }
  return { candidates: [] };
}

/** Whether both say which build they are of, and say it differently. */
export function differsInBuild(dump: DumpFile, module: ModuleFile): boolean {
  return dump.buildId !== undefined && module.buildId !== undefined && dump.buildId !== module.buildId;
}

/** An order of modules to offer for a dump. @param before the path of one that it was opened with */
export function byLikelihood(
  dump: DumpFile,
  before: string | undefined,
): (a: ModuleFile, b: ModuleFile) => number {
  const rank = (module: ModuleFile): number => {
    if (module.path === before) return 0;
    if (dump.buildId !== undefined && module.buildId === dump.buildId) return 1;
    return (isNamedLike(dump, module) ? 2 : 3) + (differsInBuild(dump, module) ? 2 : 0);
  };
  return (a, b) => rank(a) - rank(b) || byUsefulness(a, b);
}

function isNamedLike(dump: DumpFile, module: ModuleFile): boolean {
  const own = stem(module.path);
  return [...dump.names, dump.path].some((name) => stem(name) === own);
}

/** With debug information first, its own before what lies elsewhere, then the one nearest to the top of the tree. */
function byUsefulness(a: ModuleFile, b: ModuleFile): number {
  return (
    Number(b.hasDebugInformation) - Number(a.hasDebugInformation) ||
    Number(b.isWhole) - Number(a.isWhole) ||
    a.path.split("/").length - b.path.split("/").length ||
    a.path.localeCompare(b.path)
  );
}

/** Whether all are the same file byte by byte, as build tools leave them in several folders. */
async function areCopies(modules: readonly ModuleFile[], host: Host): Promise<boolean> {
  const [first, ...others] = modules;
  if (first === undefined || others.some((other) => other.size !== first.size)) return false;
  for (const other of others) {
    if (!(await sameBytes(first, other, host))) return false;
  }
  return true;
}

const chunk = 1 << 20;

async function sameBytes(a: ModuleFile, b: ModuleFile, host: Host): Promise<boolean> {
  const [left, right] = [await host.open(a.path), await host.open(b.path)];
  for (let at = 0; at < left.size; at += chunk) {
    const length = Math.min(chunk, left.size - at);
    const equal = await settle(() => {
      const bytes = right.read(at, length);
      return left.read(at, length).every((byte, index) => byte === bytes[index]);
    });
    if (!equal) return false;
  }
  return true;
}

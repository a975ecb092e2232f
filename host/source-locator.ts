/**
 * Finds the file on this machine for a path of the debug information, which is a path of the machine that
 * built the program (often a container, often rewritten with a prefix map).
 *
 * In this order: the user's sourceMap, the path as it is, and the longest end of it that exists under a folder
 * of the project. A wrong file would be as bad as a wrong value: the shorter the end, the weaker the
 * evidence, so a library's file is only taken with its folders.
 */
import type { Host } from "./host";
import type { LaunchArguments } from "./launch";
import { PathMap } from "./path-map";
import { isAbsolute, isWithin, parentFolder, restAfter, segments, under } from "./paths";

/** Folders above the program that are searched when no workspace folder says where the project begins. */
const PARENTS_WITHOUT_WORKSPACE = 4;
/** Names that an end of a library's path needs: `core/src/panicking.rs`, not `src/lib.rs`. */
const LIBRARY_NAMES = 3;

export class SourceLocator {
  private readonly found = new Map<string, Promise<string | undefined>>();
  private readonly map: PathMap;
  private readonly roots: readonly string[];

  constructor(
    private readonly host: Pick<Host, "exists">,
    args: LaunchArguments,
  ) {
    this.map = new PathMap(args.sourceMap);
    this.roots = rootsOf(args);
  }

  /**
   * The file's path here; undefined when there is none.
   * @param own whether it is the program's own source, not a library's
   */
  locate(path: string, own: boolean): Promise<string | undefined> {
    const key = `${own} ${path}`;
    let search = this.found.get(key);
    if (search === undefined) {
      search = this.search(path, own ? 1 : LIBRARY_NAMES);
      this.found.set(key, search);
    }
    return search;
  }

  private async search(path: string, fewestNames: number): Promise<string | undefined> {
    for (const mapped of this.map.mapped(path)) {
      if (await this.host.exists(mapped)) return mapped;
    }
    if (isAbsolute(path) && (await this.host.exists(path))) return path;
    const names = segments(path).filter((name) => name !== ".." && !/^[A-Za-z]:$/.test(name));
    for (let length = names.length; length >= fewestNames; length--) {
      const end = names.slice(names.length - length);
      for (const root of this.roots) {
        const candidate = under(root, end);
        if (await this.host.exists(candidate)) return candidate;
      }
    }
    return undefined;
  }
}

/** Where the project's files may be: the workspace's folders, then the program's folder and those above it. */
function rootsOf({ workspaceFolders = [], program, coreFile }: LaunchArguments): string[] {
  const roots = new Set(workspaceFolders);
  let folder = parentFolder(program ?? coreFile);
  const workspace = workspaceFolders.find((candidate) => folder !== undefined && isWithin(folder, candidate));
  for (let steps = 0; folder !== undefined && folder !== "/"; steps++) {
    if (workspace === undefined && steps > PARENTS_WITHOUT_WORKSPACE) break;
    roots.add(folder);
    if (workspace !== undefined && restAfter(folder, workspace)?.length === 0) break;
    folder = parentFolder(folder);
  }
  return [...roots];
}

/**
 * The file with a module's debug information where it was split off as a whole (wasm-split, `emcc
 * -gseparate-dwarf`): given by the user, or named by the module's `external_debug_info`.
 */
import { attempt, FormatError } from "../engine/bytes/errors";
import { settle } from "../engine/bytes/remote-source";
import type { NamedSource } from "../engine/postmortem/modules";
import { WasmModule } from "../engine/wasm/module";
import type { Host } from "./host";
import type { LaunchArguments } from "./launch";
import { PathMap } from "./path-map";
import { baseName, isAbsolute, parentFolder, under } from "./paths";

/** Where a candidate comes from decides how much it has to prove. */
interface Candidate {
  readonly path: string;
  /** Given outright, by the user or by the module; otherwise one of the files of a folder. */
  readonly named: boolean;
}

/**
 * The file; undefined when the module has its debug information itself, or there is none. Where no file has any, one
 * with the names that the module lacks; where all that is found is of another build, the first of those, for the engine
 * to say so.
 */
export async function findDebugFile(
  module: NamedSource,
  args: Pick<LaunchArguments, "debugInfo" | "sourceMap">,
  host: Host,
): Promise<NamedSource | undefined> {
  const opened = await settle(() => attempt(() => WasmModule.open(module.source)));
  if (opened instanceof FormatError) return undefined; // reported when the crash is opened
  const facts = await settle(() => ({
    complete: opened.customSection(".debug_info") !== undefined,
    named: opened.customSection("name") !== undefined,
    external: opened.externalDebugInfo,
    buildId: opened.buildId,
  }));
  const places = args.debugInfo ?? [];
  if (facts.complete && places.length === 0) return undefined;
  const { external } = facts;
  const beside =
    external === undefined ? [] : externalPaths(module.path, external, new PathMap(args.sourceMap));
  const listed = await Promise.all(places.map((place) => filesAt(place, external, host)));
  let names: NamedSource | undefined;
  let misfit: NamedSource | undefined;
  for (const { path, named } of [...beside.map((path) => ({ path, named: true })), ...listed.flat()]) {
    if (path === module.path || !(await host.exists(path))) continue;
    const file = { path, source: await host.open(path) };
    const fit = await settle(() => attempt(() => fitOf(file, facts.buildId, named)));
    if (fit === "fits") return file;
    if (fit === "names alone" && !facts.named) names ??= file;
    if (fit === "other build" && named) misfit ??= file;
  }
  return names ?? misfit;
}

type Fit = "fits" | "names alone" | "other build" | "no debug information";

/** A file that was named may lack a build id; one that was found in a folder must carry the module's. */
function fitOf({ source }: NamedSource, buildId: string | undefined, named: boolean): Fit {
  const candidate = WasmModule.open(source);
  const open = buildId === undefined || candidate.buildId === undefined;
  const isOfBuild = (buildId !== undefined && candidate.buildId === buildId) || (named && open);
  if (candidate.customSection(".debug_info") !== undefined) return isOfBuild ? "fits" : "other build";
  return isOfBuild && candidate.customSection("name") !== undefined ? "names alone" : "no debug information";
}

/** Where the path or URL of `external_debug_info` or `sourceMappingURL` may lead: as it is, from the module's folder, and beside it. */
export function externalPaths(module: string, external: string, map: PathMap): readonly string[] {
  const folder = parentFolder(module);
  const beside = (name: string): string => (folder === undefined ? name : under(folder, [name]));
  const given = isAbsolute(external) ? [...map.mapped(external), external] : [beside(external)];
  return [...new Set([...given, beside(baseName(external))])];
}

/** A file as it is; a folder's Wasm and debug files, of which one that the module asks for counts as named. */
async function filesAt(
  place: string,
  external: string | undefined,
  host: Host,
): Promise<readonly Candidate[]> {
  const names = await host.list(place);
  if (names.length === 0) return [{ path: place, named: true }];
  const wanted = external === undefined ? undefined : baseName(external);
  return names
    .filter((name) => name === wanted || /\.(wasm|debug)(\.\w+)?$/.test(name))
    .map((name) => ({ path: under(place, [name]), named: name === wanted }));
}

/**
 * Opens what the launch arguments name: the dump, its module, and the debug information that was split off
 * from the module, found by the path that the module gives or by build id in the given files and folders.
 */
import { attempt, FormatError } from "../engine/bytes/errors";
import { settle } from "../engine/bytes/remote-source";
import { readCoreDump } from "../engine/coredump/reader";
import { openCrash as join } from "../engine/postmortem/crash";
import type { Crash } from "../engine/postmortem/model";
import type { NamedSource } from "../engine/postmortem/modules";
import { WasmModule } from "../engine/wasm/module";
import { type Host, HostError } from "./host";
import type { LaunchArguments } from "./launch";

/**
 * @throws HostError when a file cannot be read or an argument is missing
 * @throws FormatError when the dump is no core dump, or the program no WebAssembly
 */
export async function openCrash(args: LaunchArguments, host: Host): Promise<Crash> {
  const dump = await host.open(args.coreFile);
  if (args.program === undefined) {
    const executable = await settle(() => readCoreDump(dump).executable);
    const named = executable === "" ? "" : ` The dump names ${executable}.`;
    throw new HostError(
      `No program was given: name the .wasm of the build that crashed as "program".${named}`,
      args.coreFile,
    );
  }
  const main: NamedSource = { path: args.program, source: await host.open(args.program) };
  const debug = await findDebugFile(main, args.debugInfo ?? [], host);
  return settle(() => join({ dump, main: { module: main, debug } }));
}

/** The file with the module's debug information when the module itself has none. */
async function findDebugFile(
  module: NamedSource,
  places: readonly string[],
  host: Host,
): Promise<NamedSource | undefined> {
  const opened = await settle(() => attempt(() => WasmModule.open(module.source)));
  if (opened instanceof FormatError) return undefined; // reported when the crash is opened
  const facts = await settle(() => ({
    complete: opened.customSection(".debug_info") !== undefined,
    external: opened.externalDebugInfo,
    buildId: opened.buildId,
  }));
  if (facts.complete && places.length === 0) return undefined;
  const beside = facts.external === undefined ? [] : [besideModule(module.path, facts.external)];
  const listed = await Promise.all(places.map((place) => filesAt(place, host)));
  for (const path of [...beside, ...listed.flat()]) {
    if (!(await host.exists(path))) continue;
    const source = await host.open(path);
    const named = beside.includes(path) || places.includes(path);
    const fits = await settle(() => attempt(() => hasDebugInformation(source, facts.buildId, named)));
    if (fits === true) return { path, source };
  }
  return undefined;
}

/** A file that was named outright is taken as it is; one that was found must carry the module's build id. */
function hasDebugInformation(
  source: NamedSource["source"],
  buildId: string | undefined,
  named: boolean,
): boolean {
  const candidate = WasmModule.open(source);
  if (candidate.customSection(".debug_info") === undefined) return false;
  return named || (buildId !== undefined && candidate.buildId === buildId);
}

function besideModule(module: string, external: string): string {
  if (/^([a-z]+:\/\/|\/|[A-Za-z]:[\\/])/.test(external)) return external;
  const folder = module.slice(0, Math.max(module.lastIndexOf("/"), module.lastIndexOf("\\")) + 1);
  return folder + external;
}

/** A file as it is; a folder's Wasm and debug files. */
async function filesAt(place: string, host: Host): Promise<readonly string[]> {
  const names = await host.list(place);
  if (names.length === 0) return [place];
  const folder = place.endsWith("/") ? place : `${place}/`;
  return names.filter((name) => /\.(wasm|debug)(\.\w+)?$/.test(name)).map((name) => folder + name);
}

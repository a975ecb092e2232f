/** The source map of a module without debug information, where its `sourceMappingURL` says or beside it. */
import { attempt, FormatError } from "../engine/bytes/errors";
import { settle } from "../engine/bytes/remote-source";
import type { NamedSource, SourceMapFile } from "../engine/postmortem/modules";
import { WasmModule } from "../engine/wasm/module";
import { externalPaths } from "./debug-file";
import type { Host } from "./host";
import type { LaunchArguments } from "./launch";
import { PathMap } from "./path-map";

/** The map; undefined when the module names none, has debug information itself, or the file is not there. */
export async function findSourceMap(
  module: NamedSource,
  args: Pick<LaunchArguments, "sourceMap">,
  host: Host,
): Promise<SourceMapFile | undefined> {
  const url = await settle(() =>
    attempt(() => {
      const wasm = WasmModule.open(module.source);
      return wasm.customSection(".debug_info") === undefined ? wasm.sourceMappingUrl : undefined;
    }),
  );
  if (url === undefined || url instanceof FormatError) return undefined;
  for (const path of externalPaths(module.path, url, new PathMap(args.sourceMap)))
    if (await host.exists(path)) return { path, text: await host.readText(path) };
  return undefined;
}

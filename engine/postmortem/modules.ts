/**
 * A module of the crash: the Wasm file, the debug information found for it, and whether it can be trusted.
 */
import { attempt, FormatError } from "../bytes/errors";
import { openDebugInformation } from "../dwarf/dwarf";
import type { DebugInformation } from "../dwarf/model";
import { dwarfSectionsOf } from "../dwarf/sections";
import { SourceMap } from "../sourcemap/source-map";
import { WasmModule } from "../wasm/module";
import { DescribedFunctions } from "./described/functions";
import type { CrashModule, SymbolState } from "./model";
import type { ModuleFiles, NamedSource, SourceMapFile } from "./module-files";
import { OpenedSplitFiles } from "./split-files";

export type { CompanionFiles, ModuleFiles, NamedSource, SourceMapFile } from "./module-files";

/**
 * @param name the name in the dump; the file's stands in for none
 * @param wasm the module's file, opened
 */
export function openModule(
  id: number,
  name: string | undefined,
  files: ModuleFiles,
  wasm: WasmModule,
): CrashModule {
  const { debug, symbols } = findDebugInformation(wasm, files);
  return {
    id,
    name:
      name !== undefined && name !== "" && !name.startsWith("<anonymous")
        ? name
        : baseName(files.module.path),
    path: files.module.path,
    wasm,
    buildId: wasm.buildId,
    symbols,
    debug,
    described:
      wasm.codeSection === undefined && debug !== undefined ? new DescribedFunctions(wasm, debug) : undefined,
    sourceMap: debug === undefined ? files.sourceMap && sourceMapOf(files.sourceMap) : undefined,
  };
}

/**
 * A module's file, opened. Names that it lacks are its debug file's.
 * @throws FormatError when it is not WebAssembly
 */
export function openWasm({ module, debug }: ModuleFiles): WasmModule {
  return WasmModule.open(module.source, (wasm) => {
    const holder = debug && attempt(() => WasmModule.open(debug.source));
    if (holder === undefined || holder instanceof FormatError || isOtherBuild(wasm, holder)) return undefined;
    return holder.customSection("name");
  });
}

/** Whether both say which build they are of, and say it differently. */
const isOtherBuild = (wasm: WasmModule, { buildId }: WasmModule): boolean =>
  wasm.buildId !== undefined && buildId !== undefined && wasm.buildId !== buildId;

const sourceMapOf = ({ path, text }: SourceMapFile): SourceMap => new SourceMap(path, text);

/** Problems that are told one by one: a damaged section has the same one in each of a thousand units. */
const MOST_PROBLEMS = 8;

/** What was found malformed in a module's debug information so far, in words for the user. */
export function problemsOf({ debug }: CrashModule): readonly string[] {
  const problems = (debug?.problems ?? []).map(({ message }) => message);
  const more = problems.length - MOST_PROBLEMS;
  if (more <= 0) return problems;
  return [
    ...problems.slice(0, MOST_PROBLEMS),
    `There are ${more} more such problems in the debug information; what they touch is left out.`,
  ];
}

function findDebugInformation(
  wasm: WasmModule,
  files: ModuleFiles,
): { debug: DebugInformation | undefined; symbols: SymbolState } {
  const candidates = files.debug === undefined ? [] : [files.debug];
  for (const file of [...candidates, files.module]) {
    const holder = file === files.module ? wasm : attempt(() => WasmModule.open(file.source));
    if (holder instanceof FormatError || holder.customSection(".debug_info") === undefined) continue;
    if (file !== files.module && isOtherBuild(wasm, holder)) {
      return {
        debug: undefined,
        symbols: {
          state: "none",
          why: `${file.path} belongs to another build (build id ${holder.buildId}, the module has ${wasm.buildId})`,
        },
      };
    }
    const splitFiles = files.companions && new OpenedSplitFiles(files.companions);
    const debug = openDebugInformation(dwarfSectionsOf(holder), { splitFiles, inSteps: files.inSteps });
    return { debug, symbols: { state: "loaded", path: file.path } };
  }
  if (files.sourceMap !== undefined)
    return { debug: undefined, symbols: { state: "mapped", path: files.sourceMap.path } };
  return { debug: undefined, symbols: withoutDwarf(wasm, files.debug) };
}

/** @param debug its debug file, which has none either */
function withoutDwarf(wasm: WasmModule, debug: NamedSource | undefined): SymbolState {
  const external = wasm.externalDebugInfo;
  const map = wasm.sourceMappingUrl;
  const why =
    debug !== undefined
      ? `neither the module nor its debug file ${debug.path} has DWARF sections`
      : external !== undefined
        ? `its debug information was split off into ${external}, which was not found`
        : map !== undefined
          ? `the module has no DWARF sections, and its source map ${map} was not found`
          : "the module has no DWARF sections: build it with debug information (-g, debug = true)";
  return { state: wasm.hasNames ? "names-only" : "none", why };
}

/** The last name of a path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/**
 * A module of the crash: the Wasm file, the debug information found for it, and whether it can be trusted.
 */
import { attempt, FormatError } from "../bytes/errors";
import { openDebugInformation } from "../dwarf/dwarf";
import type { DebugInformation } from "../dwarf/model";
import { dwarfSectionsOf } from "../dwarf/sections";
import { WasmModule } from "../wasm/module";
import type { CrashModule, SymbolState } from "./model";
import type { ModuleFiles } from "./module-files";
import { OpenedSplitFiles } from "./split-files";

export type { CompanionFiles, ModuleFiles, NamedSource } from "./module-files";

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
  };
}

function findDebugInformation(
  wasm: WasmModule,
  files: ModuleFiles,
): { debug: DebugInformation | undefined; symbols: SymbolState } {
  const candidates = files.debug === undefined ? [] : [files.debug];
  for (const file of [...candidates, files.module]) {
    const holder = file === files.module ? wasm : attempt(() => WasmModule.open(file.source));
    if (holder instanceof FormatError || holder.customSection(".debug_info") === undefined) continue;
    if (
      file !== files.module &&
      wasm.buildId !== undefined &&
      holder.buildId !== undefined &&
      holder.buildId !== wasm.buildId
    ) {
      return {
        debug: undefined,
        symbols: {
          state: "none",
          why: `${file.path} belongs to another build (build id ${holder.buildId}, the module has ${wasm.buildId})`,
        },
      };
    }
    const splitFiles = files.companions && new OpenedSplitFiles(files.companions);
    const debug = openDebugInformation(dwarfSectionsOf(holder), splitFiles && { splitFiles });
    return { debug, symbols: { state: "loaded", path: file.path } };
  }
  return { debug: undefined, symbols: withoutDwarf(wasm) };
}

function withoutDwarf(wasm: WasmModule): SymbolState {
  const external = wasm.externalDebugInfo;
  const why =
    external === undefined
      ? "the module has no DWARF sections: build it with debug information (-g, debug = true)"
      : `its debug information was split off into ${external}, which was not found`;
  return wasm.customSection("name") === undefined ? { state: "none", why } : { state: "names-only", why };
}

/** The last name of a path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

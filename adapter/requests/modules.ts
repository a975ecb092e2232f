/** `modules`: the Wasm modules of the crash, whether their debug information was found, and if not why. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CrashModule, SymbolState } from "../../engine/postmortem/model";
import { defined, type RequestHandler } from "../protocol/request";

const COLUMNS: DebugProtocol.ColumnDescriptor[] = [
  { attributeName: "name", label: "Module", type: "string" },
  { attributeName: "version", label: "Build ID", type: "string" },
  { attributeName: "symbolStatus", label: "Debug information", type: "string" },
  { attributeName: "path", label: "File", type: "string" },
];

export const modules: RequestHandler<DebugProtocol.ModulesArguments, DebugProtocol.ModulesResponse["body"]> =
  {
    command: "modules",
    capabilities: { supportsModulesRequest: true, additionalModuleColumns: COLUMNS },
    handle(session, args) {
      const all = session.crash.crash.modules;
      const start = Math.max(0, args.startModule ?? 0);
      const count = (args.moduleCount ?? 0) > 0 ? args.moduleCount! : all.length;
      return { modules: all.slice(start, start + count).map(describe), totalModules: all.length };
    },
  };

function describe(module: CrashModule): DebugProtocol.Module {
  return defined<DebugProtocol.Module>({
    id: module.id,
    name: module.name,
    path: module.path,
    version: module.buildId,
    symbolStatus: statusText(module.symbols),
    symbolFilePath: "path" in module.symbols ? module.symbols.path : undefined,
  });
}

function statusText(symbols: SymbolState): string {
  switch (symbols.state) {
    case "loaded":
      return "Debug information loaded.";
    case "mapped":
      return "Lines by a source map.";
    case "names-only":
      return `Function names only: ${symbols.why}`;
    case "none":
      return `No debug information: ${symbols.why}`;
    case "stale":
      return `Debug information of another build: ${symbols.why}`;
  }
}

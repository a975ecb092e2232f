/** `modules`: the Wasm modules of the crash, whether their debug information was found, and if not why. */

import type { DebugProtocol } from "@vscode/debugprotocol";
import { t } from "@vscode/l10n";
import type { CrashModule, SymbolState } from "../../engine/postmortem/model";
import { defined, type RequestHandler } from "../protocol/request";

const columns = (): DebugProtocol.ColumnDescriptor[] => [
  { attributeName: "name", label: t("Module"), type: "string" },
  { attributeName: "version", label: t("Build ID"), type: "string" },
  { attributeName: "symbolStatus", label: t("Debug information"), type: "string" },
  { attributeName: "path", label: t("File"), type: "string" },
];

export const modules: RequestHandler<DebugProtocol.ModulesArguments, DebugProtocol.ModulesResponse["body"]> =
  {
    command: "modules",
    get capabilities() {
      return { supportsModulesRequest: true, additionalModuleColumns: columns() };
    },
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
      return t("Debug information loaded.");
    case "mapped":
      return t("Lines by a source map.");
    case "names-only":
      return t("Function names only: {0}", symbols.why);
    case "none":
      return t("No debug information: {0}", symbols.why);
    case "stale":
      return t("Debug information of another build: {0}", symbols.why);
  }
}

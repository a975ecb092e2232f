/** What speaks against a module as the one that crashed, what that means, and what the user wants to do about it. */
import * as vscode from "vscode";
import type { DumpFile, ModuleFile } from "../crash-files/inspect";
import { baseName } from "../crash-files/names";

const { t } = vscode.l10n;

export type Verdict = "good enough" | "choose another" | "give up";

/** Of a module whose build id is not the dump's. */
export function askAboutMismatch(module: ModuleFile, dump: DumpFile): Promise<Verdict> {
  const ids = t(
    "The build id of the core dump is {0}, that of the module {1}.",
    dump.buildId ?? "",
    module.buildId ?? "",
  );
  return ask(t("{0} is of another build than the one that crashed.", baseName(module.path)), ids);
}

/** Of a module that the dump's frames do not fit. @param problems what was found, in sentences */
export function askAboutMisfit(module: ModuleFile, problems: readonly string[]): Promise<Verdict> {
  return ask(t("{0} does not fit the core dump.", baseName(module.path)), problems.join("\n"));
}

async function ask(message: string, evidence: string): Promise<Verdict> {
  const meaning = t(
    "A core dump names functions and offsets of the code that crashed. In another build other code is there, so functions, lines and values may be wrong and look right.",
  );
  const wayOut = t(
    "Choose the module or the debug file with the dump's build id, or build the same commit with the same tools.",
  );
  const anyway = t("Debug Anyway");
  const another = t("Choose Module…");
  const detail = [evidence, meaning, wayOut].join("\n\n");
  const choice = await vscode.window.showWarningMessage(message, { modal: true, detail }, another, anyway);
  return choice === undefined ? "give up" : choice === anyway ? "good enough" : "choose another";
}

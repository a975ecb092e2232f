/** Asks once where a build machine's sources are in this workspace, and remembers the answer. */
import * as vscode from "vscode";
import { baseName } from "../crash-files/names";
import { toPath, toUri } from "../editor-host";
import { findByName } from "../find-files";
import type { Remembered } from "./remembered";
import { commonFolder, mappingsFor } from "./source-folders";

const { t } = vscode.l10n;

/** Mappings offered, and names searched for, at most. */
const MOST = 8;

interface Item extends vscode.QuickPickItem {
  readonly choice?: { readonly from: string; readonly to: string } | "browse" | "leave out";
}

/** @param missing paths of the debug information that are not here; nothing is asked without any */
export async function askForSources(missing: readonly string[], remembered: Remembered): Promise<void> {
  if (missing.length === 0) return;
  const folder = commonFolder(missing);
  if (remembered.isLeftOut(folder)) return;
  const names = [...new Set(missing.map(baseName))].slice(0, MOST);
  const found = (await findByName(names)).map(toPath);
  const mappings = mappingsFor(missing, found).slice(0, MOST);
  const items: Item[] = [
    ...mappings.map((choice) => ({
      label: `$(folder) ${vscode.workspace.asRelativePath(toUri(choice.to))}`,
      description: t("for {0}", choice.from),
      detail: t("has {0} of {1} missing sources", choice.found, missing.length),
      choice,
    })),
    { label: `$(folder-opened) ${t("Browse…")}`, choice: "browse", alwaysShow: true },
    { label: `$(circle-slash) ${t("They are not here")}`, choice: "leave out", alwaysShow: true },
  ];
  const title = t("Where are the sources of {0}?", folder);
  const choice = (await vscode.window.showQuickPick(items, { title, placeHolder: title }))?.choice;
  switch (choice) {
    case undefined:
      return;
    case "browse":
      return browse(folder, title, remembered);
    case "leave out":
      return remembered.leaveOut(folder);
    default:
      return remembered.keepSources(choice.from, choice.to);
  }
}

async function browse(folder: string, title: string, remembered: Remembered): Promise<void> {
  const folders = await vscode.window.showOpenDialog({
    title,
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
  });
  if (folders?.[0] !== undefined) await remembered.keepSources(folder, toPath(folders[0]));
}

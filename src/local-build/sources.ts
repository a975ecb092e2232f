/** Asks once where a build machine's sources are in this workspace, and remembers the answer. */
import * as vscode from "vscode";
import { baseName } from "../crash-files/names";
import { toPath, toUri } from "../editor-host";
import { findByName } from "../find-files";
import type { Remembered } from "./remembered";
import { commonFolder, type Mapping, mappingsFor } from "./source-folders";

const { t } = vscode.l10n;

/** Mappings offered, and names searched for, at most. */
const MOST = 8;

type Choice = Pick<Mapping, "from" | "to">;

interface Item extends vscode.QuickPickItem {
  readonly choice?: Choice | "browse" | "leave out";
}

/**
 * @param missing paths of the debug information that are not here
 * @returns whether the user said where some of them are
 */
export async function askForSources(missing: readonly string[], remembered: Remembered): Promise<boolean> {
  const folder = commonFolder(missing);
  if (remembered.isLeftOut(folder)) return false;
  const names = [...new Set(missing.map(baseName))].slice(0, MOST);
  const here = (await findByName(names)).map(toPath);
  const mappings = mappingsFor(missing, here).slice(0, MOST);
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
  const choice = (await vscode.window.showQuickPick(items, { title }))?.choice;
  if (choice === undefined) return false;
  if (choice === "leave out") {
    await remembered.leaveOut(folder);
    return false;
  }
  const found = choice === "browse" ? await browse(folder, title) : choice;
  if (found !== undefined) await remembered.keepSources(found.from, found.to);
  return found !== undefined;
}

/** @returns undefined when the user gives up */
async function browse(from: string, title: string): Promise<Choice | undefined> {
  const folders = await vscode.window.showOpenDialog({
    title,
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
  });
  return folders?.[0] && { from, to: toPath(folders[0]) };
}

/** The questions to the user: which dump, which module, and what to do when something is wrong with them. */
import * as vscode from "vscode";
import type { DumpFile, ModuleFile } from "./crash-files/inspect";
import { baseName } from "./crash-files/names";
import { toPath, toUri } from "./editor-host";

interface PathItem extends vscode.QuickPickItem {
  /** undefined = browse for another. */
  readonly path: string | undefined;
}

/** One of these dumps or another file. @returns its path; undefined when the user gives up */
export async function askForDump(dumps: readonly DumpFile[]): Promise<string | undefined> {
  return ask(dumps.map(item), {
    title: vscode.l10n.t("Which core dump?"),
    filters: {
      [vscode.l10n.t("Core dumps")]: ["coredump", "core", "wasm"],
      [vscode.l10n.t("All files")]: ["*"],
    },
  });
}

/**
 * One of these modules or another file.
 * @param tell what to say of a module in a line of its own
 * @returns its path; undefined when the user gives up
 */
export async function askForModule(
  dump: string,
  modules: readonly ModuleFile[],
  tell: (module: ModuleFile) => readonly string[] = () => [],
): Promise<string | undefined> {
  const items = modules.map((module) => {
    const told = [...tell(module)];
    if (!module.hasDebugInformation) told.push(vscode.l10n.t("no debug information"));
    return { ...item(module), ...(told.length > 0 && { detail: told.join(" · ") }) };
  });
  return ask(items, {
    title: vscode.l10n.t("Which Wasm module made {0}?", baseName(dump)),
    filters: { [vscode.l10n.t("Wasm modules")]: ["wasm"], [vscode.l10n.t("All files")]: ["*"] },
  });
}

function item({ path }: { readonly path: string }): PathItem {
  return { label: baseName(path), description: vscode.workspace.asRelativePath(toUri(path)), path };
}

async function ask(
  items: readonly PathItem[],
  { title, filters }: { readonly title: string; readonly filters: Record<string, string[]> },
): Promise<string | undefined> {
  if (items.length > 0) {
    const browse: PathItem = {
      label: `$(folder-opened) ${vscode.l10n.t("Browse…")}`,
      path: undefined,
      alwaysShow: true,
    };
    const choice = await vscode.window.showQuickPick([...items, browse], {
      title,
      placeHolder: title,
      matchOnDescription: true,
    });
    if (choice === undefined || choice.path !== undefined) return choice?.path;
  }
  const files = await vscode.window.showOpenDialog({ title, filters, canSelectMany: false });
  return files?.[0] && toPath(files[0]);
}

/** Says what is wrong and offers a way out. @returns whether the user took it */
export async function offer(message: string, wayOut: string): Promise<boolean> {
  return (await vscode.window.showErrorMessage(message, wayOut)) === wayOut;
}

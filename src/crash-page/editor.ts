/**
 * What opens when a user clicks on a core dump: a page that says why the program crashed, where, and what the
 * dump holds, with a button that debugs it. It reads as much of the dump as it shows, and never the network.
 */
import * as vscode from "vscode";
import type { Action } from "../../engine/report/page";
import type { Host } from "../../host/host";
import { askForModule } from "../ask";
import { inspect } from "../crash-files/inspect";
import { matchModule } from "../crash-files/match";
import { toPath } from "../editor-host";
import { engine } from "../engine";
import { folderPaths } from "../find-files";
import { configurationFor, folderOf } from "../launch-configuration";
import type { Remembered } from "../local-build/remembered";
import { findCrashFiles } from "../workspace";
import { viewType } from "./view-type";

const actions = (): readonly Action[] => [
  { id: "debug", label: vscode.l10n.t("Debug"), primary: true },
  { id: "copy", label: vscode.l10n.t("Copy Report") },
  { id: "build", label: vscode.l10n.t("Open Build…") },
];

export function registerCrashPage(host: () => Host, remembered: Remembered): vscode.Disposable {
  return vscode.window.registerCustomEditorProvider(viewType, new CrashPages(host, remembered), {
    supportsMultipleEditorsPerDocument: true,
  });
}

class CrashPages implements vscode.CustomReadonlyEditorProvider {
  constructor(
    private readonly host: () => Host,
    private readonly remembered: Remembered,
  ) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const page = new Page(toPath(uri), panel.webview, this.host, this.remembered);
    panel.webview.options = { enableScripts: true, localResourceRoots: [] };
    panel.webview.onDidReceiveMessage((message) => page.act(message));
    await page.show();
  }
}

class Page {
  private program: string | undefined;
  private markdown = "";

  constructor(
    private readonly coreFile: string,
    private readonly webview: vscode.Webview,
    private readonly host: () => Host,
    private readonly remembered: Remembered,
  ) {}

  async show(): Promise<void> {
    const { crashPage } = await engine();
    this.program ??= await this.likelyProgram();
    const args = {
      coreFile: this.coreFile,
      workspaceFolders: folderPaths(),
      sourceMap: this.remembered.sources,
      ...(this.program === undefined ? {} : { program: this.program }),
    };
    const page = await crashPage(args, this.host(), actions());
    this.markdown = page.markdown;
    this.webview.html = whole(page.style, page.body);
  }

  /** @param message what a button says; anything else is passed over */
  async act(message: unknown): Promise<void> {
    switch ((message as { action?: unknown } | null)?.action) {
      case "debug": {
        const program = this.program === undefined ? {} : { program: this.program };
        const configuration = { ...configurationFor(this.coreFile), ...program };
        await vscode.debug.startDebugging(folderOf(this.coreFile), configuration);
        break;
      }
      case "copy":
        await vscode.env.clipboard.writeText(this.markdown);
        vscode.window.setStatusBarMessage(vscode.l10n.t("Copied the crash report"), 3000);
        break;
      case "build": {
        const { modules } = await findCrashFiles(this.host());
        const chosen = await askForModule(this.coreFile, modules);
        if (chosen === undefined) break;
        this.program = chosen;
        await this.show();
        break;
      }
    }
  }

  /** The workspace's module that wrote the dump, where that is beyond doubt. */
  private async likelyProgram(): Promise<string | undefined> {
    const host = this.host();
    const dump = await inspect(this.coreFile, host);
    if (dump.kind !== "dump") return undefined;
    const before = this.remembered.programOf(dump);
    if (before !== undefined && (await host.exists(before))) return before;
    const { modules } = await findCrashFiles(host);
    const match = await matchModule(dump, modules, host);
    return "module" in match ? match.module.path : undefined;
  }
}

/** Nothing but our own style and script, known by a number that no content can guess. */
function whole(style: string, body: string): string {
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<style nonce="${nonce}">${style}</style></head>
<body>${body}
<script nonce="${nonce}">
const editor = acquireVsCodeApi();
for (const button of document.querySelectorAll("button[data-action]"))
  button.addEventListener("click", () => editor.postMessage({ action: button.dataset.action }));
</script></body></html>`;
}

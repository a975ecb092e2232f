/** What the palette, the explorer's menu and the Run view offer. */
import * as vscode from "vscode";
import type { Host } from "../host/host";
import { askForDump } from "./ask";
import { debugType } from "./debug-type";
import { toPath } from "./editor-host";
import { configurationFor, configurationName, folderOf } from "./launch-configuration";
import { stackTraceText, traceConfiguration } from "./stack-trace";
import { findCrashFiles } from "./workspace";

export function registerCommands(host: () => Host, extension: vscode.Uri): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("wasm-postmortem.openSample", () => openSample(extension)),
    vscode.commands.registerCommand("wasm-postmortem.openCoreDump", () => openCoreDump(host())),
    vscode.commands.registerCommand("wasm-postmortem.debugCoreDump", debugCoreDump),
    vscode.commands.registerCommand(
      "wasm-postmortem.debugOrStart",
      oneAtATime(() => debugOrStart(host())),
    ),
    vscode.commands.registerCommand("wasm-postmortem.openStackTrace", openStackTrace),
  );
}

/** "Wasm: Open Core Dump…" */
async function openCoreDump(host: Host): Promise<void> {
  const { dumps } = await findCrashFiles(host);
  const path = await askForDump(dumps);
  if (path !== undefined) await vscode.debug.startDebugging(folderOf(path), configurationFor(path));
}

/** "Debug Wasm Core Dump" on a file of the explorer, or without one: on the workspace's dump. */
async function debugCoreDump(file?: vscode.Uri): Promise<void> {
  if (file === undefined) {
    await vscode.debug.startDebugging(undefined, {
      type: debugType,
      request: "launch",
      name: configurationName,
    });
    return;
  }
  const path = toPath(file);
  await vscode.debug.startDebugging(folderOf(path), configurationFor(path));
}

/**
 * F5 in a virtual workspace, where the editor may have no search that would tell of a dump: looks for one, and starts
 * what F5 starts by itself where there is none.
 */
async function debugOrStart(host: Host): Promise<void> {
  const { dumps } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Looking for core dumps…") },
    () => findCrashFiles(host),
  );
  if (dumps.length > 0) await debugCoreDump();
  else await vscode.commands.executeCommand("workbench.action.debug.start");
}

/** An action that is passed over while it goes on. */
function oneAtATime(act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return async () => {
    running ??= act().finally(() => {
      running = undefined;
    });
    await running;
  };
}

/** "Wasm: Open the Sample Crash": a C program's, which comes with the extension. */
async function openSample(extension: vscode.Uri): Promise<void> {
  const file = (name: string): string => toPath(vscode.Uri.joinPath(extension, "dist", "sample", name));
  const sample = {
    ...configurationFor(file("shapes.coredump"), vscode.l10n.t("Sample crash")),
    program: file("shapes.wasm"),
  };
  await vscode.debug.startDebugging(undefined, sample);
}

/** "Wasm: Open Stack Trace" on the selection, the open file, or the clipboard. */
async function openStackTrace(): Promise<void> {
  const text = await stackTraceText();
  if (text === undefined) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        "There is no stack trace with WebAssembly frames here. Select one, open the log that has it, or copy it: such a frame reads “at name (wasm://wasm/app-00091342:wasm-function[9]:0x456)”.",
      ),
    );
    return;
  }
  await vscode.debug.startDebugging(undefined, traceConfiguration(text));
}

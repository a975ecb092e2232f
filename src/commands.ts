/** What the palette, the explorer's menu and the Run view offer. */
import * as vscode from "vscode";
import type { Host } from "../host/host";
import { askForDump } from "./ask";
import { toPath } from "./editor-host";
import { configurationFor, configurationName, debugType, folderOf } from "./launch-configuration";
import { findCrashFiles } from "./workspace";

export function registerCommands(host: () => Host): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("wasm-postmortem.openCoreDump", () => openCoreDump(host())),
    vscode.commands.registerCommand("wasm-postmortem.debugCoreDump", debugCoreDump),
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

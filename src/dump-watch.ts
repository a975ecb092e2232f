/**
 * Knows whether a core dump lies in the workspace, as the context key that F5 and the Run view's button
 * depend on: the editor itself cannot tell which debugger a workspace of dumps needs.
 */
import * as vscode from "vscode";
import type { Host } from "../host/host";
import { dumpsGlob } from "./crash-files/names";
import { findCrashFiles } from "./workspace";

const contextKey = "wasm-postmortem.hasCoreDump";
/** Milliseconds in which changes are taken together. */
const patience = 300;

export function watchForDumps(host: () => Host): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(dumpsGlob, false, true, false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async () => {
    const { dumps } = await findCrashFiles(host());
    await vscode.commands.executeCommand("setContext", contextKey, dumps.length > 0);
  };
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, patience);
  };
  void look();
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(lookSoon),
    watcher.onDidDelete(lookSoon),
    vscode.workspace.onDidChangeWorkspaceFolders(lookSoon),
    { dispose: () => clearTimeout(timer) },
  );
}

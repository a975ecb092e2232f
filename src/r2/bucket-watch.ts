/**
 * Knows whether anything names a bucket, as the context key that the view depends on: who has none sees nothing of it.
 * Wrangler's configurations are looked through as text; they are understood when the view opens.
 */
import * as vscode from "vscode";
import { findByName } from "../find-files";

const contextKey = "wasm-postmortem.hasBuckets";
/** As r2/config.ts has them, which is not loaded for this. */
const names = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"];
const redirect = ".wrangler/deploy/config.json";
/** Milliseconds in which changes are taken together. */
const patience = 300;

/** @param changed called when the configuration of buckets may be another */
export function watchForBuckets(changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(`**/{${[...names, redirect].join(",")}}`);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    await vscode.commands.executeCommand("setContext", contextKey, await hasBuckets());
  };
  const lookSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      void look();
      changed();
    }, patience);
  };
  void look();
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(lookSoon),
    watcher.onDidChange(lookSoon),
    watcher.onDidDelete(lookSoon),
    vscode.workspace.onDidChangeWorkspaceFolders(lookSoon),
    vscode.workspace.onDidGrantWorkspaceTrust(lookSoon),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("wasm-postmortem.buckets")) lookSoon();
    }),
    { dispose: () => clearTimeout(timer) },
  );
}

async function hasBuckets(): Promise<boolean> {
  const set = vscode.workspace.getConfiguration("wasm-postmortem").get<unknown>("buckets");
  if (Array.isArray(set) && set.length > 0) return true;
  for (const uri of await findByName(names)) {
    const bytes = await vscode.workspace.fs.readFile(uri).then(
      (read) => read,
      () => new Uint8Array(),
    );
    if (new TextDecoder().decode(bytes).includes("r2_buckets")) return true;
  }
  return false;
}

/** The dumps and modules that lie in the workspace's folders. */
import * as vscode from "vscode";
import type { Host } from "../host/host";
import { type CrashFile, type DumpFile, inspect, type ModuleFile } from "./crash-files/inspect";
import { crashFilesGlob, looksLikeDump, looksLikeModule } from "./crash-files/names";
import { toPath } from "./editor-host";
import { search } from "./find-files";

export interface CrashFiles {
  /** The newest first. */
  readonly dumps: readonly DumpFile[];
  readonly modules: readonly ModuleFile[];
}

/** @param folder looks there alone; else in every folder of the workspace */
export async function findCrashFiles(host: Host, folder?: vscode.WorkspaceFolder): Promise<CrashFiles> {
  const folders = folder ? [folder] : (vscode.workspace.workspaceFolders ?? []);
  const found = await Promise.all(folders.map((one) => search(one, crashFilesGlob, isCrashFile)));
  const wanted = found.flat().filter(({ path }) => isCrashFile(path));
  const files: CrashFile[] = [];
  for (const uri of wanted) files.push(await inspect(toPath(uri), host));
  host.close();
  const modified = new Map<string, number>();
  for (const uri of wanted) modified.set(toPath(uri), (await statistics(uri))?.mtime ?? 0);
  const age = (file: DumpFile) => modified.get(file.path) ?? 0;
  return {
    dumps: files.filter((file) => file.kind === "dump").sort((a, b) => age(b) - age(a)),
    modules: files.filter((file) => file.kind === "module"),
  };
}

const isCrashFile = (path: string): boolean => looksLikeDump(path) || looksLikeModule(path);

async function statistics(uri: vscode.Uri): Promise<vscode.FileStat | undefined> {
  return vscode.workspace.fs.stat(uri).then(
    (stat) => stat,
    () => undefined,
  );
}

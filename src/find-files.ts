/** Files of the workspace by their names, in every kind of workspace. */
import * as vscode from "vscode";
import { baseName } from "./crash-files/names";
import { toPath } from "./editor-host";

/** Files looked into at most, so that a huge workspace costs little. */
const mostFiles = 500;
/** Folders of a virtual workspace looked into at most: each may be a question to a far machine. */
const mostFolders = 200;
/** Milliseconds: where a virtual workspace has no search, the editor waits for one without end. */
const searchPatience = 3000;
const notOurs = "**/{node_modules,.git}/**";

/** Files of the workspace with one of these names, whatever folder they are in. */
export async function findByName(names: readonly string[]): Promise<vscode.Uri[]> {
  // What a glob would take for more than a name stands for any character: the names decide.
  const glob = `**/{${names.map((name) => name.replace(/[^\w.-]/g, "?")).join(",")}}`;
  const wanted = new Set(names);
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = await Promise.all(folders.map((folder) => search(folder, glob, (name) => wanted.has(name))));
  return found.flat().filter(({ path }) => wanted.has(baseName(path)));
}

/** The workspace's folders as the debug adapter takes them. */
export const folderPaths = (): string[] =>
  (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => toPath(uri));

/** Files of a folder by their names. @param isWanted the same as the glob, where the editor has no search */
export async function search(
  folder: vscode.WorkspaceFolder,
  glob: string,
  isWanted: (name: string) => boolean,
): Promise<vscode.Uri[]> {
  const include = new vscode.RelativePattern(folder, glob);
  const searching = vscode.workspace.findFiles(include, notOurs, mostFiles);
  if (["file", "vscode-remote"].includes(folder.uri.scheme)) return searching;
  const patience = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), searchPatience);
  });
  const found = await Promise.race([searching, patience]);
  return found === undefined || found.length === 0 ? walk(folder.uri, isWanted) : found;
}

/** Looks into the folders of a virtual workspace that the editor has no search for. */
async function walk(root: vscode.Uri, isWanted: (name: string) => boolean): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const folders = [root];
  for (let next = 0; next < folders.length && next < mostFolders && found.length < mostFiles; next++) {
    const folder = folders[next]!;
    const entries = await vscode.workspace.fs.readDirectory(folder).then(
      (listed) => listed,
      () => [],
    );
    for (const [name, type] of entries) {
      const uri = vscode.Uri.joinPath(folder, name);
      if (type === vscode.FileType.Directory && !/^(node_modules|\.git)$/.test(name)) folders.push(uri);
      else if (type === vscode.FileType.File && isWanted(name)) found.push(uri);
    }
  }
  return found;
}

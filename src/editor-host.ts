/**
 * The host inside the editor: files through the editor's file system, so that every kind of workspace works
 * (a browser's, a virtual one). The editor's API has no ranged reads: where files are local, a host that has
 * them goes first, and a server is asked for them itself.
 */
import * as vscode from "vscode";
import { type ByteSource, MemorySource } from "../engine/bytes/source";
import { type Host, HostError } from "../host/host";
import { httpSource, isHttp } from "./http-source";

export class EditorHost implements Host {
  /** @param local reads paths and `file:` URIs in ranges; undefined in a browser */
  constructor(private readonly local?: Host) {}

  async open(path: string): Promise<ByteSource> {
    if (this.local && isLocal(path)) return this.local.open(path);
    const ranged = isHttp(path) ? await httpSource(path) : undefined;
    return ranged ?? new MemorySource(path, await this.read(path));
  }

  async exists(path: string): Promise<boolean> {
    if (this.local && isLocal(path)) return this.local.exists(path);
    const uri = toUri(path);
    if (isHttp(path) && (await httpSource(path)) !== undefined) return true;
    // What comes over HTTP has no statistics: the editor makes up some for every address.
    const question = isHttp(path) ? vscode.workspace.fs.readFile(uri) : vscode.workspace.fs.stat(uri);
    return question.then(
      () => true,
      () => false,
    );
  }

  async list(folder: string): Promise<readonly string[]> {
    if (this.local && isLocal(folder)) return this.local.list(folder);
    return vscode.workspace.fs.readDirectory(toUri(folder)).then(
      (entries) => entries.map(([name]) => name),
      () => [],
    );
  }

  async readText(path: string): Promise<string> {
    return new TextDecoder().decode(await this.read(path));
  }

  close(): void {
    this.local?.close();
  }

  private async read(path: string): Promise<Uint8Array> {
    try {
      return await vscode.workspace.fs.readFile(toUri(path));
    } catch (error) {
      throw new HostError(explain(error, path), path);
    }
  }
}

/** A URI as the debug adapter takes it: the path of a local file, else the URI itself. */
export function toPath(uri: vscode.Uri): string {
  return uri.scheme === "file" ? uri.fsPath : uri.toString();
}

/** The inverse of `toPath`. */
export function toUri(path: string): vscode.Uri {
  return hasScheme(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path);
}

/** A scheme has two letters at least: `C:` is a drive. */
export function hasScheme(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(path);
}

export function isLocal(path: string): boolean {
  return !hasScheme(path) || path.startsWith("file:");
}

function explain(error: unknown, path: string): string {
  const code = error instanceof vscode.FileSystemError ? error.code : "";
  switch (code) {
    case "FileNotFound":
      return vscode.l10n.t("{0} does not exist.", path);
    case "FileIsADirectory":
      return vscode.l10n.t("{0} is a folder, not a file.", path);
    case "NoPermissions":
      return vscode.l10n.t("{0} may not be read: permission denied.", path);
    default:
      return vscode.l10n.t(
        "{0} cannot be read: {1}",
        path,
        error instanceof Error ? error.message : String(error),
      );
  }
}

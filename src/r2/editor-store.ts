/**
 * A folder of the editor's file system as a FileStore, for browsers. The editor writes whole files only, so what is
 * being fetched is kept in memory until it is whole; it is lost with the window.
 */
import * as vscode from "vscode";
import { joined } from "../../r2/chunks";
import type { FileStore, StoredFile } from "../../r2/file-store";
import { toPath } from "../editor-host";

export class EditorFileStore implements FileStore {
  private readonly parts = new Map<string, Uint8Array[]>();

  constructor(private readonly folder: vscode.Uri) {}

  async list(): Promise<readonly StoredFile[]> {
    const entries = await orAbsent(vscode.workspace.fs.readDirectory(this.folder));
    const files = await Promise.all((entries ?? []).map(([name]) => this.stat(name)));
    return files.filter((file) => file !== undefined);
  }

  async stat(name: string): Promise<StoredFile | undefined> {
    const parts = this.parts.get(name);
    if (parts !== undefined) return { name, size: sizeOf(parts), modified: Date.now() };
    const facts = await orAbsent(vscode.workspace.fs.stat(this.uri(name)));
    return facts && { name, size: facts.size, modified: facts.mtime };
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    return orAbsent(vscode.workspace.fs.readFile(this.uri(name)));
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await vscode.workspace.fs.writeFile(this.uri(name), bytes);
  }

  /** What is fetched comes in order; a piece that was written before is followed, not replaced. */
  async writeAt(name: string, offset: number, bytes: Uint8Array): Promise<boolean> {
    const parts = offset === 0 ? [] : this.parts.get(name);
    if (parts === undefined || sizeOf(parts) !== offset) return false;
    parts.push(bytes);
    this.parts.set(name, parts);
    return true;
  }

  async rename(from: string, to: string): Promise<boolean> {
    const parts = this.parts.get(from);
    if (parts === undefined) return false;
    await this.write(to, joined(parts, sizeOf(parts)));
    this.parts.delete(from);
    return true;
  }

  async remove(name: string): Promise<void> {
    if (this.parts.delete(name)) return;
    await orAbsent(vscode.workspace.fs.delete(this.uri(name)));
  }

  pathOf(name: string): string {
    return toPath(this.uri(name));
  }

  private uri(name: string): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, name);
  }
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

/** Undefined where there is no such file. */
async function orAbsent<T>(step: Thenable<T>): Promise<T | undefined> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return undefined;
    throw error;
  }
}

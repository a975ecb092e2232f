/** What differs between a machine and a browser where buckets are concerned. */
import type * as vscode from "vscode";
import type { Bucket } from "../../r2/bucket";
import type { FileStore } from "../../r2/file-store";
import type { OwnAccess } from "./access";

export interface BucketPlatform {
  /** Files in a folder of the editor's. */
  store(folder: vscode.Uri): FileStore;
  /** What lets us in from a project. @param project its folder; the window's first, when left out */
  ownAccess(project?: vscode.Uri): OwnAccess;
  /** Whether wrangler can be asked for its login. */
  readonly hasLogin: boolean;
  /**
   * The local state of `wrangler dev`; undefined where there is none.
   * @param persistTo its folder, as `--persist-to` names it, from the project's; beside its configuration, when left out
   */
  localState?(project: vscode.Uri, persistTo?: string): LocalBuckets | undefined;
  dispose(): void;
}

export interface LocalBuckets {
  readonly names: readonly string[];
  /** @throws BucketError */
  open(name: string): Promise<Bucket>;
}

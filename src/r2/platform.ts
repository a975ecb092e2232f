/** What differs between a machine and a browser where buckets are concerned. */
import type * as vscode from "vscode";
import type { Credentials } from "../../r2/address";
import type { Bucket } from "../../r2/bucket";
import type { FileStore } from "../../r2/file-store";

export interface BucketPlatform {
  /** Variables of the environment; empty in a browser. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Files in a folder of the editor's. */
  store(folder: vscode.Uri): FileStore;
  /** The local state of `wrangler dev` beside a configuration; undefined where there is none. */
  localState?(configuration: vscode.Uri): LocalBuckets | undefined;
  /** What wrangler is logged in with; undefined when it is not, or is not there. */
  login?(): Promise<Credentials | undefined>;
  dispose(): void;
}

export interface LocalBuckets {
  readonly names: readonly string[];
  /** @throws BucketError */
  open(name: string): Promise<Bucket>;
}

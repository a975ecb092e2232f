/** Buckets from a machine: its environment, its disk, wrangler's login and the local state of `wrangler dev`. */
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { NodeFileStore } from "../../r2/node/file-store";
import { LocalState, localBuckets, STATE_FOLDER } from "../../r2/node/local";
import { askWrangler } from "../../r2/node/wrangler";
import type { BucketPlatform, LocalBuckets } from "./platform";

/** @param localScript `dist/r2-local.js` */
export function machine(localScript: string): BucketPlatform {
  const open = new Map<string, Promise<LocalState>>();
  return {
    environment: process.env,
    store: (folder) => new NodeFileStore(folder.fsPath),
    localState({ scheme, fsPath }): LocalBuckets | undefined {
      if (scheme !== "file") return undefined;
      const project = dirname(fsPath);
      const state = join(project, STATE_FOLDER);
      const names = localBuckets(state);
      if (names.length === 0) return undefined;
      // A process serves the buckets that there were when it began.
      const id = `${state}\n${names.join("\n")}`;
      return {
        names,
        async open(name) {
          let opening = open.get(id);
          if (opening === undefined) {
            opening = LocalState.open({ state, project, script: localScript });
            open.set(id, opening);
            opening.catch(() => open.delete(id));
          }
          return (await opening).bucket(name);
        },
      };
    },
    async login() {
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      // It runs the wrangler that the workspace has.
      const project = vscode.workspace.isTrusted ? folder?.uri.fsPath : undefined;
      return project === undefined ? undefined : askWrangler(project);
    },
    dispose() {
      for (const opening of open.values())
        void opening.then(
          (state) => state.close(),
          () => {},
        );
    },
  };
}

/** Buckets from a machine: its environment, its disk, wrangler's login and the local state of `wrangler dev`. */
import { join, resolve } from "node:path";
import * as vscode from "vscode";
import { accessFromEnvironment } from "../../r2/credentials";
import { projectAccess } from "../../r2/node/dot-env";
import { NodeFileStore } from "../../r2/node/file-store";
import { LocalState, localBuckets, STATE_FOLDER } from "../../r2/node/local";
import { askWrangler } from "../../r2/node/wrangler";
import type { OwnAccess } from "./access";
import type { BucketPlatform, LocalBuckets } from "./platform";

/** @param localScript `dist/r2-local.js` */
export function machine(localScript: string): BucketPlatform {
  const open = new Map<string, Promise<LocalState>>();
  return {
    store: (folder) => new NodeFileStore(folder.fsPath),
    ownAccess(given = vscode.workspace.workspaceFolders?.[0]?.uri): OwnAccess {
      // What a workspace has counts, and its wrangler runs, only when the user trusts it.
      const project = given?.scheme === "file" && vscode.workspace.isTrusted ? given.fsPath : undefined;
      return project === undefined
        ? { environment: accessFromEnvironment(process.env) }
        : {
            environment: projectAccess(project, process.env),
            login: async () => askWrangler(project),
          };
    },
    hasLogin: true,
    localState({ scheme, fsPath: project }, persistTo): LocalBuckets | undefined {
      if (scheme !== "file") return undefined;
      const state = persistTo === undefined ? join(project, STATE_FOLDER) : resolve(project, persistTo);
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
    dispose() {
      for (const opening of open.values())
        void opening.then(
          (state) => state.close(),
          () => {},
        );
    },
  };
}

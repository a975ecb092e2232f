/**
 * Crashes in buckets, as far as the editor must know of them from the start: view, commands, links, and that a launch
 * configuration may name a dump in a bucket. What they do is loaded when it is first asked for.
 */
import * as vscode from "vscode";
import type { Host } from "../../host/host";
import { isWithin } from "../../host/paths";
import { toPath } from "../editor-host";
import type { CrashConfiguration } from "../launch-configuration";
import type { Remembered } from "../local-build/remembered";
import { watchForBuckets } from "./bucket-watch";
import { crashFilesSide } from "./crash-files-side";
import type { CrashesContext, CrashesView } from "./crashes-view";
import type { Node } from "./nodes";

/** Loads the rest. */
export type OpenCrashes = (context: Omit<CrashesContext, "platform">) => Promise<CrashesView>;

/** What launching asks of dumps that may lie in a bucket. */
export interface RemoteDumps {
  /** Whether a configuration names something in a bucket. */
  isRemote(configuration: CrashConfiguration): boolean;
  /** Whether a file was fetched from one: its sources are another machine's. */
  isFetched(path: string): boolean;
  /** With files in place of what is in buckets; undefined when that failed and the user knows. */
  fetched(configuration: CrashConfiguration): Promise<CrashConfiguration | undefined>;
}

const viewId = "wasm-postmortem.crashes";

const commands = [
  "refreshCrashes",
  "filterCrashes",
  "clearCrashFilter",
  "moreCrashes",
  "debugCrash",
  "openCrashPage",
  "saveCrash",
  "copyCrashStack",
  "deleteCrashes",
  "fetchCoreDump",
  "setBucketCredentials",
  "forgetBucketCredentials",
  "clearFetched",
];

export function registerCrashes(
  open: OpenCrashes,
  host: () => Host,
  remembered: Remembered,
  { subscriptions, secrets, globalStorageUri }: vscode.ExtensionContext,
): RemoteDumps {
  const changed = new vscode.EventEmitter<Node | undefined>();
  const storage = vscode.Uri.joinPath(globalStorageUri, "fetched");
  let opening: Promise<CrashesView> | undefined;
  const crashes = (): Promise<CrashesView> =>
    (opening ??= open({ files: crashFilesSide(host, remembered), secrets, storage, changed }));
  const tree = vscode.window.createTreeView<Node>(viewId, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (node) => (await crashes()).tree.getChildren(node),
      getTreeItem: async (node) => (await crashes()).tree.getTreeItem(node),
      resolveTreeItem: async (item, node) => (await crashes()).tree.resolveTreeItem(item, node),
    },
    showCollapseAll: true,
  });
  subscriptions.push(
    changed,
    tree,
    { dispose: () => void opening?.then((view) => view.dispose()) },
    ...commands.map((name) =>
      vscode.commands.registerCommand(`wasm-postmortem.${name}`, async (node?: Node) => {
        const view = await crashes();
        await view.run(name, node);
        tree.message = view.message ?? "";
      }),
    ),
    vscode.window.registerUriHandler({ handleUri: async (uri) => (await crashes()).openLink(uri) }),
    watchForBuckets(() => changed.fire(undefined)),
  );
  const folder = toPath(storage);
  const isIn = (path: string | undefined): boolean => path?.startsWith("r2://") ?? false;
  return {
    isRemote: ({ coreFile, program }) => isIn(coreFile) || isIn(program),
    isFetched: (path) => isWithin(path, folder),
    fetched: async (configuration) => (await crashes()).fetched(configuration),
  };
}

/** What can be done with a row of the view: debug it, look at its page, keep its files, copy its stack, delete it. */
import * as vscode from "vscode";
import { fileNameOf } from "../../r2/keys";
import { debugFileKey } from "../../r2/layout";
import { viewType } from "../crash-page/view-type";
import { toUri } from "../editor-host";
import type { Fetcher } from "./fetcher";
import { type CrashNode, crashesOf, type GroupNode, type Node } from "./nodes";
import { stackText } from "./texts";
import type { CrashTree } from "./tree";

const { t } = vscode.l10n;

export class NodeActions {
  constructor(
    private readonly fetcher: Fetcher,
    private readonly tree: CrashTree,
  ) {}

  /** @throws BucketError */
  async run(name: string, node: Node | undefined): Promise<void> {
    if (name === "moreCrashes" && node?.kind === "more") return this.tree.more(node);
    if (node?.kind !== "group" && node?.kind !== "crash") return;
    switch (name) {
      case "debugCrash":
        return this.withDump(node, (key) => this.fetcher.debug(async () => node.list.bucket, key));
      case "openCrashPage":
        return this.withDump(node, (key) => this.openPage(node, key));
      case "saveCrash":
        return this.withDump(node, (key) => this.save(node, key));
      case "copyCrashStack":
        return this.copyStack(node);
      case "deleteCrashes":
        return this.remove(node);
    }
  }

  /** Of equal crashes the newest whose dump was kept. */
  private async withDump(node: GroupNode | CrashNode, action: (key: string) => Promise<void>): Promise<void> {
    const dump = crashesOf(node).find((crash) => crash.dump !== undefined)?.dump;
    if (dump !== undefined) return action(dump.key);
    void vscode.window.showInformationMessage(
      t("No core dump of this crash was kept. Its stack can be copied."),
    );
  }

  private async openPage({ list }: GroupNode | CrashNode, key: string): Promise<void> {
    const crash = await this.fetcher.crash(async () => list.bucket, key);
    if (crash === undefined) return;
    await vscode.commands.executeCommand("vscode.openWith", toUri(crash.coreFile), viewType);
  }

  /** Into a folder of the user's choice, the debug file beside the dump: there F5 finds both. */
  private async save({ list }: GroupNode | CrashNode, key: string): Promise<void> {
    const target = await vscode.window.showSaveDialog({
      title: t("Save Core Dump"),
      defaultUri: vscode.Uri.joinPath(
        vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file("/"),
        fileNameOf(key),
      ),
    });
    if (target === undefined) return;
    const crash = await this.fetcher.crash(async () => list.bucket, key);
    if (crash === undefined) return;
    await vscode.workspace.fs.copy(toUri(crash.coreFile), target, { overwrite: true });
    if (crash.program === undefined || crash.buildId === undefined) return;
    const beside = vscode.Uri.joinPath(target, "..", debugFileKey(crash.buildId));
    await vscode.workspace.fs.copy(toUri(crash.program), beside, { overwrite: true });
  }

  private async copyStack(node: GroupNode | CrashNode): Promise<void> {
    const record = await node.list.record(crashesOf(node)[0]!);
    if (record === undefined) {
      void vscode.window.showInformationMessage(
        t("There is no record of this crash: its stack is not known."),
      );
      return;
    }
    await vscode.env.clipboard.writeText(stackText(record));
    vscode.window.setStatusBarMessage(t("Copied the stack"), 3000);
  }

  private async remove(node: GroupNode | CrashNode): Promise<void> {
    const crashes = crashesOf(node);
    const confirm = t("Delete");
    const { name, place } = node.list.bucket;
    const message =
      crashes.length === 1
        ? t("Delete this crash from bucket {0}?", name)
        : t("Delete {0} crashes from bucket {1}?", crashes.length, name);
    const detail = t("Core dump and record are gone for everyone who uses {0}.", place);
    if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, confirm)) !== confirm)
      return;
    try {
      await node.list.remove(crashes);
    } finally {
      this.tree.redraw();
    }
  }
}

/**
 * All about crashes in buckets, loaded when the user first looks at them: the tree behind the view, the commands on it,
 * links, and dumps that a launch configuration names.
 */
import * as vscode from "vscode";
import { isObjectAddress, parseObjectAddress } from "../../r2/address";
import type { Bucket, Cancellable } from "../../r2/bucket";
import type { CrashConfiguration } from "../launch-configuration";
import { Access, type Secrets } from "./access";
import { Buckets } from "./buckets";
import type { CrashFilesSide } from "./crash-files-side";
import { askForCredentials } from "./credentials";
import { Fetcher } from "./fetcher";
import { readLink } from "./link";
import { NodeActions } from "./node-actions";
import type { Node } from "./nodes";
import { pickCrash } from "./pick";
import type { BucketPlatform } from "./platform";
import { told } from "./told";
import { CrashTree } from "./tree";

const { t } = vscode.l10n;

/** True while the list is filtered, for the button that shows all again. */
const FILTERED = "wasm-postmortem.crashesFiltered";

export interface CrashesContext {
  readonly files: CrashFilesSide;
  readonly secrets: Secrets;
  /** A folder of the editor's for what is fetched. */
  readonly storage: vscode.Uri;
  readonly platform: BucketPlatform;
  readonly changed: vscode.EventEmitter<Node | undefined>;
}

export class CrashesView implements vscode.Disposable {
  readonly tree: CrashTree;
  private readonly access: Access;
  private readonly buckets: Buckets;
  private readonly fetcher: Fetcher;
  private readonly actions: NodeActions;

  constructor(private readonly context: CrashesContext) {
    const { platform, secrets, files, storage, changed } = context;
    this.access = new Access(secrets);
    this.buckets = new Buckets(this.access, platform);
    this.fetcher = new Fetcher(this.buckets, files, platform, storage);
    this.tree = new CrashTree(this.buckets, changed);
    this.actions = new NodeActions(this.fetcher, this.tree);
  }

  /** What stands above the list; undefined for nothing. */
  get message(): string | undefined {
    const { filter } = this.tree;
    return filter === "" ? undefined : t("Crashes with: {0}", filter);
  }

  /** @param name of a command, without its prefix @param node the row that it is about */
  async run(name: string, node: Node | undefined): Promise<void> {
    switch (name) {
      case "refreshCrashes":
        return this.tree.refresh();
      case "filterCrashes":
        return this.askForFilter();
      case "clearCrashFilter":
        return this.filter("");
      case "fetchCoreDump":
        return this.fetchCoreDump();
      case "setBucketCredentials":
        if (await askForCredentials(this.access, this.context.platform.hasLogin)) this.tree.refresh();
        return;
      case "forgetBucketCredentials":
        await this.access.forget();
        this.tree.refresh();
        return said(t("Forgot the credentials for R2"));
      case "clearFetched":
        await told(() => this.fetcher.clear());
        return said(t("Removed what was fetched from R2"));
      default:
        await told(() => this.actions.run(name, node));
    }
  }

  /**
   * Fetches what a configuration names in buckets.
   * @returns with paths of files; undefined when that fails, which the user has been told
   */
  async fetched(given: CrashConfiguration): Promise<CrashConfiguration | undefined> {
    return told(async () => {
      const fetched = { ...given };
      if (given.program !== undefined && isObjectAddress(given.program)) {
        const program = await this.fetcher.file(parseObjectAddress(given.program), given);
        if (program === undefined) return undefined;
        fetched.program = program;
      }
      if (given.coreFile !== undefined && isObjectAddress(given.coreFile)) {
        const crash = await this.fetcher.crashAt(parseObjectAddress(given.coreFile), given);
        if (crash === undefined) return undefined;
        fetched.coreFile = crash.coreFile;
        if (crash.program !== undefined) fetched.program ??= crash.program;
      }
      return fetched;
    });
  }

  /** A link from a log or from Sentry. */
  async openLink({ path, query }: vscode.Uri): Promise<void> {
    const address = readLink(path, query);
    if (address === undefined) {
      void vscode.window.showErrorMessage(t("This link names no core dump in a bucket."));
      return;
    }
    const { bucket, key } = address;
    const { sources } = await this.buckets.find();
    const isKnown = sources.some(({ name }) => name === bucket);
    if (!isKnown && !(await mayFetch(bucket, key))) return;
    const open = (options: Cancellable): Promise<Bucket> =>
      isKnown ? this.buckets.holding(address, {}, options) : this.buckets.unconfigured(bucket).open(options);
    await told(() => this.fetcher.debug(open, key));
  }

  dispose(): void {
    this.context.platform.dispose();
  }

  /** "Wasm: Fetch Core Dump from R2…" */
  private async fetchCoreDump(): Promise<void> {
    const picked = await told(() => pickCrash(this.buckets, this.tree));
    if (picked !== undefined) await told(() => this.fetcher.debug(async () => picked.bucket, picked.key));
  }

  private async askForFilter(): Promise<void> {
    const words = await vscode.window.showInputBox({
      title: t("Filter Crashes"),
      prompt: t("Words of the reason, of functions, files, URLs or the build id"),
      value: this.tree.filter,
    });
    if (words !== undefined) await this.filter(words);
  }

  private async filter(words: string): Promise<void> {
    this.tree.filter = words;
    await vscode.commands.executeCommand("setContext", FILTERED, this.tree.filter !== "");
  }
}

/** Asks before a link reaches for a bucket that nobody has configured. */
async function mayFetch(bucket: string, key: string): Promise<boolean> {
  const fetch = t("Fetch");
  const message = t("Fetch a core dump from bucket {0}?", bucket);
  const detail = t(
    "A link asks for it, and no configuration of this workspace names the bucket. It would be read with your credentials: {0}",
    key,
  );
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, fetch)) === fetch;
}

function said(message: string): void {
  vscode.window.setStatusBarMessage(message, 3000);
}

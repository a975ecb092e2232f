/** The view's tree: what is opened is listed then, page by page, and records are read for what is shown. */
import type * as vscode from "vscode";
import { BucketCrashes } from "./bucket-crashes";
import type { BucketSource, Buckets } from "./buckets";
import type { BuildCrashes, CrashGroup } from "./crashes";
import { itemOf, tooltipOf } from "./items";
import type { BucketNode, BuildNode, GroupNode, MoreNode, Node, ParentNode } from "./nodes";
import { matches } from "./texts";

/** Rows of a build or of a group that are shown at once. */
const PAGE = 25;

export class CrashTree implements vscode.TreeDataProvider<Node> {
  readonly onDidChangeTreeData: vscode.Event<Node | undefined>;
  private lists = new Map<string, BucketCrashes>();
  /** How many rows of a node are shown. */
  private shown = new Map<string, number>();
  private words = "";

  constructor(
    private readonly buckets: Buckets,
    private readonly changed: vscode.EventEmitter<Node | undefined>,
  ) {
    this.onDidChangeTreeData = changed.event;
  }

  /** What crashes must have in them to be shown; everything is while it is empty. */
  get filter(): string {
    return this.words;
  }

  set filter(words: string) {
    this.words = words.trim();
    this.changed.fire(undefined);
  }

  /** Forgets what was listed. */
  refresh(): void {
    this.lists.clear();
    this.shown.clear();
    this.changed.fire(undefined);
  }

  /** Shows what has changed without asking the bucket again. */
  redraw(): void {
    this.changed.fire(undefined);
  }

  /** The crashes of a bucket as far as they are listed. @throws BucketError */
  async listOf(source: BucketSource): Promise<BucketCrashes> {
    let list = this.lists.get(source.id);
    if (list === undefined) {
      list = new BucketCrashes(await source.open());
      this.lists.set(source.id, list);
    }
    return list;
  }

  async more({ parent }: MoreNode): Promise<void> {
    if (parent.kind === "bucket") await (await this.listOf(parent.source)).more();
    else {
      if (parent.kind === "build" && this.rowsOf(parent) >= parent.build.groups.length)
        await parent.build.more();
      this.shown.set(parent.id, this.rowsOf(parent) + PAGE);
    }
    this.changed.fire(parent);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    try {
      const children = node === undefined ? await this.roots() : await this.childrenOf(node);
      return children.length === 0 && node !== undefined
        ? [{ kind: "empty", id: `${node.id}/empty` }]
        : children;
    } catch (error) {
      return [{ kind: "problem", id: `${node?.id ?? ""}/problem`, error }];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return itemOf(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    item.tooltip ??= tooltipOf(node);
    return item;
  }

  private async roots(): Promise<Node[]> {
    const { sources, problems } = await this.buckets.find();
    const wrong = problems.map((error, index): Node => ({ kind: "problem", id: `problem/${index}`, error }));
    const known = await Promise.all(sources.map((source) => source.hasAccess()));
    // Without any credentials there is nothing to see: the view says how to set some.
    const isUseless = known.every((access) => !access);
    const nodes = sources.map((source): BucketNode => ({ kind: "bucket", id: source.id, source }));
    return [...wrong, ...(isUseless ? [] : nodes)];
  }

  private childrenOf(node: Node): Promise<Node[]> {
    switch (node.kind) {
      case "bucket":
        return this.buildsOf(node);
      case "build":
        return this.groupsOf(node);
      case "group":
        return this.crashesOf(node);
      default:
        return Promise.resolve([]);
    }
  }

  private async buildsOf(parent: BucketNode): Promise<Node[]> {
    const list = await this.listOf(parent.source);
    if (list.builds.length === 0 && !list.isComplete) await list.more();
    const newest = list.builds.map(({ groups }) => groups[0]!.crashes[0]!);
    const records = await list.recordsOf(newest);
    const nodes: Node[] = [];
    for (const [index, build] of list.builds.entries()) {
      if (this.words !== "" && (await this.wanted(list, build)).length === 0) continue;
      const id = `${parent.id}/${build.buildId ?? "unknown"}`;
      nodes.push({ kind: "build", id, list, build, record: records[index] });
    }
    return list.isComplete ? nodes : [...nodes, moreOf(parent)];
  }

  private async groupsOf(parent: BuildNode): Promise<Node[]> {
    const { list, build } = parent;
    const groups = await this.wanted(list, build);
    const shown = groups.slice(0, this.rowsOf(parent));
    const records = await list.recordsOf(shown.map(({ crashes }) => crashes[0]!));
    const isCut = !build.isComplete;
    const nodes = shown.map((group, index): Node => {
      const id = `${parent.id}/${group.fingerprint}`;
      return { kind: "group", id, list, group, isCut, record: records[index] };
    });
    return shown.length < groups.length || isCut ? [...nodes, moreOf(parent)] : nodes;
  }

  private async crashesOf(parent: GroupNode): Promise<Node[]> {
    const { list, group } = parent;
    const shown = group.crashes.slice(0, this.rowsOf(parent));
    const records = await list.recordsOf(shown);
    const nodes = shown.map((crash, index): Node => {
      return { kind: "crash", id: `${parent.id}/${crash.id}`, list, crash, record: records[index] };
    });
    return shown.length < group.crashes.length ? [...nodes, moreOf(parent)] : nodes;
  }

  /** A build's groups that the filter lets through. */
  private async wanted(list: BucketCrashes, { groups }: BuildCrashes): Promise<readonly CrashGroup[]> {
    if (this.words === "") return groups;
    const records = await list.recordsOf(groups.map(({ crashes }) => crashes[0]!));
    return groups.filter((group, index) => matches(this.words, group, records[index]));
  }

  private rowsOf({ id }: ParentNode): number {
    return this.shown.get(id) ?? PAGE;
  }
}

const moreOf = (parent: ParentNode): MoreNode => ({ kind: "more", id: `${parent.id}/more`, parent });

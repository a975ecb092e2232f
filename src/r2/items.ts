/** How the rows of the view read, with eyes and with a screen reader. */
import * as vscode from "vscode";
import { BucketError, type BucketErrorKind } from "../../r2/errors";
import type { CrashRecord } from "../../r2/record";
import { newestOf } from "./crashes";
import type { BuildNode, CrashNode, GroupNode, Node } from "./nodes";
import { ageText, placeText, shortId, sizeText, stackText } from "./texts";

const { t } = vscode.l10n;
const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** Faults that other credentials may cure. */
const ABOUT_CREDENTIALS: readonly BucketErrorKind[] = ["NoCredentials", "WrongCredentials", "NotAllowed"];

export const isAboutCredentials = (error: unknown): boolean =>
  error instanceof BucketError && ABOUT_CREDENTIALS.includes(error.kind);

export function itemOf(node: Node): vscode.TreeItem {
  const item = drawn(node);
  item.id = node.id;
  item.contextValue = node.kind === "crash" && node.crash.dump === undefined ? "crashWithoutDump" : node.kind;
  const label = [item.label, item.description].filter(Boolean).join(", ");
  item.accessibilityInformation = { label };
  return item;
}

function drawn(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case "bucket":
      return row(node.source.name, Expanded, "database", node.source.description);
    case "build":
      return buildRow(node);
    case "group":
      return groupRow(node);
    case "crash":
      return crashRow(node);
    case "more":
      return { ...row(t("Show more…"), None, "ellipsis"), command: commandOf("moreCrashes", node) };
    case "empty":
      return row(t("No crashes"), None, "pass");
    case "problem":
      return problemRow(node.error, node);
  }
}

/** What is told when the mouse rests on a row. */
export function tooltipOf(node: Node): vscode.MarkdownString | string | undefined {
  switch (node.kind) {
    case "build":
      return node.build.buildId === undefined ? undefined : t("Build id {0}", node.build.buildId);
    case "group":
    case "crash":
      return node.record === undefined ? undefined : about(node.record);
    case "problem":
      return messageOf(node.error);
    default:
      return undefined;
  }
}

const row = (
  label: string,
  state: vscode.TreeItemCollapsibleState,
  icon: string,
  description = "",
): vscode.TreeItem => ({
  label,
  collapsibleState: state,
  iconPath: new vscode.ThemeIcon(icon),
  description,
});

function buildRow({ build, record }: BuildNode): vscode.TreeItem {
  const id = build.buildId === undefined ? t("no build id") : shortId(build.buildId);
  const label = record?.module ? `${record.module} ${id}` : id;
  const facts = [crashCount(build.count, !build.isComplete), age(build.newest)];
  return row(label, Collapsed, "package", facts.join(" · "));
}

function groupRow({ group, isCut, record }: GroupNode): vscode.TreeItem {
  const place = record === undefined ? "" : placeText(record);
  const facts = [place, crashCount(group.crashes.length, isCut), age(newestOf(group))];
  const label = record?.reason.title ?? t("Crash {0}", group.fingerprint);
  return row(label, Collapsed, "bug", facts.filter(Boolean).join(" · "));
}

function crashRow(node: CrashNode): vscode.TreeItem {
  const { crash, record } = node;
  const { request } = record ?? {};
  const facts = [
    age(crash.time.getTime()),
    request ? `${request.method} ${pathOf(request.url)}` : "",
    crash.dump === undefined ? t("no dump kept") : sizeText(crash.dump.size),
  ];
  const time = crash.time.toLocaleString(vscode.env.language, { dateStyle: "short", timeStyle: "short" });
  const item = row(time, None, crash.dump === undefined ? "circle-slash" : "file-binary");
  item.description = facts.filter(Boolean).join(" · ");
  if (crash.dump !== undefined) item.command = commandOf("debugCrash", node);
  return item;
}

function problemRow(error: unknown, node: Node): vscode.TreeItem {
  const item = row(messageOf(error), None, "error");
  item.command = isAboutCredentials(error)
    ? commandOf("setBucketCredentials")
    : commandOf("refreshCrashes", node);
  return item;
}

/** @param isCut whether there may be more than are listed */
const crashCount = (count: number, isCut: boolean): string =>
  isCut ? t("more than {0} crashes", count) : count === 1 ? t("1 crash") : t("{0} crashes", count);

const age = (time: number): string => ageText(time, Date.now(), vscode.env.language);

/** A request's path and query. */
const pathOf = (url: string): string =>
  URL.canParse(url) ? new URL(url).pathname + new URL(url).search : url;

function about(record: CrashRecord): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendCodeblock(stackText(record), "text");
  if (record.request) text.appendText(`${record.request.method} ${record.request.url}\n`);
  for (const problem of record.problems) text.appendText(`${problem}\n`);
  return text;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const commandOf = (name: string, ...args: unknown[]): vscode.Command => ({
  command: `wasm-postmortem.${name}`,
  title: "",
  arguments: args,
});

/** "Wasm: Fetch Core Dump from R2…": the crashes of a bucket in a list, what crashed last first. */
import * as vscode from "vscode";
import { isObjectAddress, parseObjectAddress } from "../../r2/address";
import type { Bucket } from "../../r2/bucket";
import type { BucketCrashes } from "./bucket-crashes";
import type { BucketSource, Buckets } from "./buckets";
import { newestOf } from "./crashes";
import { ageText, placeText, shortId } from "./texts";
import type { CrashTree } from "./tree";

const { t } = vscode.l10n;

/** Groups that are offered. */
const MOST = 50;

export interface PickedDump {
  readonly bucket: Bucket;
  readonly key: string;
}

interface Item extends vscode.QuickPickItem {
  /** undefined = another one, by its key. */
  readonly key: string | undefined;
}

/** @returns undefined when the user gives up @throws BucketError */
export async function pickCrash(buckets: Buckets, tree: CrashTree): Promise<PickedDump | undefined> {
  const source = await pickSource(buckets);
  if (source === undefined) return undefined;
  const list = await tree.listOf(source);
  const title = t("Fetch Core Dump from {0}", source.name);
  const item = await vscode.window.showQuickPick(itemsOf(list), {
    title,
    placeHolder: t("Crashes, the latest first"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (item === undefined) return undefined;
  const key = item.key ?? (await askForKey(source.name));
  return key === undefined ? undefined : { bucket: list.bucket, key };
}

async function pickSource(buckets: Buckets): Promise<BucketSource | undefined> {
  const { sources, problems } = await buckets.find();
  if (sources.length === 0 && problems.length > 0) throw problems[0];
  if (sources.length <= 1) return sources[0] ?? askForBucket(buckets);
  const items = sources.map((source) => ({ label: source.name, description: source.description, source }));
  const title = t("Which bucket?");
  return (await vscode.window.showQuickPick(items, { title, placeHolder: title }))?.source;
}

/** Where nothing is configured. */
async function askForBucket(buckets: Buckets): Promise<BucketSource | undefined> {
  const name = await vscode.window.showInputBox({
    title: t("Which bucket?"),
    prompt: t(
      "The bucket's name. A wrangler configuration or the setting wasm-postmortem.buckets can name it.",
    ),
  });
  return name === undefined || name.trim() === "" ? undefined : buckets.unconfigured(name.trim());
}

async function itemsOf(list: BucketCrashes): Promise<Item[]> {
  if (list.builds.length === 0) await list.more();
  const groups = list.builds
    .flatMap(({ groups }) => groups)
    .filter(({ crashes }) => crashes.some(({ dump }) => dump !== undefined))
    .sort((a, b) => newestOf(b) - newestOf(a))
    .slice(0, MOST);
  const records = await list.recordsOf(groups.map(({ crashes }) => crashes[0]!));
  const items = groups.map((group, index): Item => {
    const record = records[index];
    const age = ageText(newestOf(group), Date.now(), vscode.env.language);
    const build = group.buildId === undefined ? t("no build id") : shortId(group.buildId);
    return {
      label: record?.reason.title ?? t("Crash {0}", group.fingerprint),
      description: record === undefined ? "" : placeText(record),
      detail: [`${group.crashes.length}×`, age, record?.module ?? "", build].filter(Boolean).join(" · "),
      key: group.crashes.find(({ dump }) => dump !== undefined)!.dump!.key,
    };
  });
  return [...items, { label: `$(key) ${t("Another, by its key…")}`, alwaysShow: true, key: undefined }];
}

/** @returns undefined when the user gives up */
async function askForKey(bucket: string): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: t("Fetch Core Dump from {0}", bucket),
    prompt: t("The dump's key in the bucket, as the service's log has it"),
  });
  const key = text?.trim();
  if (!key) return undefined;
  return isObjectAddress(key) ? parseObjectAddress(key).key : key;
}

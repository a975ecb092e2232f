/**
 * The crashes of a bucket as a list that is read as far as it is looked at: builds, then groups of equal crashes
 * (fingerprints), then crashes. What a listing of keys tells (layout.ts) is known first: how often, when, and whether
 * there is a dump. Records are read for what is on screen.
 */

import type { Bucket, Cancellable, ObjectInfo } from "../../r2/bucket";
import type { CrashKey } from "../../r2/layout";
import { prefixOf, readCrashKey } from "../../r2/layout";

/** One crash: its record and its dump, of which either may be missing. */
export interface Crash extends CrashKey {
  /** What the keys of its files have in common: unique in its bucket. */
  readonly id: string;
  readonly recordKey: string | undefined;
  readonly dump: { readonly key: string; readonly size: number } | undefined;
}

/** Equal crashes. */
export interface CrashGroup {
  readonly buildId: string | undefined;
  readonly fingerprint: string;
  /** The newest first; one at least. */
  readonly crashes: readonly Crash[];
}

/** Joins the files of a listing; keys that are no crash's are passed over. */
export function crashesIn(objects: Iterable<ObjectInfo>): readonly Crash[] {
  const crashes = new Map<string, Crash>();
  for (const { key, size } of objects) {
    const parts = readCrashKey(key);
    if (parts === undefined) continue;
    const { file, ...crash } = parts;
    const id = key.slice(0, key.lastIndexOf("."));
    const { recordKey, dump } = crashes.get(id) ?? {};
    crashes.set(
      id,
      file === "json"
        ? { ...crash, id, recordKey: key, dump }
        : { ...crash, id, recordKey, dump: { key, size } },
    );
  }
  return [...crashes.values()];
}

/** Equal crashes together; the group that crashed last comes first. */
export function groupsOf(crashes: Iterable<Crash>): readonly CrashGroup[] {
  const groups = new Map<string, Crash[]>();
  for (const crash of crashes) {
    const group = groups.get(crash.fingerprint);
    if (group === undefined) groups.set(crash.fingerprint, [crash]);
    else group.push(crash);
  }
  return Array.from(groups.values(), (members): CrashGroup => {
    const sorted = members.sort((a, b) => b.time.getTime() - a.time.getTime());
    return { buildId: sorted[0]!.buildId, fingerprint: sorted[0]!.fingerprint, crashes: sorted };
  }).sort((a, b) => newestOf(b) - newestOf(a));
}

/** Milliseconds of Unix time. */
export const newestOf = ({ crashes }: CrashGroup): number => crashes[0]!.time.getTime();

/** A build's crashes, listed page by page. */
export class BuildCrashes {
  private readonly objects: ObjectInfo[] = [];
  private cursor: string | undefined;
  private state: "unread" | "more" | "complete" = "unread";
  private known: readonly CrashGroup[] = [];

  constructor(
    private readonly bucket: Bucket,
    /** Lower-case hex; undefined for modules without one. */
    readonly buildId: string | undefined,
  ) {}

  /** As far as it is listed: the group that crashed last comes first. */
  get groups(): readonly CrashGroup[] {
    return this.known;
  }

  /** Crashes listed so far. */
  get count(): number {
    return this.known.reduce((sum, { crashes }) => sum + crashes.length, 0);
  }

  /** Milliseconds of Unix time; 0 when nothing is listed. */
  get newest(): number {
    return this.known[0] === undefined ? 0 : newestOf(this.known[0]);
  }

  /** Whether every crash is listed. */
  get isComplete(): boolean {
    return this.state === "complete";
  }

  /** Lists the next page, if there is one. @throws BucketError */
  async more({ signal }: Cancellable = {}): Promise<void> {
    if (this.state === "complete") return;
    const page = await this.bucket.list({ prefix: prefixOf(this.buildId), cursor: this.cursor, signal });
    this.objects.push(...page.objects);
    this.cursor = page.cursor;
    this.state = page.cursor === undefined ? "complete" : "more";
    this.known = groupsOf(crashesIn(this.objects));
  }

  /** Takes crashes off the list that were deleted. */
  drop(ids: ReadonlySet<string>): void {
    const kept = this.objects.filter(({ key }) => !ids.has(key.slice(0, key.lastIndexOf("."))));
    this.objects.splice(0, Number.POSITIVE_INFINITY, ...kept);
    this.known = groupsOf(crashesIn(this.objects));
  }
}

/** A bucket's builds with their crashes, and the records of those that are looked at. */
import type { Bucket, Cancellable } from "../../r2/bucket";
import { BucketError } from "../../r2/errors";
import { besideKey, CRASHES, isBuildId, prefixOf, readCrashKey } from "../../r2/layout";
import { listAll } from "../../r2/listing";
import { readObject } from "../../r2/read-object";
import { type CrashRecord, readRecord } from "../../r2/record";
import { BuildCrashes, type Crash } from "./crashes";

/** Builds whose crashes are listed at once. */
export const BUILDS = 20;
/** Requests at the same time. */
const AT_ONCE = 6;

export class BucketCrashes {
  private readonly known: BuildCrashes[] = [];
  /** Builds that the listing named and that are not looked into yet. */
  private waiting: (string | undefined)[] = [];
  private cursor: string | undefined;
  private isListed = false;
  private readonly records = new Map<string, Promise<CrashRecord | undefined>>();

  constructor(readonly bucket: Bucket) {}

  /** As far as they are listed: the one that crashed last comes first. */
  get builds(): readonly BuildCrashes[] {
    return this.known.filter(({ count }) => count > 0).sort((a, b) => b.newest - a.newest);
  }

  /** Whether every build is listed. */
  get isComplete(): boolean {
    return this.isListed && this.waiting.length === 0;
  }

  /** Lists further builds, each with its first page of crashes. @throws BucketError */
  async more(options: Cancellable = {}): Promise<void> {
    while (this.waiting.length < BUILDS && !this.isListed) {
      const page = await this.bucket.list({
        prefix: CRASHES,
        delimiter: "/",
        cursor: this.cursor,
        ...options,
      });
      this.waiting.push(...page.folders.flatMap(buildOf));
      this.cursor = page.cursor;
      this.isListed = page.cursor === undefined;
    }
    const next = this.waiting.slice(0, BUILDS).map((buildId) => new BuildCrashes(this.bucket, buildId));
    await eachOf(next, (build) => build.more(options));
    this.waiting = this.waiting.slice(BUILDS);
    this.known.push(...next);
  }

  /**
   * A crash's record.
   * @returns undefined when there is none, or one that is not understood
   * @throws BucketError
   */
  async record({ recordKey }: Crash): Promise<CrashRecord | undefined> {
    if (recordKey === undefined) return undefined;
    let reading = this.records.get(recordKey);
    if (reading === undefined) {
      reading = this.readRecord(recordKey);
      this.records.set(recordKey, reading);
      // What failed is asked for again.
      reading.catch(() => this.records.delete(recordKey));
    }
    return reading;
  }

  /** The records of these crashes, in their order. @throws BucketError */
  async recordsOf(crashes: readonly Crash[]): Promise<readonly (CrashRecord | undefined)[]> {
    const records: (CrashRecord | undefined)[] = new Array(crashes.length).fill(undefined);
    await eachOf([...crashes.entries()], async ([index, crash]) => {
      records[index] = await this.record(crash);
    });
    return records;
  }

  /**
   * Deletes crashes with all of their files. A dump goes before its record, so that none is left without one. With the
   * last crash of a group goes what else the service keeps of the group, so that it begins anew with the next one.
   * @throws BucketError; what was deleted before is off the list
   */
  async remove(crashes: readonly Crash[]): Promise<void> {
    const gone = new Set<string>();
    try {
      await eachOf(crashes, async ({ id, recordKey, dump }) => {
        await this.bucket.delete(dump?.key ?? besideKey(recordKey ?? "", "coredump"));
        if (recordKey !== undefined) await this.bucket.delete(recordKey);
        gone.add(id);
      });
      const groups = new Set(crashes.map(({ buildId, fingerprint }) => prefixOf(buildId, fingerprint)));
      await eachOf([...groups], (prefix) => this.clearGroup(prefix));
    } finally {
      for (const build of this.known) build.drop(gone);
    }
  }

  /** Deletes what is left of a group that has no crash any more. */
  private async clearGroup(prefix: string): Promise<void> {
    const left: string[] = [];
    for await (const { objects } of listAll(this.bucket, { prefix })) {
      if (objects.some(({ key }) => readCrashKey(key) !== undefined)) return;
      left.push(...objects.map(({ key }) => key));
    }
    await eachOf(left, (key) => this.bucket.delete(key));
  }

  private async readRecord(key: string): Promise<CrashRecord | undefined> {
    try {
      return readRecord(new TextDecoder().decode(await readObject(this.bucket, key)));
    } catch (error) {
      if (error instanceof BucketError && ["NotFound", "BadAnswer"].includes(error.kind)) return undefined;
      throw error;
    }
  }
}

/** The build of a folder of the listing; none for one that is no build's. */
function buildOf(folder: string): readonly (string | undefined)[] {
  const name = folder.slice(CRASHES.length, -1);
  if (name === "unknown") return [undefined];
  const buildId = name.replaceAll("-", "");
  return isBuildId(buildId) ? [buildId] : [];
}

/** A few at a time; ends when all have, or with the first error. */
async function eachOf<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const work = async (): Promise<void> => {
    for (const item of rest) await action(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
}

/**
 * Objects that were fetched, kept in a folder up to a size. A file's name ends with a hash of where the object lies, its
 * key and its version: no key becomes a path, a new version never meets the file of an old one, and what is here is whole.
 * It begins with the letters and digits of the key's last part, since editors show it as the title of a tab.
 *
 * Beside each file, `<name>.used` says in JSON what it is; when it was last written is when the object was last used.
 */
import type { Bucket, ObjectInfo } from "./bucket";
import { sha256 } from "./digest";
import { type DownloadOptions, download } from "./download";
import { BucketError } from "./errors";
import type { FileStore, StoredFile } from "./file-store";

export interface CacheOptions {
  /** Bytes that are kept. What was not used for longest leaves first; the last object stays, however large it is. */
  readonly limit: number;
  /** What was used so recently, in ms, stays whatever its size: a crash may be open that reads from it. */
  readonly spared?: number;
}

export interface CachedObject {
  /** The file's path or URI, as the store's `pathOf` says it. */
  readonly path: string;
  readonly info: ObjectInfo;
  /** Whether it was here already. */
  readonly known: boolean;
}

const HOUR = 60 * 60 * 1000;

export class ObjectCache {
  constructor(
    private readonly store: FileStore,
    private readonly options: CacheOptions,
  ) {}

  /**
   * The object as it is in the bucket now, as a file. One small request tells whether the file that is here is that.
   * @throws BucketError; the store's errors; the signal's reason
   */
  async fetch(bucket: Bucket, key: string, options: DownloadOptions = {}): Promise<CachedObject> {
    for (let last = false; ; last = true) {
      const info = await bucket.head(key, { signal: options.signal });
      try {
        return await this.take(bucket, info, options);
      } catch (error) {
        // Written anew between the two requests: fetched once more, as the new version.
        if (last || !(error instanceof BucketError && error.kind === "Changed")) throw error;
      }
    }
  }

  /** Removes all files. */
  async clear(): Promise<void> {
    for (const { name } of await this.store.list()) await this.store.remove(name);
  }

  private async take(bucket: Bucket, info: ObjectInfo, options: DownloadOptions): Promise<CachedObject> {
    const name = await fileName(bucket, info);
    const known = (await this.store.stat(name))?.size === info.size;
    if (!known) {
      await this.makeRoom(name, info.size);
      await download(bucket, info, this.store, name, options);
    }
    const { key, etag, size } = info;
    const use = JSON.stringify({ place: bucket.place, bucket: bucket.name, key, etag, size });
    await this.store.write(`${name}.used`, new TextEncoder().encode(use));
    return { path: this.store.pathOf(name), info, known };
  }

  /** Removes what was not used for longest until `size` more bytes fit; never the files of `name`. */
  private async makeRoom(name: string, size: number): Promise<void> {
    const groups = new Map<string, StoredFile[]>();
    for (const file of await this.store.list()) {
      const stem = stemOf(file.name);
      if (stem !== stemOf(name)) groups.set(stem, [...(groups.get(stem) ?? []), file]);
    }
    const entries = Array.from(groups.values(), (files) => ({
      files,
      size: files.reduce((sum, file) => sum + file.size, 0),
      used: Math.max(...files.map(({ modified }) => modified)),
    })).sort((a, b) => a.used - b.used);
    let total = entries.reduce((sum, entry) => sum + entry.size, size);
    const recent = Date.now() - (this.options.spared ?? HOUR);
    for (const entry of entries) {
      if (total <= this.options.limit || entry.used > recent) return;
      for (const file of entry.files) await this.store.remove(file.name);
      total -= entry.size;
    }
  }
}

/** What all files of an object begin with: all that `fileName` puts before the first dot. */
const stemOf = (name: string): string => name.slice(0, name.indexOf("."));

/** Characters of the key that a file's name has at most: as many as a crash's time and ray need. */
const LONGEST_TITLE = 64;

/** 128 bits, in hex: that many tell the objects apart. */
const HASH_DIGITS = 32;

/** `<title>-<hash>.<kind>`. The kind of file is kept, since editors and hosts go by it. */
async function fileName(bucket: Bucket, { key, etag }: ObjectInfo): Promise<string> {
  const hash = (await sha256(JSON.stringify([bucket.place, bucket.name, key, etag]))).slice(0, HASH_DIGITS);
  const kind = /\.(coredump|wasm|json)$/.exec(key)?.[0] ?? "";
  const title = titleOf(key.slice(0, key.length - kind.length));
  return `${title === "" ? "" : `${title}-`}${hash}${kind || ".bin"}`;
}

/** The last part of a key as letters, digits and single `-` between them; empty when it has none of them. */
function titleOf(key: string): string {
  const last = key.slice(key.lastIndexOf("/") + 1);
  const words = last.slice(0, LONGEST_TITLE).split(/[^A-Za-z0-9]+/);
  return words.filter((word) => word !== "").join("-");
}

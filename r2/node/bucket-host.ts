/** Files of this machine, and objects of buckets by their `r2://bucket/key`, which are fetched into the cache first. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { ByteSource } from "../../engine/bytes/source";
import { NodeHost } from "../../host/node";
import { isObjectAddress, parseObjectAddress } from "../address";
import type { Bucket } from "../bucket";
import { ObjectCache } from "../cache";
import { BucketError } from "../errors";
import type { BucketChoice } from "./bucket-choice";
import { NodeFileStore } from "./file-store";
import { type OpenedBucket, openBucket, type Surroundings } from "./open-bucket";

/** Bytes of the cache that command lines share. */
const LIMIT = 2 * 1024 ** 3;

/** The cache in the folder that the system has for caches. */
export function userCache({ variables }: Pick<Surroundings, "variables">): ObjectCache {
  const folders: Partial<Record<NodeJS.Platform, string | undefined>> = {
    darwin: join(homedir(), "Library", "Caches"),
    win32: variables["LOCALAPPDATA"],
  };
  const caches = variables["XDG_CACHE_HOME"] || folders[process.platform] || join(homedir(), ".cache");
  return new ObjectCache(new NodeFileStore(join(caches, "wasm-postmortem", "r2")), { limit: LIMIT });
}

export class BucketHost extends NodeHost {
  private readonly buckets = new Map<string, Promise<OpenedBucket>>();
  private readonly cache: ObjectCache;

  /** @param choice where the buckets are that addresses name */
  constructor(
    private readonly surroundings: Surroundings,
    private readonly choice: Omit<BucketChoice, "bucket"> = {},
  ) {
    super();
    this.cache = userCache(surroundings);
  }

  /** @throws BucketError besides what a file's opening throws */
  override async open(path: string): Promise<ByteSource> {
    if (!isObjectAddress(path)) return super.open(path);
    const { bucket, key } = parseObjectAddress(path);
    const { signal } = this.surroundings;
    const fetched = await this.cache.fetch(await this.bucket(bucket), key, { signal });
    return super.open(fetched.path);
  }

  override async exists(path: string): Promise<boolean> {
    if (!isObjectAddress(path)) return super.exists(path);
    const { bucket, key } = parseObjectAddress(path);
    try {
      await (await this.bucket(bucket)).head(key, { signal: this.surroundings.signal });
      return true;
    } catch (error) {
      if (error instanceof BucketError && error.kind === "NotFound") return false;
      throw error;
    }
  }

  override close(): void {
    super.close();
    // What could not be opened has nothing to close.
    for (const opening of this.buckets.values()) opening.then(({ close }) => close()).catch(() => undefined);
    this.buckets.clear();
  }

  private async bucket(name: string): Promise<Bucket> {
    let opening = this.buckets.get(name);
    if (opening === undefined) {
      opening = openBucket({ ...this.choice, bucket: name }, this.surroundings);
      this.buckets.set(name, opening);
    }
    return (await opening).bucket;
  }
}

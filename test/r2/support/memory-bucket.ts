/** A bucket in memory, for tests of what is done with objects rather than of how they come. */
import { createHash } from "node:crypto";
import type { Bucket, GetOptions, ListPage, ObjectBody, ObjectInfo } from "../../../r2/bucket";
import { notFound } from "../../../r2/errors";

export class MemoryBucket implements Bucket {
  readonly place = "memory";
  readonly objects = new Map<string, Uint8Array>();
  /** Keys that were read, oldest first. */
  readonly reads: string[] = [];

  constructor(readonly name = "dumps") {}

  async list(): Promise<ListPage> {
    return { objects: [...this.objects.keys()].map((key) => this.info(key)), folders: [] };
  }

  async head(key: string): Promise<ObjectInfo> {
    return this.info(key);
  }

  async get(key: string, { range }: GetOptions = {}): Promise<ObjectBody> {
    const info = this.info(key);
    this.reads.push(key);
    const offset = range?.offset ?? 0;
    const bytes = this.objects.get(key)!.subarray(offset, offset + (range?.length ?? info.size));
    const chunks = (async function* () {
      yield bytes;
    })();
    return { info, offset, length: bytes.length, chunks };
  }

  async put(key: string, body: Uint8Array | Blob): Promise<void> {
    this.objects.set(key, body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body);
  }

  async delete(key: string): Promise<void> {
    this.objects.delete(key);
  }

  private info(key: string): ObjectInfo {
    const bytes = this.objects.get(key);
    if (bytes === undefined) throw notFound(this, key);
    const etag = createHash("md5").update(bytes).digest("hex");
    return { key, size: bytes.length, etag, modified: new Date(0) };
  }
}

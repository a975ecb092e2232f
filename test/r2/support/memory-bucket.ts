/** A bucket in memory that lists as R2 does, counts what it is asked, and fails when told to. */
import type * as r2 from "../../../r2/bucket";
import { changed, notFound } from "../../../r2/errors";
import { etagOf } from "./s3-fake";

export class MemoryBucket implements r2.Bucket {
  readonly place = "memory";
  readonly objects = new Map<string, Uint8Array>();
  readonly requests = { list: 0, get: 0 };
  /** Keys that were read, oldest first. */
  readonly reads: string[] = [];
  /** What every request fails with. */
  failure: Error | undefined;
  private readonly page: number;

  /** @param options `page`: keys and folders in a page */
  constructor(
    readonly name = "dumps",
    { page = 1000 }: { readonly page?: number } = {},
  ) {
    this.page = page;
  }

  set(key: string, content: string): void {
    this.objects.set(key, new TextEncoder().encode(content));
  }

  get keys(): readonly string[] {
    return [...this.objects.keys()].sort();
  }

  async list({ prefix = "", delimiter, cursor = "" }: r2.ListOptions = {}): Promise<r2.ListPage> {
    this.requests.list++;
    this.fail();
    const names = new Set<string>();
    for (const key of this.keys) {
      if (!key.startsWith(prefix)) continue;
      const cut = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
      names.add(cut < 0 ? key : key.slice(0, cut + 1));
    }
    const rest = [...names].filter((name) => name > cursor);
    const page = rest.slice(0, this.page);
    return {
      objects: page.filter((name) => this.objects.has(name)).map((key) => this.info(key)),
      folders: page.filter((name) => !this.objects.has(name)),
      cursor: page.length < rest.length ? page.at(-1) : undefined,
    };
  }

  async head(key: string): Promise<r2.ObjectInfo> {
    this.fail();
    return this.info(key);
  }

  async get(key: string, { range, ifMatch }: r2.GetOptions = {}): Promise<r2.ObjectBody> {
    this.requests.get++;
    this.fail();
    const info = this.info(key);
    if (ifMatch !== undefined && ifMatch !== info.etag) throw changed(this, key);
    this.reads.push(key);
    const offset = range?.offset ?? 0;
    const bytes = this.objects.get(key)!.subarray(offset, offset + (range?.length ?? info.size));
    const chunks = (async function* () {
      yield bytes;
    })();
    return { info, offset, length: bytes.length, chunks };
  }

  async put(key: string, body: Uint8Array | Blob): Promise<void> {
    this.fail();
    this.objects.set(key, body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body);
  }

  async delete(key: string): Promise<void> {
    this.fail();
    this.objects.delete(key);
  }

  private info(key: string): r2.ObjectInfo {
    const bytes = this.objects.get(key);
    if (bytes === undefined) throw notFound(this, key);
    return { key, size: bytes.length, etag: etagOf(bytes), modified: new Date(0) };
  }

  private fail(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

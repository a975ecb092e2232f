/** A bucket in memory that lists as R2 does, counts what it is asked, and fails when told to. */
import type { Bucket, GetOptions, ListOptions, ListPage, ObjectBody, ObjectInfo } from "../../../r2/bucket";
import { notFound } from "../../../r2/errors";

export class MemoryBucket implements Bucket {
  readonly name = "crashes";
  readonly place = "memory";
  readonly requests = { list: 0, get: 0 };
  /** What every request fails with. */
  failure: Error | undefined;
  private readonly objects = new Map<string, Uint8Array>();

  /** @param options `page`: keys and folders in a page */
  constructor(private readonly options: { readonly page?: number } = {}) {}

  set(key: string, content: string): void {
    this.objects.set(key, new TextEncoder().encode(content));
  }

  get keys(): readonly string[] {
    return [...this.objects.keys()].sort();
  }

  async list({ prefix = "", delimiter, cursor = "" }: ListOptions = {}): Promise<ListPage> {
    this.requests.list++;
    this.fail();
    const names = new Set<string>();
    for (const key of this.keys) {
      if (!key.startsWith(prefix)) continue;
      const cut = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
      names.add(cut < 0 ? key : key.slice(0, cut + 1));
    }
    const rest = [...names].filter((name) => name > cursor);
    const page = rest.slice(0, this.options.page ?? 1000);
    return {
      objects: page.filter((name) => this.objects.has(name)).map((key) => this.infoOf(key)),
      folders: page.filter((name) => !this.objects.has(name)),
      cursor: page.length < rest.length ? page.at(-1) : undefined,
    };
  }

  async head(key: string): Promise<ObjectInfo> {
    this.fail();
    return this.infoOf(key);
  }

  async get(key: string, { range }: GetOptions = {}): Promise<ObjectBody> {
    this.requests.get++;
    this.fail();
    const info = this.infoOf(key);
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

  private infoOf(key: string): ObjectInfo {
    const bytes = this.objects.get(key);
    if (bytes === undefined) throw notFound(this, key);
    return { key, size: bytes.length, etag: `${bytes.length}-${key}`, modified: new Date(0) };
  }

  private fail(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

/** A bucket of the local state, through the Worker that has it bound (local-worker.ts). */
import type * as r2 from "../bucket";
import { asBlob } from "../chunks";
import { type BucketError, changed, errorOfStatus } from "../errors";
import { noBytes, objectBody } from "../object-body";
import { Transport } from "../transport";
import type { LocalServer } from "./local-process";
import { SECRET_HEADER } from "./local-worker";

export class LocalBucket implements r2.Bucket {
  private readonly transport: Transport;

  constructor(
    readonly name: string,
    readonly place: string,
    private readonly binding: string,
    private readonly server: LocalServer,
  ) {
    this.transport = new Transport(this, { retries: 0 });
  }

  async list({ prefix, delimiter, cursor, limit = 1000, signal }: r2.ListOptions = {}): Promise<r2.ListPage> {
    const question = { prefix: prefix ?? "", limit: String(limit), delimiter, cursor };
    const page = (await this.json("list", question, { signal })) as LocalPage;
    return { ...page, objects: page.objects.map(withTime) };
  }

  async head(key: string, { signal }: r2.Cancellable = {}): Promise<r2.ObjectInfo> {
    return withTime((await this.json("head", { key }, { signal })) as LocalObject);
  }

  async get(key: string, options: r2.GetOptions = {}): Promise<r2.ObjectBody> {
    const { range, ifMatch, signal } = options;
    const info = await this.head(key, { signal });
    if (ifMatch !== undefined && ifMatch !== info.etag) throw changed(this, key);
    const offset = Math.min(range?.offset ?? 0, info.size);
    const length = Math.min(range?.length ?? info.size, info.size - offset);
    if (length === 0) return noBytes(info);
    const question = { key, offset: String(offset), length: String(length), etag: info.etag };
    const exchange = await this.transport.send(() => this.request("get", question), { signal });
    if (exchange.response.status !== 206) throw this.errorOf(exchange.response.status, key);
    return objectBody(this, key, exchange, options);
  }

  async put(key: string, body: r2.Content, options: r2.PutOptions = {}): Promise<void> {
    const question = { key, type: options.contentType ?? "application/octet-stream" };
    await this.text("put", question, options, asBlob(body));
  }

  async delete(key: string, options: r2.Cancellable = {}): Promise<void> {
    await this.text("delete", { key }, options);
  }

  private request(verb: string, question: Question, body?: Blob): Request {
    const search = new URLSearchParams({ bucket: this.binding, verb });
    for (const [name, value] of Object.entries(question)) if (value !== undefined) search.set(name, value);
    return new Request(`${this.server.url}?${search}`, {
      headers: { [SECRET_HEADER]: this.server.secret },
      ...(body === undefined ? {} : { method: "PUT", body }),
    });
  }

  private async json(verb: string, question: Question, options: r2.Cancellable): Promise<unknown> {
    return JSON.parse(await this.text(verb, question, options));
  }

  private async text(
    verb: string,
    question: Question,
    { signal }: r2.Cancellable,
    body?: Blob,
  ): Promise<string> {
    const make = (): Request => this.request(verb, question, body);
    const { response, text } = await this.transport.ask(make, { signal, body });
    if (!response.ok) throw this.errorOf(response.status, question["key"] ?? "");
    return text;
  }

  private errorOf(status: number, key: string): BucketError {
    return errorOfStatus(this, key, status, `wrangler's miniflare answers with status ${status}`);
  }
}

type Question = Readonly<Record<string, string | undefined>>;
type LocalObject = Omit<r2.ObjectInfo, "modified"> & { readonly modified: string };
type LocalPage = Omit<r2.ListPage, "objects"> & { readonly objects: readonly LocalObject[] };

const withTime = (object: LocalObject): r2.ObjectInfo => ({ ...object, modified: new Date(object.modified) });

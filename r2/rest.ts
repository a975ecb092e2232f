/** A bucket over Cloudflare's REST API, for who is logged in by `wrangler login` and has no keys of the S3 API. */
import type { BucketAddress } from "./address";
import type * as r2 from "./bucket";
import { asBlob } from "./chunks";
import { type ApiOptions, CLOUDFLARE_API, type Envelope, isTable, readEnvelope } from "./cloudflare-api";
import { BucketError, badAnswer, changed, notFound } from "./errors";
import { encoded, keyPath } from "./keys";
import { etagOf, noBytes, objectBody, timeOf } from "./object-body";
import { Transport } from "./transport";

/** With it, what a data catalog keeps in the bucket is neither replaced nor deleted. */
const CHECKED = { "cf-r2-data-catalog-check": "true" };

export interface RestOptions extends ApiOptions {
  /** The login anew, when the API no longer accepts the one that was given: it lasts for an hour. */
  readonly renew?: (() => Promise<string | undefined>) | undefined;
}

export class RestBucket implements r2.Bucket {
  readonly name: string;
  readonly place: string;
  private readonly url: string;
  private readonly jurisdiction: string | undefined;
  private readonly renew: RestOptions["renew"];
  private readonly transport: Transport;

  /** @throws BucketError BadAddress when the account is not known */
  constructor(
    { name, accountId, jurisdiction }: BucketAddress,
    private token: string,
    { api = CLOUDFLARE_API, renew, ...patience }: RestOptions = {},
  ) {
    if (accountId === undefined)
      throw new BucketError(
        "BadAddress",
        `The account of bucket ${name} is not known: set CLOUDFLARE_ACCOUNT_ID, or account_id in wrangler's configuration.`,
      );
    this.name = name;
    this.place = new URL(api).host;
    this.url = `${api}/accounts/${encoded(accountId)}/r2/buckets/${encoded(name)}/objects`;
    this.jurisdiction = jurisdiction;
    this.renew = renew;
    this.transport = new Transport(this, patience);
  }

  async list({ prefix, delimiter, cursor, limit, signal }: r2.ListOptions = {}): Promise<r2.ListPage> {
    const query = new URLSearchParams({ per_page: String(limit ?? 1000) });
    if (prefix) query.set("prefix", prefix);
    if (delimiter) query.set("delimiter", delimiter);
    if (cursor !== undefined) query.set("cursor", cursor);
    const { result, info } = await this.ask(`?${query}`, "", { signal });
    if (!Array.isArray(result)) throw badAnswer(this, "the listing is no list");
    const folders = info["delimited"] ?? [];
    if (!Array.isArray(folders) || !folders.every((folder) => typeof folder === "string"))
      throw badAnswer(this, "the listing's folders are no list of texts");
    const next = info["cursor"];
    return {
      objects: result.map((item) => this.objectOf(item)),
      folders,
      // A flag, or its name.
      cursor:
        typeof next === "string" && next !== "" && String(info["is_truncated"]) !== "false"
          ? next
          : undefined,
    };
  }

  /** The API has no HEAD: of the keys that begin so, the key itself is the first. */
  async head(key: string, { signal }: r2.Cancellable = {}): Promise<r2.ObjectInfo> {
    keyPath(key);
    const { objects } = await this.list({ prefix: key, limit: 1, signal });
    const [first] = objects;
    if (first?.key !== key) throw notFound(this, key);
    return first;
  }

  async get(key: string, options: r2.GetOptions = {}): Promise<r2.ObjectBody> {
    const { range, ifMatch, signal } = options;
    const info = await this.head(key, { signal });
    if (ifMatch !== undefined && info.etag !== ifMatch) throw changed(this, key);
    const offset = range?.offset ?? 0;
    if (offset > 0 && offset >= info.size) return noBytes(info);
    const last = range?.length === undefined ? "" : offset + range.length - 1;
    const headers = range === undefined ? {} : { range: `bytes=${offset}-${last}` };
    const make = (): Request => this.request(`/${keyPath(key)}`, { headers });
    const exchange = await this.transport.send(make, { signal });
    const { response } = exchange;
    if (!response.ok) readEnvelope(this, key, response.status, await exchange.text());
    const body = objectBody(this, key, exchange, { ...options, ifMatch: info.etag }, info);
    return response.headers.has("etag")
      ? body
      : { ...body, chunks: this.ofOneVersion(body.chunks, info, options) };
  }

  /** The chunks; asks at their end whether the object still is what it was, which the response does not say. */
  private async *ofOneVersion(
    chunks: AsyncIterable<Uint8Array>,
    { key, etag }: r2.ObjectInfo,
    { signal }: r2.Cancellable,
  ): AsyncGenerator<Uint8Array> {
    yield* chunks;
    if ((await this.head(key, { signal })).etag !== etag) throw changed(this, key);
  }

  async put(key: string, body: r2.Content, options: r2.PutOptions = {}): Promise<void> {
    const headers = { ...CHECKED, "content-type": options.contentType ?? "application/octet-stream" };
    const init = { method: "PUT", body: asBlob(body), headers };
    await this.ask(`/${keyPath(key)}`, key, options, init);
  }

  async delete(key: string, options: r2.Cancellable = {}): Promise<void> {
    try {
      await this.ask(`/${keyPath(key)}`, key, options, { method: "DELETE", headers: CHECKED });
    } catch (error) {
      if (!(error instanceof BucketError && error.kind === "NotFound")) throw error;
    }
  }

  private request(path: string, init: RequestInit): Request {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${this.token}`);
    if (this.jurisdiction !== undefined) headers.set("cf-r2-jurisdiction", this.jurisdiction);
    return new Request(`${this.url}${path}`, { ...init, headers });
  }

  private async ask(
    path: string,
    key: string,
    { signal }: r2.Cancellable,
    init: RequestInit = {},
  ): Promise<Envelope> {
    const body = init.body instanceof Blob ? init.body : undefined;
    const once = async (): Promise<Envelope> => {
      const { response, text } = await this.transport.ask(() => this.request(path, init), { signal, body });
      return readEnvelope(this, key, response.status, text);
    };
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof BucketError && error.kind === "WrongCredentials")) throw error;
      const token = await this.renew?.();
      if (token === undefined || token === this.token) throw error;
      this.token = token;
      return once();
    }
  }

  private objectOf(item: unknown): r2.ObjectInfo {
    if (!isTable(item)) throw badAnswer(this, "an object of the listing is none");
    const { key, size, etag, last_modified: modified } = item;
    if (typeof key !== "string") throw badAnswer(this, "an object has no key");
    if (!Number.isSafeInteger(size) || (size as number) < 0)
      throw badAnswer(this, `the size of ${key} is no number`);
    return {
      key,
      size: size as number,
      etag: etagOf(this, typeof etag === "string" ? etag : undefined),
      modified: timeOf(this, typeof modified === "string" ? modified : undefined),
    };
  }
}

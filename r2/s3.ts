/** A bucket over R2's S3 API, requests signed by SigV4 (aws4fetch). */
import { AwsClient } from "aws4fetch";
import type { BucketAddress, Credentials } from "./address";
import type * as r2 from "./bucket";
import { asBlob } from "./chunks";
import { sha256 } from "./digest";
import { BucketError, badAnswer, changed } from "./errors";
import { encoded, keyPath } from "./keys";
import { infoOf, noBytes, objectBody, wholeSize } from "./object-body";
import { errorOf, readListing } from "./s3-answers";
import { type Exchange, Transport, type TransportOptions } from "./transport";

/** Keys of the S3 API. */
export type AccessKeys = Omit<Extract<Credentials, { kind: "keys" }>, "kind">;

/**
 * The endpoint of an account's buckets in a jurisdiction, or the one that the address names.
 * @throws BucketError BadAddress
 */
export function endpointOf({ name, accountId, jurisdiction, endpoint }: BucketAddress): string {
  if (endpoint !== undefined) {
    if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
      throw new BucketError(
        "BadAddress",
        `The endpoint ${endpoint} is no URL: write https://host or http://host:port/path.`,
      );
    return endpoint.replace(/\/+$/, "");
  }
  if (accountId === undefined || !/^[0-9a-f]{32}$/i.test(accountId))
    throw new BucketError(
      "BadAddress",
      `The account of bucket ${name} is ${accountId === undefined ? "not known" : "no account id (32 hex digits)"}: set CLOUDFLARE_ACCOUNT_ID, or account_id in wrangler's configuration.`,
    );
  return `https://${accountId}${jurisdiction === undefined ? "" : `.${jurisdiction}`}.r2.cloudflarestorage.com`;
}

export class S3Bucket implements r2.Bucket {
  readonly name: string;
  readonly place: string;
  private readonly url: string;
  private readonly signer: AwsClient;
  private readonly transport: Transport;

  /** @throws BucketError BadAddress */
  constructor(address: BucketAddress, keys: AccessKeys, options?: TransportOptions) {
    const endpoint = endpointOf(address);
    this.name = address.name;
    this.place = new URL(endpoint).host;
    this.url = `${endpoint}/${encoded(address.name)}`;
    this.signer = new AwsClient({
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      ...(keys.sessionToken === undefined ? {} : { sessionToken: keys.sessionToken }),
      service: "s3",
      region: "auto",
    });
    this.transport = new Transport(this, options);
  }

  async list({ prefix, delimiter, cursor, limit, signal }: r2.ListOptions = {}): Promise<r2.ListPage> {
    const query = new Map([
      ["list-type", "2"],
      // Keys may have characters that no XML can carry.
      ["encoding-type", "url"],
      ["max-keys", String(limit ?? 1000)],
    ]);
    if (prefix) query.set("prefix", prefix);
    if (delimiter) query.set("delimiter", delimiter);
    if (cursor !== undefined) query.set("continuation-token", cursor);
    const search = Array.from(query, ([name, value]) => `${name}=${encoded(value)}`).join("&");
    const make = (): Promise<Request> => this.signer.sign(`${this.url}?${search}`);
    const { response, text } = await this.transport.ask(make, { signal });
    if (!response.ok) throw errorOf(this, "", response.status, text);
    return readListing(this, text);
  }

  async head(key: string, options: r2.Cancellable = {}): Promise<r2.ObjectInfo> {
    const { exchange, response } = await this.request("HEAD", key, {}, options);
    exchange.end();
    if (response.ok) return infoOf(this, key, response.headers, wholeSize(this, response.headers));
    // The answer to a HEAD has a status alone; a listing's says what is behind it.
    await this.list({ limit: 1, ...options });
    throw errorOf(this, key, response.status, "");
  }

  async get(key: string, options: r2.GetOptions = {}): Promise<r2.ObjectBody> {
    const { range, ifMatch } = options;
    const headers: Record<string, string> = {};
    if (range !== undefined)
      headers["range"] =
        `bytes=${range.offset}-${range.length === undefined ? "" : range.offset + range.length - 1}`;
    if (ifMatch !== undefined) headers["if-match"] = `"${ifMatch}"`;
    const { exchange, response } = await this.request("GET", key, { headers }, options);
    if (response.status === 416) {
      exchange.end();
      return this.nothingOf(key, options);
    }
    if (!response.ok) throw errorOf(this, key, response.status, await exchange.text());
    return objectBody(this, key, exchange, options);
  }

  async put(key: string, body: r2.Content, options: r2.PutOptions = {}): Promise<void> {
    const headers: Record<string, string> = {
      "content-type": options.contentType ?? "application/octet-stream",
    };
    // So that bytes which changed on their way are refused.
    if (body instanceof Uint8Array) headers["x-amz-content-sha256"] = await sha256(body);
    await this.finish(await this.request("PUT", key, { body: asBlob(body), headers }, options), key);
  }

  async delete(key: string, options: r2.Cancellable = {}): Promise<void> {
    await this.finish(await this.request("DELETE", key, {}, options), key);
  }

  private async request(
    method: string,
    key: string,
    init: { headers?: Record<string, string>; body?: Blob },
    options: r2.Cancellable,
  ): Promise<{ exchange: Exchange; response: Response }> {
    const url = `${this.url}/${keyPath(key)}`;
    const { signal } = options;
    const make = (): Promise<Request> => this.signer.sign(url, { method, ...init });
    const exchange = await this.transport.send(make, { signal, body: init.body });
    return { exchange, response: exchange.response };
  }

  /** The end of a request whose answer carries nothing. */
  private async finish(
    { exchange, response }: { exchange: Exchange; response: Response },
    key: string,
  ): Promise<void> {
    const text = await exchange.text();
    if (!response.ok) throw errorOf(this, key, response.status, text);
  }

  /** No byte of the object is in the range that was asked for. */
  private async nothingOf(key: string, { range, ifMatch, signal }: r2.GetOptions): Promise<r2.ObjectBody> {
    const info = await this.head(key, { signal });
    if (ifMatch !== undefined && info.etag !== ifMatch) throw changed(this, key);
    if ((range?.offset ?? 0) < info.size) throw badAnswer(this, `the range was refused, and ${key} has it`);
    return noBytes(info);
  }
}

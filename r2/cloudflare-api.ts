/** Cloudflare's REST API as far as R2 needs it: its envelope, its errors, and what it says of a token. */
import type { BucketPlace, Cancellable } from "./bucket";
import { sha256 } from "./digest";
import * as errors from "./errors";
import { encoded } from "./keys";
import type { AccessKeys } from "./s3";
import { Transport, type TransportOptions } from "./transport";

export const CLOUDFLARE_API = "https://api.cloudflare.com/client/v4";

/** How the API is reached. */
export interface ApiOptions extends TransportOptions {
  /** In place of CLOUDFLARE_API, without a slash at the end. */
  readonly api?: string | undefined;
}

/** What every answer comes in. */
export interface Envelope {
  readonly result: unknown;
  readonly info: Readonly<Record<string, unknown>>;
}

/** @throws BucketError for an answer that says no, or is none */
export function readEnvelope(bucket: BucketPlace, key: string, status: number, text: string): Envelope {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (status >= 400) throw errorOf(bucket, key, status, body);
  if (!isTable(body) || body["success"] !== true)
    throw errors.badAnswer(bucket, "it is no answer of Cloudflare's API");
  return { result: body["result"], info: isTable(body["result_info"]) ? body["result_info"] : {} };
}

/** The codes of R2's errors that mean more than their status. */
const NO_SUCH_BUCKET = 10006;
const NO_SUCH_KEY = 10007;
/** The API's own: a header that is no token, and a token that is not known. */
const BAD_TOKEN = [6003, 6111, 9109, 1000, 1001];

function errorOf(bucket: BucketPlace, key: string, status: number, body: unknown): errors.BucketError {
  const listed = isTable(body) && Array.isArray(body["errors"]) ? (body["errors"] as unknown[]) : [];
  const [first] = listed.filter(isTable);
  const code = Number(first?.["code"]);
  const message = first?.["message"];
  const detail = typeof message === "string" ? `${message.replace(/\.$/, "")} (${code})` : `status ${status}`;
  if (code === NO_SUCH_BUCKET) return errors.missingBucket(bucket);
  if (code === NO_SUCH_KEY) return errors.notFound(bucket, key);
  if (BAD_TOKEN.includes(code)) return errors.wrongCredentials(bucket, detail);
  return errors.errorOfStatus(bucket, key, status, detail);
}

/**
 * The S3 API's keys that belong to an API token: its id, and the SHA-256 of its value.
 * @param accountId of a token that is the account's, not a user's
 * @throws BucketError WrongCredentials when the token is not valid
 */
export async function keysOfToken(
  bucket: string,
  token: string,
  accountId: string | undefined,
  options: ApiOptions & Cancellable = {},
): Promise<AccessKeys> {
  const ask = asker(bucket, token, options);
  let verified: Envelope;
  try {
    verified = await ask("/user/tokens/verify");
  } catch (error) {
    if (accountId === undefined || !isRefusal(error)) throw error;
    verified = await ask(`/accounts/${encoded(accountId)}/tokens/verify`);
  }
  const { result } = verified;
  if (!isTable(result) || typeof result["id"] !== "string")
    throw errors.badAnswer(ask.place, "it does not say the id of the token");
  if (result["status"] !== "active")
    throw errors.wrongCredentials(ask.place, `the token is ${String(result["status"])}`);
  return { accessKeyId: result["id"], secretAccessKey: await sha256(token) };
}

/**
 * The account that a token is of, when it is one alone.
 * @throws BucketError BadAddress when there are several, or the token may not say
 */
export async function accountOfToken(
  bucket: string,
  token: string,
  options: ApiOptions & Cancellable = {},
): Promise<string> {
  const { result } = await asker(bucket, token, options)("/accounts");
  const accounts = Array.isArray(result) ? (result as unknown[]).filter(isTable) : [];
  const [only] = accounts;
  if (accounts.length === 1 && typeof only?.["id"] === "string") return only["id"];
  throw new errors.BucketError(
    "BadAddress",
    `The credentials reach ${accounts.length === 0 ? "no account that they may name" : `${accounts.length} accounts`}: set CLOUDFLARE_ACCOUNT_ID, or account_id in wrangler's configuration.`,
  );
}

/** Asks the API about a token. */
function asker(
  bucket: string,
  token: string,
  { api = CLOUDFLARE_API, signal, ...patience }: ApiOptions & Cancellable,
) {
  const place: BucketPlace = { name: bucket, place: new URL(api).host };
  const transport = new Transport(place, patience);
  const ask = async (path: string): Promise<Envelope> => {
    const make = (): Request =>
      new Request(`${api}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const { response, text } = await transport.ask(make, { signal });
    return readEnvelope(place, "", response.status, text);
  };
  return Object.assign(ask, { place });
}

const isRefusal = (error: unknown): boolean =>
  error instanceof errors.BucketError && (error.kind === "WrongCredentials" || error.kind === "NotAllowed");

export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

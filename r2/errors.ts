/**
 * What can go wrong between here and a bucket, in words for the user: what happened, and what he can do. One class with
 * a closed table of kinds, and one function for each, so that all ways to a bucket say the same thing of the same fault.
 */
import type { BucketPlace } from "./bucket";

/** The kinds, each with what it means. */
export const bucketErrorKinds = {
  NoCredentials: "nothing is known that would let us in",
  WrongCredentials: "the server does not accept the credentials",
  NotAllowed: "the credentials are valid but do not reach that far",
  MissingBucket: "there is no such bucket",
  NotFound: "there is no such object",
  Changed: "the object is another version than the one asked for",
  Incomplete: "the bytes ended too early",
  NoNetwork: "the server was not reached",
  Unavailable: "the server was reached and cannot serve now",
  BadAnswer: "the answer is not what the API promises",
  BadAddress: "the address of a bucket or an object is malformed",
  BadConfiguration: "wrangler's configuration cannot be read",
  NoLocalState: "there is no local state of wrangler dev, or nothing here that could read it",
} as const;

export type BucketErrorKind = keyof typeof bucketErrorKinds;

export class BucketError extends Error {
  override readonly name = "BucketError";
  constructor(
    readonly kind: BucketErrorKind,
    /** Full sentences: what happened, and what to do. */
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

const bucketText = ({ name, place }: BucketPlace): string => `bucket ${name} (${place})`;

export const noCredentials = (what: string): BucketError =>
  new BucketError(
    "NoCredentials",
    `There are no credentials for ${what}. Set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of an R2 API token, or log in with \`wrangler login\`.`,
  );

export const wrongCredentials = (bucket: BucketPlace, detail: string): BucketError =>
  new BucketError(
    "WrongCredentials",
    `The credentials for ${bucketText(bucket)} were not accepted: ${detail}. Check the key id and the secret, or the token, and that they are of this account.`,
  );

export const notAllowed = (bucket: BucketPlace, detail: string): BucketError =>
  new BucketError(
    "NotAllowed",
    `Access to ${bucketText(bucket)} was denied: ${detail}. The token needs the permission "Object Read" for this bucket, and "Object Read & Write" to upload or delete.`,
  );

export const missingBucket = (bucket: BucketPlace): BucketError =>
  new BucketError(
    "MissingBucket",
    `There is no ${bucketText(bucket)}. Check its name, the account, and the jurisdiction that it was made in.`,
  );

export const notFound = (bucket: BucketPlace, key: string): BucketError =>
  new BucketError(
    "NotFound",
    `There is no object ${key} in ${bucketText(bucket)}. It may have been deleted, or its lifecycle ended.`,
  );

export const changed = (bucket: BucketPlace, key: string): BucketError =>
  new BucketError(
    "Changed",
    `The object ${key} in ${bucketText(bucket)} was changed while it was read. Fetch it again.`,
  );

export const incomplete = (
  bucket: BucketPlace,
  key: string,
  got: number,
  expected: number,
  cause?: unknown,
): BucketError =>
  new BucketError(
    "Incomplete",
    `The connection to ${bucketText(bucket)} ended after ${got} of ${expected} bytes of ${key}. Fetch it again: what came is kept, and the rest is asked for.`,
    cause,
  );

export const noNetwork = (bucket: BucketPlace, cause: unknown): BucketError =>
  new BucketError(
    "NoNetwork",
    `${bucket.place} was not reached: ${reasonOf(cause)}. Check the network, a proxy, and the endpoint.`,
    cause,
  );

export const unavailable = (bucket: BucketPlace, detail: string): BucketError =>
  new BucketError("Unavailable", `${bucket.place} cannot serve now: ${detail}. Try again in a while.`);

export const badAnswer = (bucket: BucketPlace, problem: string): BucketError =>
  new BucketError(
    "BadAnswer",
    `The answer of ${bucket.place} is not understood: ${problem}. Check that the endpoint is R2's, and that no proxy answers in its place.`,
  );

/** What a status of 400 or more says, where nothing in the answer says more. */
export function errorOfStatus(bucket: BucketPlace, key: string, status: number, detail: string): BucketError {
  if (status === 401) return wrongCredentials(bucket, detail);
  if (status === 403) return notAllowed(bucket, detail);
  if (status === 404) return notFound(bucket, key);
  if (status === 412) return changed(bucket, key);
  if (status === 429 || status >= 500) return unavailable(bucket, detail);
  return badAnswer(bucket, detail);
}

/** The innermost cause says what happened: fetch's own message is "fetch failed" for everything. */
function reasonOf(error: unknown): string {
  let inner = error;
  for (let depth = 0; depth < 8 && inner instanceof Error && inner.cause !== undefined; depth++)
    inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  const { code } = inner as { code?: unknown };
  return inner.message || (typeof code === "string" ? code : inner.name);
}

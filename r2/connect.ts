/** The way to a bucket that fits what lets us in. */
import type { BucketAddress, Credentials } from "./address";
import type { Bucket, Cancellable } from "./bucket";
import { accountOfToken, keysOfToken } from "./cloudflare-api";
import { RestBucket, type RestOptions } from "./rest";
import { endpointOf, S3Bucket } from "./s3";

/**
 * The bucket over the S3 API; over Cloudflare's REST API for the login of wrangler, which has no keys. Keys need no
 * request before the bucket's own; a token is asked for its id, and for its account where none is known.
 * @throws BucketError
 */
export async function connect(
  address: BucketAddress,
  credentials: Credentials,
  options: RestOptions & Cancellable = {},
): Promise<Bucket> {
  const { signal: _, api: __, renew: ___, ...patience } = options;
  if (credentials.kind === "keys") return new S3Bucket(address, credentials, patience);
  const { token } = credentials;
  const known = address.accountId !== undefined || address.endpoint !== undefined;
  const place = known
    ? address
    : { ...address, accountId: await accountOfToken(address.name, token, options) };
  if (credentials.kind === "login") return new RestBucket(place, token, options);
  endpointOf(place);
  return new S3Bucket(place, await keysOfToken(place.name, token, place.accountId, options), patience);
}

/** Where a bucket is and what lets us in, as they are found (config.ts, credentials.ts) and given to `connect`. */
import { BucketError } from "./errors";

/** Where buckets are kept that must not leave a region; without one, the default jurisdiction is meant. */
export const jurisdictions = ["eu", "fedramp"] as const;
export type Jurisdiction = (typeof jurisdictions)[number];

export interface BucketAddress {
  readonly name: string;
  /** The account's id, 32 hex digits. */
  readonly accountId?: string | undefined;
  readonly jurisdiction?: Jurisdiction | undefined;
  /** URL of an S3 endpoint in place of the account's, such as miniflare's `http://…/cdn-cgi/local/r2/s3`. */
  readonly endpoint?: string | undefined;
}

export type Credentials =
  /** Of the S3 API. */
  | {
      readonly kind: "keys";
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string | undefined;
    }
  /** An API token of Cloudflare's, as it is made in the dashboard; the S3 API's keys follow from it. */
  | { readonly kind: "token"; readonly token: string }
  /** What `wrangler login` got, which only Cloudflare's REST API takes. */
  | { readonly kind: "login"; readonly token: string };

/** `r2://bucket/key`. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

const SCHEME = "r2://";

export const isObjectAddress = (text: string): boolean => text.startsWith(SCHEME);

/**
 * The bucket and the key of `r2://bucket/key`. The key is taken as it stands, nothing in it is decoded.
 * @throws BucketError BadAddress
 */
export function parseObjectAddress(text: string): ObjectAddress {
  const match = /^r2:\/\/([^/]*)\/(.+)$/s.exec(text);
  if (match === null || !isBucketName(match[1]!))
    throw new BucketError("BadAddress", `${text} is no object of R2: write r2://bucket/key.`);
  return { bucket: match[1]!, key: match[2]! };
}

export const formatObjectAddress = ({ bucket, key }: ObjectAddress): string => `${SCHEME}${bucket}/${key}`;

/** R2's rule for names: 3 to 63 lower-case letters, digits and hyphens, none of these at an end. */
export const isBucketName = (name: string): boolean => /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name);

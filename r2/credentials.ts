/** What lets us into a bucket, as the environment's variables say it. */
import type { Credentials } from "./address";

/** Variables of an environment, by their names. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface FoundAccess {
  readonly credentials: Credentials | undefined;
  readonly accountId: string | undefined;
  /** An S3 endpoint in place of the account's. */
  readonly endpoint: string | undefined;
}

/** The variables that are read, in the order of their rank. */
const KEY_PAIRS = [
  ["R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY"],
  ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
] as const;
const TOKENS = ["CLOUDFLARE_API_TOKEN", "CF_API_TOKEN"];
const ACCOUNTS = ["CLOUDFLARE_ACCOUNT_ID", "CF_ACCOUNT_ID", "R2_ACCOUNT_ID"];
const ENDPOINTS = ["R2_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];

/**
 * Keys come before a token: who sets them means objects, while a token may be there for deploying alone. Keys of AWS
 * itself, which have another form than R2's, are passed over unless an endpoint says where they belong.
 */
export function accessFromEnvironment(variables: Variables): FoundAccess {
  const first = (names: readonly string[]): string | undefined =>
    names.map((name) => variables[name]?.trim()).find((value) => value);
  const endpoint = first(ENDPOINTS);
  const accountId = first(ACCOUNTS);
  for (const [idName, secretName] of KEY_PAIRS) {
    const accessKeyId = first([idName]);
    const secretAccessKey = first([secretName]);
    if (accessKeyId === undefined || secretAccessKey === undefined) continue;
    if (!/^[0-9a-f]{32}$/i.test(accessKeyId) && endpoint === undefined) continue;
    const sessionToken = idName.startsWith("AWS") ? first(["AWS_SESSION_TOKEN"]) : undefined;
    const credentials = { kind: "keys", accessKeyId, secretAccessKey, sessionToken } as const;
    return { credentials, accountId, endpoint };
  }
  const token = first(TOKENS);
  return { credentials: token === undefined ? undefined : { kind: "token", token }, accountId, endpoint };
}

/**
 * What `wrangler auth token --json` prints.
 * @returns undefined for anything else, and for an API key, which R2 does not take
 */
export function credentialsOfWrangler(output: string): Credentials | undefined {
  let printed: unknown;
  try {
    printed = JSON.parse(output);
  } catch {
    return undefined;
  }
  const { type, token } = (printed ?? {}) as { type?: unknown; token?: unknown };
  if (typeof token !== "string" || token === "") return undefined;
  if (type === "oauth") return { kind: "login", token };
  return type === "api_token" ? { kind: "token", token } : undefined;
}

/** The link to a dump: `vscode://wasm-postmortem.wasm-postmortem/open?bucket=NAME&key=KEY`, as in logs and in Sentry. */
import { isBucketName, type ObjectAddress } from "../../r2/address";

/** Bytes of the longest key in R2. */
const LONGEST_KEY = 1024;

/**
 * What a link asks for; undefined for one that is none of ours. A link can come from anywhere: nothing of it becomes a
 * path, a host or an account.
 * @param query without the question mark, its escapes as they are
 */
export function readLink(path: string, query: string): ObjectAddress | undefined {
  if (path !== "/open") return undefined;
  const given = new URLSearchParams(query);
  const [bucket, key] = [given.get("bucket"), given.get("key")];
  if (bucket === null || key === null || !isBucketName(bucket)) return undefined;
  const length = new TextEncoder().encode(key).length;
  return length === 0 || length > LONGEST_KEY ? undefined : { bucket, key };
}

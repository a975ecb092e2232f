/** Keys as paths of URLs. */
import { BucketError } from "./errors";

/** Bytes of UTF-8 in R2's longest key. */
const LONGEST = 1024;

/**
 * A key as the end of a URL's path: each part percent-encoded by RFC 3986, as SigV4 wants it signed.
 * @throws BucketError BadAddress for a key that no URL can name: those with a part `.` or `..` would lead elsewhere
 */
export function keyPath(key: string): string {
  const parts = key.split("/");
  const wellFormed = !/\p{Surrogate}/u.test(key);
  if (key === "" || !wellFormed || new TextEncoder().encode(key).length > LONGEST)
    throw new BucketError("BadAddress", `A key of R2 has 1 to ${LONGEST} bytes of UTF-8; this one has not.`);
  if (parts.some((part) => part === "." || part === ".."))
    throw new BucketError(
      "BadAddress",
      `The key ${key} has a part "." or "..", which URLs take for folders: rename the object.`,
    );
  return parts.map(encoded).join("/");
}

/** Percent-encodes all but the unreserved characters of RFC 3986 §2.3. */
export const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

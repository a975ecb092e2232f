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

/** Names that Windows takes for devices, whatever ending they have. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Characters of a file's name that every file system takes, an ending such as `.part` included. */
const LONGEST_NAME = 200;

/** The key's last part as the name of a file: nothing in it leads elsewhere, and every file system takes it. */
export function fileNameOf(key: string): string {
  const last = key
    .slice(key.lastIndexOf("/") + 1)
    .replace(/[^\w.-]+/g, "_")
    .replace(/[.]+$/, "");
  const ending = /\.\w{1,16}$/.exec(last)?.[0] ?? "";
  const name = last.slice(0, last.length - ending.length).slice(0, LONGEST_NAME - ending.length) + ending;
  if (name === "") return "object";
  return DEVICE.test(name) || name.startsWith(".") || name.startsWith("-") ? `_${name}` : name;
}

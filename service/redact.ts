/**
 * What is kept of the request that was served when the program crashed: method, URL without its secrets, and the headers
 * of an allow-list. What is not known to be harmless is left out, since a record lies in a bucket for months.
 */
import type { RecordedRequest } from "../r2/record";

const LONGEST_TEXT = 2048;

/**
 * @param given what the program sent, whatever it is
 * @param headers names in lower case of those to keep
 */
export function redacted(given: unknown, headers: ReadonlySet<string>): RecordedRequest | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { method, url, headers: sent } = given as Readonly<Record<string, unknown>>;
  if (typeof method !== "string" || typeof url !== "string") return undefined;
  return {
    method: method.slice(0, 32),
    url: withoutSecrets(url),
    headers: Object.fromEntries(
      headersOf(sent)
        .map(([name, value]) => [name.toLowerCase(), value.slice(0, LONGEST_TEXT)] as const)
        .filter(([name]) => headers.has(name)),
    ),
  };
}

/** The names of the query's parameters stay, their values go: tokens are among them. So do credentials and fragment. */
function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return "";
  const url = new URL(text);
  const names = [...new Set(url.searchParams.keys())].map((name) => `${encodeURIComponent(name)}=…`);
  const query = names.length === 0 ? "" : `?${names.join("&")}`;
  return `${url.protocol}//${url.host}${url.pathname}${query}`.slice(0, LONGEST_TEXT);
}

/** Headers as an object, or as the pairs that the original client makes of them. */
function headersOf(given: unknown): readonly (readonly [string, string])[] {
  if (typeof given !== "object" || given === null) return [];
  const pairs: readonly unknown[] = Array.isArray(given) ? given : Object.entries(given);
  return pairs.filter(
    (pair): pair is [string, string] =>
      Array.isArray(pair) && typeof pair[0] === "string" && typeof pair[1] === "string",
  );
}

/**
 * A file over HTTP in ranges (RFC 9110 §14): the editor's file systems give whole files alone, but where one is a
 * server's, as the files of an extension in a browser are, the server itself may give parts.
 */
import { RemoteSource } from "../engine/bytes/remote-source";
import { HostError } from "../host/host";

type Fetch = (url: string, init: { headers: Record<string, string> }) => Promise<Response>;

export const isHttp = (path: string): boolean => /^https?:/i.test(path);

/** @returns undefined where the server gives no ranges, no answer, or does not let its headers be seen */
export async function httpSource(
  url: string,
  fetch: Fetch = globalThis.fetch,
): Promise<RemoteSource | undefined> {
  const first = await part(fetch, url, 0, 1).catch(() => undefined);
  if (first === undefined) return undefined;
  const size = Number(/^bytes 0-0\/(\d+)$/.exec(first.headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
  await first.body?.cancel();
  // What is packed on its way has ranges of the packed bytes.
  if (!Number.isSafeInteger(size) || (first.headers.get("content-encoding") ?? "identity") !== "identity")
    return undefined;
  const version = first.headers.get("etag");
  return new RemoteSource(url, size, async (offset, length) => {
    const response = await part(fetch, url, offset, length);
    if (response === undefined || response.headers.get("etag") !== version)
      throw new HostError(`${url} has changed since it was opened.`, url);
    return new Uint8Array(await response.arrayBuffer());
  });
}

/** Bytes of a file; undefined where the server answers with anything else than them. */
async function part(
  fetch: Fetch,
  url: string,
  offset: number,
  length: number,
): Promise<Response | undefined> {
  const response = await fetch(url, { headers: { Range: `bytes=${offset}-${offset + length - 1}` } });
  if (response.status === 206) return response;
  await response.body?.cancel();
  return undefined;
}

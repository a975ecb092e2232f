/** Answers as S3 gives them, for tests of what no real store can be asked for: connections that break, or never end. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export const etagOf = (content: Uint8Array): string => createHash("md5").update(content).digest("hex");

/** A page of a listing. @param inside what `objectXml` and others gave */
export const listingXml = (inside: string, truncated = false): string =>
  `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${truncated}</IsTruncated>${inside}</ListBucketResult>`;

export const objectXml = (key: string, content: Uint8Array = Uint8Array.of(0)): string =>
  `<Contents><Key>${key}</Key><Size>${content.length}</Size><ETag>"${etagOf(content)}"</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`;

export interface Fault {
  /** The version; the content's own, when left out. */
  readonly etag?: string;
  /** No byte of the object from here on is sent. */
  readonly cutAt?: number | undefined;
  /** What happens there: the connection is reset, or stays open for ever. */
  readonly end?: "reset" | "silence";
}

/** The answer to a HEAD or GET of one object, or of what follows a byte of it. */
export function serveObject(
  request: IncomingMessage,
  response: ServerResponse,
  content: Uint8Array,
  { cutAt, end = "reset", etag = etagOf(content) }: Fault = {},
): void {
  const range = /^bytes=(\d+)-/.exec(request.headers.range ?? "");
  const start = Number(range?.[1] ?? 0);
  const wanted = request.headers["if-match"];
  if (wanted !== undefined && wanted !== `"${etag}"`) {
    response.writeHead(412).end("<Error><Code>PreconditionFailed</Code></Error>");
    return;
  }
  response.writeHead(range === null ? 200 : 206, {
    etag: `"${etag}"`,
    "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
    "content-length": content.length - start,
    ...(range && { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` }),
  });
  if (request.method === "HEAD") response.end();
  else if (cutAt === undefined) response.end(content.subarray(start));
  else {
    const cut = (): void => void (end === "reset" && request.socket.destroy());
    // Headers alone are not sent before a byte follows.
    if (start >= cutAt) response.flushHeaders();
    response.write(content.subarray(start, Math.max(start, cutAt)), cut);
  }
}

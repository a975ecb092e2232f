/** An object, or a range of it, out of the response to a GET: what the headers say of it, and its bytes, counted. */
import type { BucketPlace, GetOptions, ObjectBody, ObjectInfo } from "./bucket";
import { badAnswer, changed, incomplete } from "./errors";
import { ConnectionLost, type Exchange } from "./transport";

/**
 * The body of a response with status 200 or 206. A server that gives the whole object where a range was asked for is
 * right by HTTP (RFC 9110 §14.2): what is before the range is read and left out.
 * @param known what another request said of the object, for a server that says nothing of its version here
 * @throws BucketError BadAnswer, Changed
 */
export function objectBody(
  bucket: BucketPlace,
  key: string,
  exchange: Exchange,
  { range, ifMatch }: GetOptions,
  known?: ObjectInfo,
): ObjectBody {
  const { headers, status } = exchange.response;
  const span = status === 206 ? contentRange(bucket, headers) : wholeSpan(bucket, headers);
  const info = known !== undefined && !headers.has("etag") ? known : infoOf(bucket, key, headers, span.total);
  if ((ifMatch !== undefined && info.etag !== ifMatch) || info.size !== span.total) {
    exchange.end();
    throw changed(bucket, key);
  }
  const offset = Math.min(range?.offset ?? 0, info.size);
  const end = Math.min(offset + (range?.length ?? info.size), info.size);
  if (span.start > offset || span.end < end) {
    exchange.end();
    throw badAnswer(bucket, `bytes ${span.start} to ${span.end} of ${key} came, not ${offset} to ${end}`);
  }
  const length = end - offset;
  return { info, offset, length, chunks: counted(bucket, key, exchange, offset - span.start, length) };
}

/** Where no byte of an object is asked for. */
export function noBytes(info: ObjectInfo): ObjectBody {
  return { info, offset: info.size, length: 0, chunks: nothing() };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The facts in the headers of a GET or HEAD. @throws BucketError BadAnswer */
export function infoOf(bucket: BucketPlace, key: string, headers: Headers, size: number): ObjectInfo {
  return {
    key,
    size,
    etag: etagOf(bucket, headers.get("etag")),
    modified: timeOf(bucket, headers.get("last-modified")),
  };
}

/** Bytes of the whole object, where the response carries it. @throws BucketError BadAnswer */
export function wholeSize(bucket: BucketPlace, headers: Headers): number {
  return numberOf(bucket, headers.get("content-length"), "a size");
}

/** The tag without its quotes. @throws BucketError BadAnswer */
export function etagOf(bucket: BucketPlace, text: string | null | undefined): string {
  const tag = /^(?:W\/)?"?([^"]+)"?$/.exec(text ?? "")?.[1];
  if (tag === undefined) throw badAnswer(bucket, "an object has no ETag");
  return tag;
}

/** @throws BucketError BadAnswer */
export function timeOf(bucket: BucketPlace, text: string | null | undefined): Date {
  const time = new Date(text ?? "");
  if (Number.isNaN(time.getTime())) throw badAnswer(bucket, "an object has no time of its last change");
  return time;
}

/** @throws BucketError BadAnswer */
export function numberOf(bucket: BucketPlace, text: string | null | undefined, what: string): number {
  const value = /^\d{1,16}$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw badAnswer(bucket, `${what} is missing, or no number`);
  return value;
}

/** Which bytes of an object came, and how many it has. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly total: number;
}

function wholeSpan(bucket: BucketPlace, headers: Headers): Span {
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    // fetch has undone it already, so neither sizes nor ranges are those of the object.
    throw badAnswer(bucket, `the object is stored with Content-Encoding ${encoding}; store it without`);
  }
  const total = wholeSize(bucket, headers);
  return { start: 0, end: total, total };
}

function contentRange(bucket: BucketPlace, headers: Headers): Span {
  const text = headers.get("content-range") ?? "";
  const numbers = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(text)?.slice(1).map(Number);
  if (numbers === undefined) throw badAnswer(bucket, `Content-Range is ${text || "missing"}`);
  const [start, last, total] = numbers as [number, number, number];
  if (!(start <= last && last < total && Number.isSafeInteger(total)))
    throw badAnswer(bucket, `Content-Range is ${text}`);
  return { start, end: last + 1, total };
}

async function* counted(
  bucket: BucketPlace,
  key: string,
  exchange: Exchange,
  skip: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  let got = 0;
  try {
    if (got === length) return;
    for await (const chunk of exchange.chunks()) {
      const from = Math.min(Math.max(skip - passed, 0), chunk.length);
      const wanted = chunk.subarray(from, from + length - got);
      passed += chunk.length;
      got += wanted.length;
      if (wanted.length > 0) yield wanted;
      if (got === length) return;
    }
  } catch (error) {
    if (error instanceof ConnectionLost) throw incomplete(bucket, key, got, length, error.cause);
    throw error;
  } finally {
    exchange.end();
  }
  throw incomplete(bucket, key, got, length);
}

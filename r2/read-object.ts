/** Objects, or parts of them, in memory: the records beside dumps whole, large files range by range. */
import { RemoteSource } from "../engine/bytes/remote-source";
import { formatObjectAddress } from "./address";
import type { Bucket, Cancellable, ObjectBody, ObjectInfo } from "./bucket";
import { joined } from "./chunks";
import { BucketError } from "./errors";

/**
 * A whole object, which must be a small one.
 * @param largest bytes that are accepted
 * @throws BucketError; BadAnswer when it is larger than that
 */
export async function readObject(
  bucket: Bucket,
  key: string,
  { largest = 1024 * 1024, signal }: Cancellable & { readonly largest?: number } = {},
): Promise<Uint8Array> {
  const body = await bucket.get(key, { range: { offset: 0, length: largest }, signal });
  if (body.info.size > largest)
    throw new BucketError(
      "BadAnswer",
      `The object ${key} in bucket ${bucket.name} has ${body.info.size} bytes, more than the ${largest} that one of its kind can have.`,
    );
  return bytesOf(body);
}

/**
 * An object that is read where it lies, for the engine: only the pages that a question needs are fetched. Every read is
 * of the version that `info` describes.
 */
export function objectSource(bucket: Bucket, info: ObjectInfo, options: Cancellable = {}): RemoteSource {
  const name = formatObjectAddress({ bucket: bucket.name, key: info.key });
  return new RemoteSource(name, info.size, async (offset, length) =>
    bytesOf(await bucket.get(info.key, { ...options, range: { offset, length }, ifMatch: info.etag })),
  );
}

/** All bytes of a body. @throws BucketError Incomplete */
export async function bytesOf({ chunks }: ObjectBody): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
  }
  return parts.length === 1 ? parts[0]! : joined(parts, size);
}

/**
 * Puts a crash into the bucket (r2/layout.ts): its record first, which counts it, then, where it is kept, its dump, and
 * the record again, which says so. Everything is written under keys of its own: a second try writes the same.
 */
import { type CrashKey, crashKey } from "../r2/layout";
import type { RecordedDump } from "../r2/record";
import type { ArrivedDump, ExplainedCrash } from "./crash";
import type { R2Bucket, RateLimit } from "./platform";
import { Spool } from "./receive/spool";
import { recordOf } from "./record";
import { leavePlace, takePlace } from "./sampling";
import type { Settings } from "./settings";

export interface Stored {
  readonly record: string;
  /** Undefined where sampling left it out. */
  readonly dump: RecordedDump | undefined;
  /** The dump as it was stored, where that is small enough to be in memory. */
  readonly packed: Uint8Array | undefined;
  /** How many equal crashes there were before, as far as is known; undefined where the rate limit left it at its record. */
  readonly rank: number | undefined;
}

export async function store(
  crash: ExplainedCrash,
  { sampling, originalKeys }: Settings,
  bucket: R2Bucket,
  rateLimit: RateLimit | undefined,
): Promise<Stored> {
  const { buildId, fingerprint, arrived } = crash;
  const place: CrashKey = { buildId, fingerprint, ...arrived.identity };
  const record = crashKey(place, "json");
  const write = (dump?: RecordedDump) =>
    bucket.put(record, JSON.stringify(recordOf(crash, dump)), {
      httpMetadata: { contentType: "application/json" },
    });
  await write();
  const counted = { record, dump: undefined, packed: undefined };
  const limited = await rateLimit?.limit({ key: `${buildId ?? ""} ${fingerprint}` });
  if (limited?.success === false) return { ...counted, rank: undefined };
  const key = originalKeys ? `coredump.${arrived.identity.time.getTime()}` : crashKey(place, "coredump");
  const hasDump = arrived.again && (await bucket.head(key)) !== null;
  const taken = await takePlace({ record, hasDump }, { buildId, fingerprint }, sampling, bucket);
  if (!taken.kept) return { ...counted, rank: taken.rank };
  try {
    const { dump, packed } = await putPacked(key, arrived.dump, bucket);
    await write(dump);
    return { record, rank: taken.rank, dump, packed };
  } catch (error) {
    if (taken.place !== undefined) await leavePlace(taken.place, bucket);
    throw error;
  }
}

const GZIP = { httpMetadata: { contentType: "application/gzip" } };

/** The dump under its key, packed with gzip. */
async function putPacked(
  key: string,
  dump: ArrivedDump,
  bucket: R2Bucket,
): Promise<{ readonly dump: RecordedDump; readonly packed: Uint8Array | undefined }> {
  const spool = new Spool(bucket, key, GZIP);
  try {
    for await (const chunk of packedChunks(dump.chunks())) await spool.write(chunk);
    const inMemory = await spool.end();
    const packed = inMemory?.read(0, inMemory.size);
    if (packed !== undefined) await bucket.put(key, packed, GZIP);
    return { dump: { key, size: dump.size, storedSize: spool.size }, packed };
  } catch (error) {
    await spool.abort();
    throw error;
  }
}

async function* packedChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const { readable, writable } = new CompressionStream("gzip");
  const feeding = (async () => {
    const writer = writable.getWriter();
    try {
      for await (const chunk of chunks) await writer.write(chunk as Uint8Array<ArrayBuffer>);
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => {});
      throw error;
    }
  })();
  feeding.catch(() => {}); // told by the reader, or below
  const reader = readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    yield value;
  }
  await feeding;
}

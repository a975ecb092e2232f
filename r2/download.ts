/**
 * Fetches a version of an object into a file. What came before the connection failed, or the user cancelled, is kept in
 * a partial file, and the rest is asked for the next time. The file has its name only when it has all of its bytes.
 *
 * Two processes may fetch one version at the same time: each writes the same bytes at the same places.
 */
import type { Bucket, Cancellable, ObjectInfo } from "./bucket";
import { joined } from "./chunks";
import { BucketError, incomplete } from "./errors";
import type { FileStore } from "./file-store";

export interface DownloadOptions extends Cancellable {
  /** Told as bytes come: how many of how many are here, those of an earlier attempt included. */
  readonly onProgress?: ((received: number, total: number) => void) | undefined;
}

/** Bytes that are gathered before they are written. */
const PIECE = 1024 * 1024;

/** Connections that may fail one after the other without bringing a byte. */
const FRUITLESS = 3;

/**
 * @param info the version to fetch, as `head` or a listing gave it
 * @throws BucketError, Changed when the object is another version by now; the store's errors; the signal's reason
 */
export async function download(
  bucket: Bucket,
  info: ObjectInfo,
  store: FileStore,
  name: string,
  options: DownloadOptions = {},
): Promise<void> {
  const part = `${name}.part`;
  let here = (await store.stat(part))?.size ?? 0;
  const resumed = here > 0;
  if (here > info.size) {
    await store.remove(part);
    here = 0;
  }
  for (let fruitless = 0; fruitless < FRUITLESS; ) {
    const before = here;
    const outcome = await fetchRest(bucket, info, store, part, here, options);
    if (outcome.end === "gone") {
      if ((await store.stat(name))?.size === info.size) return;
      await store.remove(part);
      here = 0;
      fruitless++;
      continue;
    }
    here = outcome.here;
    if (outcome.end === "complete") break;
    fruitless = here > before ? 0 : fruitless + 1;
    if (fruitless === FRUITLESS) throw outcome.error;
  }
  const written = (await store.stat(part))?.size ?? 0;
  if (written === info.size && (!resumed || (await isSound(store, part, info)))) {
    if (await store.rename(part, name)) return;
  }
  if ((await store.stat(name))?.size === info.size) return;
  await store.remove(part);
  throw incomplete(bucket, info.key, written, info.size);
}

type Outcome =
  | { readonly end: "complete"; readonly here: number }
  | { readonly end: "lost"; readonly here: number; readonly error: BucketError }
  /** The partial file is no longer there: another process has finished it. */
  | { readonly end: "gone" };

/** Appends what follows the first `here` bytes. */
async function fetchRest(
  bucket: Bucket,
  info: ObjectInfo,
  store: FileStore,
  part: string,
  here: number,
  { signal, onProgress }: DownloadOptions,
): Promise<Outcome> {
  let at = here;
  let gathered: Uint8Array[] = [];
  let waiting = 0;
  const flush = async (): Promise<boolean> => {
    const bytes = joined(gathered, waiting);
    if (bytes.length === 0 && at > 0) return true;
    if (!(await store.writeAt(part, at, bytes))) return false;
    at += bytes.length;
    gathered = [];
    waiting = 0;
    return true;
  };
  try {
    if (here < info.size) {
      const range = here === 0 ? {} : { range: { offset: here } };
      const body = await bucket.get(info.key, { ...range, ifMatch: info.etag, signal });
      for await (const chunk of body.chunks) {
        gathered.push(chunk);
        waiting += chunk.length;
        onProgress?.(at + waiting, info.size);
        if (waiting >= PIECE && !(await flush())) return { end: "gone" };
      }
    }
    return (await flush()) ? { end: "complete", here: at } : { end: "gone" };
  } catch (error) {
    if (error instanceof BucketError && error.kind === "Changed") {
      await store.remove(part);
      throw error;
    }
    const kept = await flush();
    if (!(error instanceof BucketError && error.kind === "Incomplete")) throw error;
    return kept ? { end: "lost", here: at, error } : { end: "gone" };
  }
}

/**
 * Whether a file that was fetched in several goes is what the server has, as far as it can be told: a partial file may
 * have suffered since, such as from a power cut.
 */
async function isSound(store: FileStore, part: string, { etag }: ObjectInfo): Promise<boolean> {
  if (store.md5 === undefined || !/^[0-9a-f]{32}$/.test(etag)) return true;
  return (await store.md5(part)) === etag;
}

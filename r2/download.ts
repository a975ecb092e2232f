/**
 * Fetches a version of an object into a file. What came before the connection failed, or the user cancelled, is kept in
 * a partial file, and the rest is asked for the next time. The file has its name only when it has all of its bytes.
 *
 * Two processes may fetch one version at the same time: each writes the same bytes at the same places.
 */
import type { Bucket, Cancellable, ObjectInfo } from "./bucket";
import { joined } from "./chunks";
import { BucketError, incomplete } from "./errors";
import type { FileStore, StoredFile } from "./file-store";

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
  // The second time from the beginning: what an earlier attempt had left was not sound.
  for (let attempt = 0; attempt < 2; attempt++) {
    const before = await store.stat(part);
    const isKept = before === undefined || canGoOn(store, before, info);
    if (!isKept) await store.remove(part);
    const here = isKept ? (before?.size ?? 0) : 0;
    await fetchPart(bucket, info, store, name, here, options);
    const whole =
      (await store.stat(part))?.size === info.size && (here === 0 || (await isSound(store, part, info)));
    if (whole && (await store.rename(part, name))) return;
    if (await isThere(store, name, info)) return;
    await store.remove(part);
  }
  throw incomplete(bucket, info.key, 0, info.size);
}

/** Fetches what follows the first `here` bytes into the partial file, over as many connections as that takes. */
async function fetchPart(
  bucket: Bucket,
  info: ObjectInfo,
  store: FileStore,
  name: string,
  here: number,
  options: DownloadOptions,
): Promise<void> {
  let at = here;
  for (let fruitless = 0; ; ) {
    const outcome = await fetchRest(bucket, info, store, `${name}.part`, at, options);
    if (outcome.end !== "lost") return;
    fruitless = outcome.here > at ? 0 : fruitless + 1;
    at = outcome.here;
    if (fruitless === FRUITLESS) throw incomplete(bucket, info.key, at, info.size, outcome.error.cause);
  }
}

/** Whether another process has finished the same version meanwhile. */
const isThere = async (store: FileStore, name: string, { size }: ObjectInfo): Promise<boolean> =>
  (await store.stat(name))?.size === size;

type Outcome =
  | { readonly end: "complete" }
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
    return (await flush()) ? { end: "complete" } : { end: "gone" };
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

/** Whether the file can be checked when it is whole: the version says its MD5, and the platform can work that out. */
const isCheckable = (store: FileStore, { etag }: ObjectInfo): boolean =>
  store.md5 !== undefined && /^[0-9a-f]{32}$/.test(etag);

/** Whether what an earlier attempt left can be trusted to be the object's beginning, or will be checked. */
const canGoOn = (store: FileStore, part: StoredFile, info: ObjectInfo): boolean =>
  part.size <= info.size && (isCheckable(store, info) || part.modified >= (store.startedAt ?? 0));

/** Whether a file that was fetched in several goes is what the server has, as far as it can be told. */
const isSound = async (store: FileStore, part: string, info: ObjectInfo): Promise<boolean> =>
  !isCheckable(store, info) || (await store.md5!(part)) === info.etag;

/**
 * Which of equal crashes keep their dump: the first ones, and then every so-many-th. Every crash has a record in the
 * bucket, written first; how many there are says how many dumps are due. A dump that is kept takes one of as many places,
 * objects that are written once. So nothing is counted anywhere else, and however many crash at once, no more dumps than
 * are due are kept, and no fewer: who looks last sees all records, and each who looks takes a place that is free.
 */
import { prefixOf } from "../r2/layout";
import { bodyOf, putNew, type R2Bucket } from "./platform";
import type { Sampling } from "./settings";

/**
 * A record that was counted with all before it, so that they need not be listed again. It is a shortcut, and may be
 * missing. A record of an earlier time that is written after it is not in its count: a dump is due that much later.
 */
interface Landmark {
  readonly key: string;
  readonly rank: number;
  /** Places before this one are all taken. */
  readonly taken: number;
}

export interface Rank {
  /** How many records come before it: 0 for the first crash of its group. */
  readonly rank: number;
  /** False where equal crashes before it are enough. */
  readonly kept: boolean;
  /** The key of the place that it has taken now; undefined for a crash that had its dump stored before. */
  readonly place: string | undefined;
}

/**
 * Takes a place for a crash, where one is due.
 * @param record key of the crash's record, which is in the bucket
 * @param hasDump whether its dump is there as well: it was looked at before, and needs no second place
 */
export async function takePlace(
  { record, hasDump }: { readonly record: string; readonly hasDump: boolean },
  group: { readonly buildId: string | undefined; readonly fingerprint: string },
  sampling: Sampling,
  bucket: R2Bucket,
): Promise<Rank> {
  const prefix = prefixOf(group.buildId, group.fingerprint);
  const landmark = await readLandmark(`${prefix}${LANDMARK}`, bucket);
  const known = landmark !== undefined && landmark.key < record ? landmark : undefined;
  let rank = known === undefined ? 0 : known.rank + 1;
  let count = rank;
  for await (const key of keysAfter(known?.key, prefix, bucket)) {
    if (!key.endsWith(".json")) continue;
    count++;
    if (key < record) rank++;
  }
  if (hasDump) return { rank, kept: true, place: undefined };
  const due = dueAfter(count, sampling);
  const from = landmark?.taken ?? 0;
  const { taken, ...found } =
    due <= from ? { ...NONE, taken: from } : await take(prefix, from, due, record, bucket);
  if (rank - (known?.rank ?? 0) >= LANDMARK_DISTANCE)
    await bucket.put(`${prefix}${LANDMARK}`, JSON.stringify({ key: record, rank, taken })).catch(() => {});
  return { rank, ...found };
}

/** Gives the place back of a dump that could not be stored. Never rejects. */
export const leavePlace = (place: string, bucket: R2Bucket): Promise<void> =>
  bucket.delete(place).catch(() => {});

/** Dumps that are kept of so many equal crashes. */
const dueAfter = (count: number, { first, every }: Sampling): number =>
  Math.min(count, first) + (every > 0 && count > first ? Math.floor((count - first) / every) : 0);

/** Beside the records of the group; no keys of crashes. */
const LANDMARK = "landmark";
const PLACE = "kept-";
/** Records that are listed again at most, which one request gives. */
const LANDMARK_DISTANCE = 400;

const placeKey = (prefix: string, place: number): string =>
  `${prefix}${PLACE}${String(place).padStart(8, "0")}`;

const NONE = { kept: false, place: undefined } as const;

/** Takes one of the places from `from` on, below `due`. @returns it, and how many are known to be taken in a row */
async function take(
  prefix: string,
  from: number,
  due: number,
  record: string,
  bucket: R2Bucket,
): Promise<Omit<Rank, "rank"> & { readonly taken: number }> {
  const taken = new Set<string>();
  const after = from === 0 ? undefined : placeKey(prefix, from - 1);
  for await (const key of keysAfter(after, `${prefix}${PLACE}`, bucket)) taken.add(key);
  const free = Array.from({ length: due - from }, (_, index) => placeKey(prefix, from + index)).filter(
    (key) => !taken.has(key),
  );
  let inRow = from;
  while (inRow < due && taken.has(placeKey(prefix, inRow))) inRow++;
  if (free.length === 0) return { ...NONE, taken: inRow };
  // Those who crash at once do not all go for the same one.
  const start = Math.floor(Math.random() * free.length);
  for (const key of [...free.slice(start), ...free.slice(0, start)])
    if (await putNew(bucket, key, record)) return { kept: true, place: key, taken: inRow };
  return { ...NONE, taken: inRow };
}

async function* keysAfter(
  startAfter: string | undefined,
  prefix: string,
  bucket: R2Bucket,
): AsyncGenerator<string, void> {
  let cursor: string | undefined;
  do {
    const from = cursor !== undefined ? { cursor } : startAfter !== undefined ? { startAfter } : {};
    const page = await bucket.list({ prefix, ...from });
    for (const { key } of page.objects) yield key;
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}

async function readLandmark(key: string, bucket: R2Bucket): Promise<Landmark | undefined> {
  const object = bodyOf(await bucket.get(key));
  if (object === undefined) return undefined;
  try {
    const { key: at, rank, taken } = JSON.parse(await object.text()) as Partial<Landmark>;
    return typeof at === "string" && typeof rank === "number" && typeof taken === "number"
      ? { key: at, rank, taken }
      : undefined;
  } catch {
    return undefined;
  }
}

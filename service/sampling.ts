/**
 * Which of equal crashes keep their dump. Every crash has a record in the bucket, written first; its rank is how many
 * records of its group come before it. So nothing is counted anywhere else, no two crashes write the same object, and a
 * second try of the same crash counts once.
 */
import { prefixOf } from "../r2/layout";
import { bodyOf, type R2Bucket } from "./platform";
import type { Sampling } from "./settings";

/** A record whose rank is known, so that those before it need not be listed again. It is a shortcut, and may be missing. */
interface Landmark {
  readonly key: string;
  readonly rank: number;
}

export interface Rank {
  /** 0 for the first crash of its group. */
  readonly rank: number;
  readonly kept: boolean;
}

/**
 * @param key the crash's record, which is in the bucket
 * Crashes that arrive at once may see each other late, and then one more dump or fewer is kept; each is counted.
 */
export async function rankOf(
  key: string,
  group: { readonly buildId: string | undefined; readonly fingerprint: string },
  { first, every }: Sampling,
  bucket: R2Bucket,
): Promise<Rank> {
  const prefix = prefixOf(group.buildId, group.fingerprint);
  const landmark = await readLandmark(`${prefix}${LANDMARK}`, bucket);
  const known = landmark !== undefined && landmark.key < key ? landmark : undefined;
  let rank = known === undefined ? 0 : known.rank + 1;
  for await (const other of recordsAfter(known?.key, prefix, bucket)) {
    if (other >= key) break;
    rank++;
  }
  const kept = rank < first || (every > 0 && (rank - first + 1) % every === 0);
  if (rank - (known?.rank ?? 0) >= LANDMARK_DISTANCE)
    await bucket.put(`${prefix}${LANDMARK}`, JSON.stringify({ key, rank })).catch(() => {});
  return { rank, kept };
}

/** Beside the records of the group; no key of a crash. */
const LANDMARK = "landmark";
/** Records that are listed again at most, which one request gives. */
const LANDMARK_DISTANCE = 400;

async function* recordsAfter(
  startAfter: string | undefined,
  prefix: string,
  bucket: R2Bucket,
): AsyncGenerator<string, void> {
  let cursor: string | undefined;
  do {
    const from = cursor !== undefined ? { cursor } : startAfter !== undefined ? { startAfter } : {};
    const page = await bucket.list({ prefix, ...from });
    for (const { key } of page.objects) if (key.endsWith(".json")) yield key;
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}

async function readLandmark(key: string, bucket: R2Bucket): Promise<Landmark | undefined> {
  const object = bodyOf(await bucket.get(key));
  if (object === undefined) return undefined;
  try {
    const { key: at, rank } = JSON.parse(await object.text()) as Partial<Landmark>;
    return typeof at === "string" && typeof rank === "number" ? { key: at, rank } : undefined;
  } catch {
    return undefined;
  }
}

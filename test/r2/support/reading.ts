/** What tests ask of buckets again and again. */
import assert from "node:assert/strict";
import type { ObjectBody } from "../../../r2/bucket";
import { BucketError, type BucketErrorKind } from "../../../r2/errors";
import { bytesOf } from "../../../r2/read-object";

export const textOf = async (body: ObjectBody): Promise<string> =>
  new TextDecoder().decode(await bytesOf(body));

export const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

/** That it fails so, and says something of this kind. */
export async function fails(work: Promise<unknown>, kind: BucketErrorKind, message: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof BucketError, String(error));
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, message);
    return true;
  });
}

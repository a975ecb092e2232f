/** Debug files of any size are read in ranges, and only as much of them is held as is allowed. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FormatError } from "../../engine/bytes/errors";
import { settle } from "../../engine/bytes/remote-source";
import type { R2Bucket, R2GetOptions, R2ObjectBody } from "../../service/platform";
import { PagePool, R2Source } from "../../service/r2-source";

const MEGABYTE = 1 << 20;

/** A bucket with one object of `size` bytes, each byte told by its offset; it counts what is asked of it. */
class OneObject {
  etag = "1";
  requests = 0;
  bytes = 0;
  readonly bucket = { get: (_: string, options: R2GetOptions) => this.get(options) } as unknown as R2Bucket;

  constructor(readonly size: number) {}

  source(pool: PagePool): R2Source {
    return new R2Source(this.bucket, { key: "object", size: this.size, etag: this.etag }, pool);
  }

  private async get({ range, onlyIf }: R2GetOptions): Promise<R2ObjectBody | { readonly key: string }> {
    const { offset, length } = range!;
    this.requests++;
    if (onlyIf?.etagMatches !== this.etag) return { key: "object" };
    this.bytes += length;
    const contents = expected(offset, Math.min(length, this.size - offset));
    return { body: null, arrayBuffer: async () => contents.buffer } as unknown as R2ObjectBody;
  }
}

const PERIOD = 251;
const pattern = Uint8Array.from({ length: 8 * MEGABYTE }, (_, at) => at % PERIOD);
const expected = (offset: number, length: number): Uint8Array =>
  pattern.slice(offset % PERIOD, (offset % PERIOD) + length);

describe("an object in R2", () => {
  it("is read in ranges, across pages, and once", async () => {
    const object = new OneObject(20 * MEGABYTE + 5);
    const source = object.source(new PagePool(8 * MEGABYTE));
    for (const [offset, length] of [
      [0, 8],
      [262_140, 8],
      [20 * MEGABYTE, 5],
      [3 * MEGABYTE, MEGABYTE],
    ] as const)
      assert.deepEqual(await settle(() => source.read(offset, length)), expected(offset, length));
    const { requests } = object;
    await settle(() => source.read(262_140, 8));
    assert.equal(object.requests, requests);
    assert.ok(object.bytes < 4 * MEGABYTE, `${object.bytes}`);
  });

  it("holds no more than the pool allows, however much is read", async () => {
    const object = new OneObject(100 * MEGABYTE);
    const pool = new PagePool(4 * MEGABYTE);
    const source = object.source(pool);
    for (let offset = 0; offset < object.size; offset += 3 * MEGABYTE)
      assert.deepEqual(await settle(() => source.read(offset, 16)), expected(offset, 16));
    assert.ok(pool.mostHeld <= pool.limit, `${pool.mostHeld}`);
  });

  it("gives up where an answer needs more at once than may be held", async () => {
    const object = new OneObject(100 * MEGABYTE);
    const source = object.source(new PagePool(2 * MEGABYTE));
    await assert.rejects(
      settle(() => source.read(0, 2 * MEGABYTE)),
      FormatError,
    );
    const everything = () => {
      for (let offset = 0; offset < object.size; offset += MEGABYTE) source.read(offset, 1);
    };
    await assert.rejects(settle(everything), /takes more than \d+ requests/);
  });

  it("is never read from two versions", async () => {
    const object = new OneObject(4 * MEGABYTE);
    const source = object.source(new PagePool(8 * MEGABYTE));
    await settle(() => source.read(0, 8));
    object.etag = "2";
    const later = settle(() => source.read(3 * MEGABYTE, 8));
    await assert.rejects(later, /has changed while it was read/);
  });

  it("is not served from the pages of its former version", async () => {
    const object = new OneObject(MEGABYTE);
    const pool = new PagePool(8 * MEGABYTE);
    await settle(() => object.source(pool).read(0, 8));
    object.etag = "2";
    const { requests } = object;
    const source = object.source(pool);
    await settle(() => source.read(0, 8));
    assert.equal(object.requests, requests + 1);
  });

  it("is read beyond its end by nobody", () => {
    assert.throws(() => new OneObject(8).source(new PagePool(MEGABYTE)).read(4, 8), FormatError);
  });
});

/** Which of equal crashes keep their dump, however many there are. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { crashKey, prefixOf } from "../../r2/layout";
import type { R2Bucket, R2Objects } from "../../service/platform";
import { rankOf } from "../../service/sampling";

const group = { buildId: "0a0b", fingerprint: "0123456789abcdef" };

/** Keys in order, listed as R2 lists them: 1000 a page, after a key. */
class Keys {
  readonly contents = new Map<string, string>();
  listed = 0;
  readonly bucket = {
    get: async (key: string) => {
      const text = this.contents.get(key);
      return text === undefined ? null : { body: null, text: async () => text };
    },
    put: async (key: string, text: string) => void this.contents.set(key, text),
    list: async (options: Parameters<R2Bucket["list"]>[0]) => this.list(options),
  } as unknown as R2Bucket;

  /** A crash's record and the rank that it is given. */
  async crash(index: number): Promise<{ readonly rank: number; readonly kept: boolean }> {
    const key = crashKey({ ...group, time: new Date(index * 1000), ray: "r" }, "json");
    this.contents.set(key, "{}");
    return rankOf(key, group, { first: 3, every: 10 }, this.bucket);
  }

  private list({ prefix, startAfter = "", cursor = "" }: Parameters<R2Bucket["list"]>[0]): R2Objects {
    this.listed++;
    const from = startAfter > cursor ? startAfter : cursor;
    const keys = [...this.contents.keys()].filter((key) => key.startsWith(prefix) && key > from).sort();
    const page = keys.slice(0, 1000);
    const truncated = keys.length > page.length;
    const objects = page.map((key) => ({ key, size: 2, etag: "1" }));
    return { objects, truncated, ...(truncated && { cursor: page.at(-1)! }) };
  }
}

describe("sampling", () => {
  it("keeps the first and then every so-many-th, over thousands, and lists once for each", async () => {
    const keys = new Keys();
    const kept: number[] = [];
    for (let index = 0; index < 1500; index++) {
      const { rank, kept: isKept } = await keys.crash(index);
      assert.equal(rank, index);
      if (isKept) kept.push(index);
    }
    assert.deepEqual(kept.slice(0, 5), [0, 1, 2, 12, 22]);
    assert.equal(kept.length, 3 + Math.floor((1500 - 3) / 10));
    assert.equal(keys.listed, 1500);
  });

  it("goes on without its landmark, and with one that makes no sense", async () => {
    const keys = new Keys();
    for (let index = 0; index < 900; index++) await keys.crash(index);
    const landmark = `${prefixOf(group.buildId, group.fingerprint)}landmark`;
    assert.ok(keys.contents.delete(landmark));
    assert.equal((await keys.crash(900)).rank, 900);
    keys.contents.set(landmark, "{");
    assert.equal((await keys.crash(901)).rank, 901);
  });

  it("gives the same crash the same rank when it is tried again", async () => {
    const keys = new Keys();
    for (let index = 0; index < 5; index++) await keys.crash(index);
    assert.equal((await keys.crash(2)).rank, 2);
  });
});

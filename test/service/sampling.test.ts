/** Which of equal crashes keep their dump, however many there are. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { crashKey, prefixOf } from "../../r2/layout";
import type { R2Bucket, R2Objects } from "../../service/platform";
import { leavePlace, type Rank, takePlace } from "../../service/sampling";

const group = { buildId: "0a0b", fingerprint: "0123456789abcdef" };

/** Keys in order, listed as R2 lists them: 1000 a page, after a key. */
class Keys {
  readonly contents = new Map<string, string>();
  listed = 0;
  /** Called before each answer: what happens meanwhile. */
  wait: () => Promise<void> = async () => {};

  readonly bucket = {
    get: async (key: string) =>
      this.answer(() => {
        const text = this.contents.get(key);
        return text === undefined ? null : { body: null, text: async () => text };
      }),
    put: async (key: string, text: string, options?: { readonly onlyIf?: Headers }) =>
      this.answer(() => {
        if (options?.onlyIf?.get("if-none-match") === "*" && this.contents.has(key)) return null;
        this.contents.set(key, text);
        return { key };
      }),
    delete: async (key: string) => this.answer(() => void this.contents.delete(key)),
    list: async (options: Parameters<R2Bucket["list"]>[0]) => this.answer(() => this.list(options)),
  } as unknown as R2Bucket;

  /** A crash: its record, the place that it is given, and its dump, if it is to be kept. */
  async crash(index: number, sampling = { first: 3, every: 10 }): Promise<Rank> {
    const place = { ...group, time: new Date(index * 1000), ray: "r" };
    const [record, dump] = [crashKey(place, "json"), crashKey(place, "coredump")];
    await this.bucket.put(record, "{}");
    const hasDump = this.contents.has(dump);
    const taken = await takePlace({ record, hasDump }, group, sampling, this.bucket);
    if (taken.kept) await this.bucket.put(dump, "");
    return taken;
  }

  get dumps(): number {
    return [...this.contents.keys()].filter((key) => key.endsWith(".coredump")).length;
  }

  private async answer<T>(answer: () => T): Promise<T> {
    await this.wait();
    return answer();
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

/** Numbers from 0 to 1, the same ones each time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

describe("sampling", () => {
  it("keeps the first and then every so-many-th, over thousands, and lists twice for each at most", async () => {
    const keys = new Keys();
    const kept: number[] = [];
    for (let index = 0; index < 1500; index++) {
      const { rank, kept: isKept } = await keys.crash(index);
      assert.equal(rank, index);
      if (isKept) kept.push(index);
    }
    assert.deepEqual(kept.slice(0, 5), [0, 1, 2, 12, 22]);
    assert.equal(kept.length, 3 + Math.floor((1500 - 3) / 10));
    assert.ok(keys.listed <= 2 * 1500, `${keys.listed}`);
  });

  it("keeps as many of those that crash at once, in whatever order they are answered", async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = randomOf(seed);
      const keys = new Keys();
      keys.wait = async () => {
        for (let turns = Math.floor(random() * 8); turns > 0; turns--) await Promise.resolve();
      };
      await Promise.all(Array.from({ length: 90 }, (_, index) => keys.crash(index, { first: 7, every: 9 })));
      assert.equal(keys.dumps, 7 + Math.floor((90 - 7) / 9), `seed ${seed}`);
    }
  });

  it("gives the place of a dump that could not be stored to another crash", async () => {
    const keys = new Keys();
    for (let index = 0; index < 3; index++) {
      const { place } = await keys.crash(index);
      if (index === 1) await leavePlace(place!, keys.bucket);
    }
    assert.deepEqual([(await keys.crash(3)).kept, (await keys.crash(4)).kept], [true, false]);
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

  it("gives the same crash the same rank when it is tried again, and no second place", async () => {
    const keys = new Keys();
    for (let index = 0; index < 5; index++) await keys.crash(index, { first: 9, every: 0 });
    const again = await keys.crash(2, { first: 9, every: 0 });
    assert.deepEqual(again, { rank: 2, kept: true, place: undefined });
    assert.equal(keys.dumps, 5);
  });
});

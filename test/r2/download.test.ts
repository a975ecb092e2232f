/** Fetching an object into the cache: whatever happens on the way, a file that has its name is the whole object. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir, uptime } from "node:os";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, it } from "mocha";
import { HostError } from "../../host/host";
import { ObjectCache } from "../../r2/cache";
import { NodeFileStore } from "../../r2/node/file-store";
import { S3Bucket } from "../../r2/s3";
import { keys } from "./support/local-s3";
import { type Loopback, loopback } from "./support/loopback";
import { MemoryBucket } from "./support/memory-bucket";
import { bytes, fails } from "./support/reading";
import { etagOf, serveObject } from "./support/s3-fake";

const GIB = 2 ** 30;
const KEY = "coredumps/a/b.coredump";

let folder: string;
let server: Loopback | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-cache-"));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const cache = (limit = GIB, spared = 0): ObjectCache =>
  new ObjectCache(new NodeFileStore(folder), { limit, spared });

async function bucketAt(handler: Parameters<typeof loopback>[0]): Promise<S3Bucket> {
  server = await loopback(handler);
  return new S3Bucket({ name: "dumps", endpoint: server.url }, keys, { retryDelay: 1 });
}

/** Where the range begins that was asked for. */
const startOf = ({ range }: IncomingMessage["headers"]): number =>
  Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1]);

const files = (ending: string): string[] => readdirSync(folder).filter((name) => name.endsWith(ending));

describe("fetching an object into the cache", () => {
  it("gives the whole object as a file, tells how far it is, and asks for no byte of it again", async () => {
    const content = randomBytes(5_000_000);
    const bucket = await bucketAt((request, response) => serveObject(request, response, content));
    const told: number[] = [];
    const first = await cache().fetch(bucket, KEY, {
      onProgress: (received, total) => {
        assert.equal(total, content.length);
        told.push(received);
      },
    });
    assert.deepEqual(readFileSync(first.path), content);
    assert.ok(told.every((received, index) => index === 0 || received > told[index - 1]!));
    assert.equal(told.at(-1), content.length);
    assert.equal(first.known, false);
    const second = await cache().fetch(bucket, KEY);
    assert.deepEqual([second.path, second.known], [first.path, true]);
    assert.deepEqual(
      server!.requests.map(({ line }) => line.split(" ")[0]),
      ["HEAD", "GET", "HEAD"],
    );
    assert.ok(first.path.endsWith(".coredump"));
  });

  it("goes on from where the connection was reset, by ranges of the same version", async () => {
    const content = randomBytes(3_000_000);
    const bucket = await bucketAt((request, response, count) =>
      serveObject(request, response, content, count === 1 || count === 2 ? { cutAt: count * 1_200_000 } : {}),
    );
    const { path } = await cache().fetch(bucket, KEY);
    assert.deepEqual(readFileSync(path), content);
    const [, first, second, third] = server!.requests.map(({ headers }) => headers);
    assert.equal(first!.range, undefined);
    assert.ok(startOf(second!) > 0 && startOf(second!) <= 1_200_000);
    assert.ok(startOf(third!) > startOf(second!));
    assert.equal(third!["if-match"], `"${etagOf(content)}"`);
    assert.deepEqual(files(".part"), []);
  });

  it("keeps what came when it gives up, opens none of it, and fetches only the rest the next time", async () => {
    const content = randomBytes(2_000_000);
    let broken = true;
    const bucket = await bucketAt((request, response, count) => {
      if (!broken || request.method === "HEAD") serveObject(request, response, content);
      else serveObject(request, response, content, { cutAt: count === 1 ? 1_500_000 : 0 });
    });
    await fails(cache().fetch(bucket, KEY), "Incomplete", /ended after 1500000 of 2000000 bytes.* is kept/);
    assert.deepEqual(files(".coredump"), []);
    assert.equal(files(".part").length, 1);
    broken = false;
    const { path } = await cache().fetch(bucket, KEY);
    assert.deepEqual(readFileSync(path), content);
    assert.ok(startOf(server!.requests.at(-1)!.headers) > 0);
  });

  it("keeps what came when the user cancels", async () => {
    const content = randomBytes(4_000_000);
    const bucket = await bucketAt((request, response) => serveObject(request, response, content));
    const reason = new Error("cancelled");
    const controller = new AbortController();
    const onProgress = (received: number): void => {
      if (received > 1_000_000) controller.abort(reason);
    };
    await assert.rejects(cache().fetch(bucket, KEY, { signal: controller.signal, onProgress }), reason);
    assert.deepEqual(files(".coredump"), []);
    const told: number[] = [];
    const { path } = await cache().fetch(bucket, KEY, { onProgress: (received) => told.push(received) });
    assert.deepEqual(readFileSync(path), content);
    assert.ok(told[0]! > 1_000_000);
  });

  it("never mixes two versions: an object that is written anew in the middle is fetched anew", async () => {
    const former = randomBytes(2_000_000);
    const latter = randomBytes(2_000_000);
    const bucket = await bucketAt((request, response, count) => {
      if (count < 2) serveObject(request, response, former, count === 1 ? { cutAt: 1_200_000 } : {});
      else serveObject(request, response, latter);
    });
    const { path, info } = await cache().fetch(bucket, KEY);
    assert.deepEqual(readFileSync(path), latter);
    assert.equal(info.etag, etagOf(latter));
    assert.deepEqual(files(".part"), []);
  });

  it("gives up, and leaves nothing, when the object is another one each time", async () => {
    const bucket = await bucketAt((request, response) => serveObject(request, response, randomBytes(10)));
    await fails(cache().fetch(bucket, KEY), "Changed", /was changed while it was read/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("does not go on from a partial file that has suffered since", async () => {
    const content = randomBytes(2_000_000);
    let cut = true;
    const bucket = await bucketAt((request, response) =>
      serveObject(request, response, content, cut && request.method === "GET" ? { cutAt: 400_000 } : {}),
    );
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    await assert.rejects(cache().fetch(bucket, KEY, { signal: controller.signal, onProgress }));
    const [part] = files(".part");
    // As after a power cut: the length is there, the bytes are zeros.
    writeFileSync(join(folder, part!), new Uint8Array(readFileSync(join(folder, part!)).length));
    cut = false;
    assert.deepEqual(readFileSync((await cache().fetch(bucket, KEY)).path), content);
    assert.equal(server!.requests.at(-1)!.headers.range, undefined);
  });

  it("goes on from what nothing can check only where the machine has not failed since", async () => {
    const content = randomBytes(2_000_000);
    let cut = true;
    // As objects have it that were put in several parts.
    const etag = `${"0".repeat(32)}-2`;
    const bucket = await bucketAt((request, response) =>
      serveObject(request, response, content, { etag, ...(cut && { cutAt: 400_000 }) }),
    );
    const starts = (): unknown[] => server!.requests.map(({ headers }) => headers.range);
    await fails(cache().fetch(bucket, KEY), "Incomplete", /ended after 400000 of/);
    await fails(cache().fetch(bucket, KEY), "Incomplete", /ended after 400000 of/);
    assert.equal(starts().at(-1), "bytes=400000-");
    const part = join(folder, files(".part")[0]!);
    const beforeBoot = Date.now() / 1000 - uptime() - 60;
    utimesSync(part, beforeBoot, beforeBoot);
    cut = false;
    assert.deepEqual(readFileSync((await cache().fetch(bucket, KEY)).path), content);
    assert.equal(starts().at(-1), undefined);
  });

  it("fetches one object twice at the same time without harm", async () => {
    const content = randomBytes(6_000_000);
    const bucket = await bucketAt((request, response) => serveObject(request, response, content));
    const fetched = await Promise.all([1, 2, 3].map(() => cache().fetch(bucket, KEY)));
    for (const { path } of fetched) assert.deepEqual(readFileSync(path), content);
    assert.deepEqual(files(".part"), []);
  });

  it("fetches an empty object", async () => {
    const bucket = new MemoryBucket();
    await bucket.put("empty", new Uint8Array(0));
    assert.equal(readFileSync((await cache().fetch(bucket, "empty")).path).length, 0);
  });

  it("says so when the disk does not take it", async () => {
    const bucket = new MemoryBucket();
    await bucket.put(KEY, bytes("dump"));
    const file = join(folder, "file");
    writeFileSync(file, "");
    const blocked = new ObjectCache(new NodeFileStore(join(file, "cache")), { limit: GIB });
    await assert.rejects(
      blocked.fetch(bucket, KEY),
      (error) => error instanceof HostError && /cannot be written/.test(error.message),
    );
  });
});

describe("the cache's folder", () => {
  it("holds no file outside of it and no name but plain ones, whatever the key is", async () => {
    const parts = fc.constantFrom(
      "..",
      ".",
      "/",
      "\\",
      "a",
      "é",
      ":",
      "\0",
      "CON",
      "~",
      "%2e%2e",
      "coredump",
      ".wasm",
      "x".repeat(300),
    );
    const key = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.array(parts, { minLength: 1 }).map((all) => all.join("/")),
    );
    await fc.assert(
      fc.asyncProperty(key, fc.string(), async (name, content) => {
        const bucket = new MemoryBucket();
        await bucket.put(name, bytes(content));
        const { path } = await cache().fetch(bucket, name);
        assert.equal(dirname(path), folder);
        assert.match(basename(path), /^([A-Za-z0-9-]{1,64}-)?[0-9a-f]{32}\.(coredump|wasm|json|bin)$/);
        assert.equal(readFileSync(path, "utf8"), Buffer.from(content).toString());
      }),
      { numRuns: 40 },
    );
  });

  it("names a file so that a tab's title tells which crash it is", async () => {
    const bucket = new MemoryBucket();
    const titles = new Map([
      [
        "coredumps/0a0b/0123456789abcdef/20261123T021144123Z-8f0a.coredump",
        /^20261123T021144123Z-8f0a-\w{32}\.coredump$/,
      ],
      ["crashes/my app (v1.2).coredump", /^my-app-v1-2-\w{32}\.coredump$/],
      ["crashes/.hidden.wasm", /^hidden-\w{32}\.wasm$/],
      ["crashes/été", /^t-\w{32}\.bin$/],
      ["crashes/日本.coredump", /^\w{32}\.coredump$/],
      ["crashes/", /^\w{32}\.bin$/],
    ]);
    for (const [key, title] of titles) {
      await bucket.put(key, bytes(key));
      assert.match(basename((await cache().fetch(bucket, key)).path), title);
    }
  });

  it("takes no name that leads out of it", () => {
    const store = new NodeFileStore(folder);
    for (const name of ["../x", "a/b", "..", ".", "", "a\\b", "C:x", "a..b"])
      assert.throws(() => store.pathOf(name), RangeError);
  });

  it("tells equal keys of different buckets and versions apart", async () => {
    const [one, other] = [new MemoryBucket("one"), new MemoryBucket("other")];
    await one.put(KEY, bytes("dump of one"));
    await other.put(KEY, bytes("dump of other"));
    const former = await cache().fetch(one, KEY);
    assert.equal(readFileSync((await cache().fetch(other, KEY)).path, "utf8"), "dump of other");
    await one.put(KEY, bytes("dump of one, again"));
    assert.equal(readFileSync((await cache().fetch(one, KEY)).path, "utf8"), "dump of one, again");
    assert.equal(readFileSync(former.path, "utf8"), "dump of one");
  });

  it("stays below its limit: what was not used for longest leaves, partial files too", async () => {
    const bucket = new MemoryBucket();
    for (const name of ["a", "b", "c", "d"]) await bucket.put(name, bytes(name.repeat(1000)));
    const small = cache(3500);
    const paths = new Map<string, string>();
    const use = async (name: string, time: number): Promise<void> => {
      const { path } = await small.fetch(bucket, name);
      paths.set(name, path);
      utimesSync(path, time, time);
      utimesSync(`${path}.used`, time, time);
    };
    await use("a", 1000);
    await use("b", 2000);
    await use("a", 3000);
    const part = join(folder, `${"0".repeat(64)}.bin.part`);
    writeFileSync(part, "x".repeat(1000));
    utimesSync(part, 1500, 1500);
    await use("c", 4000);
    await use("d", 5000);
    assert.deepEqual(
      [...paths].map(([name, path]) => [name, existsSync(path)]),
      [
        ["a", true],
        ["b", false],
        ["c", true],
        ["d", true],
      ],
    );
    assert.equal(existsSync(part), false);
    assert.deepEqual(bucket.reads, ["a", "b", "c", "d"]);
  });

  it("keeps what was used just now, and an object that is larger than the limit", async () => {
    const bucket = new MemoryBucket();
    await bucket.put("dump", bytes("x".repeat(1000)));
    await bucket.put("debug", bytes("y".repeat(1000)));
    const tight = cache(10, 60_000);
    const dump = await tight.fetch(bucket, "dump");
    const debug = await tight.fetch(bucket, "debug");
    assert.ok(existsSync(dump.path) && existsSync(debug.path));
  });

  it("may be cleared by another window while an object is fetched, which comes whole all the same", async () => {
    const content = randomBytes(4_000_000);
    const bucket = await bucketAt((request, response) => serveObject(request, response, content));
    let clearing: Promise<void> | undefined;
    const onProgress = (received: number): void => {
      if (received > 2_500_000) clearing ??= cache().clear();
    };
    const { path } = await cache().fetch(bucket, KEY, { onProgress });
    await clearing;
    assert.ok(clearing !== undefined);
    if (existsSync(path)) assert.deepEqual(readFileSync(path), content);
    assert.deepEqual(readFileSync((await cache().fetch(bucket, KEY)).path), content);
  });

  it("is empty after it was cleared", async () => {
    const bucket = new MemoryBucket();
    await bucket.put(KEY, bytes("dump"));
    await cache().fetch(bucket, KEY);
    await cache().clear();
    assert.deepEqual(readdirSync(folder), []);
  });
});

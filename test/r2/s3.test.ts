/** The S3 API, against the real workerd: miniflare's endpoint refuses every request that is not signed as it must be. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { settle } from "../../engine/bytes/remote-source";
import type { Bucket } from "../../r2/bucket";
import { listAll } from "../../r2/listing";
import { objectSource, readObject } from "../../r2/read-object";
import { S3Bucket } from "../../r2/s3";
import { keys, type LocalS3, startLocalS3 } from "./support/local-s3";
import { bytes, fails, textOf } from "./support/reading";

describe("a bucket over the S3 API", () => {
  let server: LocalS3;
  let bucket: Bucket;
  before(async () => {
    server = await startLocalS3("crash-dumps");
    bucket = new S3Bucket({ name: "crash-dumps", endpoint: server.endpoint }, keys);
  });
  after(() => server.dispose());

  const other = (name: string, own = keys): Bucket => new S3Bucket({ name, endpoint: server.endpoint }, own);

  it("takes and gives keys with every character that keys have", async () => {
    const names = [
      "it's (1)*!.txt",
      "a b+c&d=e?f#g",
      "ü/😀",
      "a//b",
      "<&>\"'",
      "control\u0001",
      "%2F%20",
      "x/.hidden",
    ];
    for (const name of names) await bucket.put(`names/${name}`, bytes(`content of ${name}`));
    const { objects } = await bucket.list({ prefix: "names/" });
    assert.deepEqual(objects.map(({ key }) => key).sort(), names.map((name) => `names/${name}`).sort());
    for (const name of names)
      assert.equal(await textOf(await bucket.get(`names/${name}`)), `content of ${name}`);
  });

  it("refuses keys that URLs would take for other objects", async () => {
    for (const key of ["../other/x", "a/./b", "a/..", "", "\ud800"])
      await fails(bucket.head(key), "BadAddress", /key/);
    await fails(bucket.delete("a/../../crash-dumps/x"), "BadAddress", /rename the object/);
  });

  it("says the size, the version and the time of an object, in listings and by itself", async () => {
    await bucket.put("facts/one", bytes("hello"));
    const info = await bucket.head("facts/one");
    // The MD5 of "hello".
    assert.deepEqual([info.key, info.size, info.etag], ["facts/one", 5, "5d41402abc4b2a76b9719d911017c592"]);
    assert.ok(Math.abs(info.modified.getTime() - Date.now()) < 600_000);
    const { objects } = await bucket.list({ prefix: "facts/" });
    assert.deepEqual(
      objects.map(({ key, size, etag }) => [key, size, etag]),
      [[info.key, info.size, info.etag]],
    );
  });

  it("lists as folders do, and reads on page by page", async () => {
    for (let index = 0; index < 7; index++) await bucket.put(`pages/${index}/dump`, bytes("x"));
    await bucket.put("pages/top", bytes("x"));
    const page = await bucket.list({ prefix: "pages/", delimiter: "/" });
    assert.deepEqual(
      page.folders,
      ["0", "1", "2", "3", "4", "5", "6"].map((name) => `pages/${name}/`),
    );
    assert.deepEqual(
      page.objects.map(({ key }) => key),
      ["pages/top"],
    );
    const found: string[] = [];
    let pages = 0;
    for await (const { objects } of listAll(bucket, { prefix: "pages/", limit: 3 })) {
      pages++;
      assert.ok(objects.length <= 3);
      found.push(...objects.map(({ key }) => key));
    }
    assert.equal(pages, 3);
    assert.equal(found.length, 8);
    assert.equal(new Set(found).size, 8);
  });

  it("gives ranges, cut at the object's end", async () => {
    await bucket.put("ranges/digits", bytes("0123456789"));
    const read = async (range: { offset: number; length?: number }): Promise<unknown[]> => {
      const body = await bucket.get("ranges/digits", { range });
      return [body.offset, body.length, body.info.size, await textOf(body)];
    };
    assert.deepEqual(await read({ offset: 3, length: 4 }), [3, 4, 10, "3456"]);
    assert.deepEqual(await read({ offset: 8 }), [8, 2, 10, "89"]);
    assert.deepEqual(await read({ offset: 8, length: 100 }), [8, 2, 10, "89"]);
    assert.deepEqual(await read({ offset: 10 }), [10, 0, 10, ""]);
    assert.deepEqual(await read({ offset: 99, length: 1 }), [10, 0, 10, ""]);
    await bucket.put("ranges/empty", new Uint8Array(0));
    assert.equal(await textOf(await bucket.get("ranges/empty", { range: { offset: 0 } })), "");
  });

  it("gives only the version that is asked for", async () => {
    await bucket.put("versions/one", bytes("first"));
    const { etag } = await bucket.head("versions/one");
    assert.equal(await textOf(await bucket.get("versions/one", { ifMatch: etag })), "first");
    await bucket.put("versions/one", bytes("second"));
    await fails(bucket.get("versions/one", { ifMatch: etag }), "Changed", /was changed while it was read/);
    await fails(
      bucket.get("versions/one", { ifMatch: etag, range: { offset: 99 } }),
      "Changed",
      /Fetch it again/,
    );
  });

  it("lets the engine read an object in ranges where it lies, of one version only", async () => {
    const content = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    await bucket.put("sources/large", content);
    const source = objectSource(bucket, await bucket.head("sources/large"));
    assert.deepEqual(await settle(() => source.read(150_000, 100)), content.subarray(150_000, 150_100));
    assert.equal(source.counters.bytesRead, 65_536);
    await bucket.put("sources/large", bytes("other"));
    await fails(
      settle(() => source.read(0, 10)),
      "Changed",
      /changed/,
    );
  });

  it("reads a record whole, and refuses one that is too large to be one", async () => {
    await bucket.put("records/one", new Blob(["{}"]));
    assert.equal(new TextDecoder().decode(await readObject(bucket, "records/one")), "{}");
    await fails(readObject(bucket, "records/one", { largest: 1 }), "BadAnswer", /2 bytes, more than the 1/);
  });

  it("deletes, and does not mind when there is nothing to delete", async () => {
    await bucket.put("gone/one", bytes("x"));
    await bucket.delete("gone/one");
    await bucket.delete("gone/one");
    await fails(bucket.head("gone/one"), "NotFound", /no object gone\/one in bucket crash-dumps/);
    await fails(bucket.get("gone/one"), "NotFound", /may have been deleted/);
  });

  it("says which of it is wrong: the secret, the key id, the bucket", async () => {
    const wrongSecret = other("crash-dumps", { ...keys, secretAccessKey: "0".repeat(64) });
    const wrongId = other("crash-dumps", { ...keys, accessKeyId: "0".repeat(32) });
    for (const wrong of [wrongSecret, wrongId]) {
      await fails(wrong.list(), "WrongCredentials", /were not accepted/);
      await fails(wrong.head("x"), "WrongCredentials", /Check the key id and the secret/);
      await fails(wrong.get("x"), "WrongCredentials", /crash-dumps/);
      await fails(wrong.put("x", bytes("x")), "WrongCredentials", /crash-dumps/);
    }
    const missing = other("no-such-bucket");
    const no = /no bucket no-such-bucket .* Check its name/;
    await fails(missing.list(), "MissingBucket", no);
    await fails(missing.head("x"), "MissingBucket", no);
    await fails(missing.get("x"), "MissingBucket", no);
    await fails(missing.put("x", bytes("x")), "MissingBucket", no);
  });
});

/** Cloudflare's REST API, as far as its own code runs on a machine (support/rest-api.ts), and which way `connect` takes. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, describe, it } from "mocha";
import type { Bucket } from "../../r2/bucket";
import { keysOfToken } from "../../r2/cloudflare-api";
import { connect } from "../../r2/connect";
import { listAll } from "../../r2/listing";
import { RestBucket } from "../../r2/rest";
import { S3Bucket } from "../../r2/s3";
import { bytes, fails, textOf } from "./support/reading";
import { known, type RestApi, restApi } from "./support/rest-api";

let server: RestApi;
let bucket: Bucket;
before(async () => {
  server = await restApi("crash-dumps");
  bucket = new RestBucket({ name: "crash-dumps", accountId: known.account }, known.login, {
    api: server.url,
    retries: 0,
  });
});
beforeEach(() => {
  server.versions = true;
  server.requests.length = 0;
});
after(() => server.close());

const at = (name: string, token: string, accountId = known.account as string): Bucket =>
  new RestBucket({ name, accountId }, token, { api: server.url, retries: 0 });

describe("a bucket over the REST API", () => {
  it("takes, lists, gives and deletes objects", async () => {
    for (const key of ["a/1", "a/2", "a/sub/3", "b", "ü '(*)/x?"]) await bucket.put(key, bytes(`of ${key}`));
    assert.equal(await textOf(await bucket.get("ü '(*)/x?")), "of ü '(*)/x?");
    const page = await bucket.list({ prefix: "a/", delimiter: "/" });
    assert.deepEqual([page.objects.map(({ key }) => key), page.folders], [["a/1", "a/2"], ["a/sub/"]]);
    const found: string[] = [];
    for await (const { objects } of listAll(bucket, { limit: 2 }))
      found.push(...objects.map(({ key }) => key));
    assert.deepEqual(found, ["a/1", "a/2", "a/sub/3", "b", "ü '(*)/x?"]);
    const { modified, ...facts } = await bucket.head("b");
    assert.deepEqual(facts, {
      key: "b",
      size: 4,
      etag: createHash("md5").update("of b").digest("hex"),
    });
    assert.ok(Math.abs(modified.getTime() - Date.now()) < 600_000);
    await bucket.delete("b");
    await bucket.delete("b");
    await fails(bucket.head("b"), "NotFound", /no object b in bucket crash-dumps/);
    // "a" is the beginning of keys, and none.
    await fails(bucket.head("a"), "NotFound", /no object a /);
    await fails(bucket.get("a"), "NotFound", /no object a /);
  });

  it("gives ranges, though the API knows none", async () => {
    await bucket.put("digits", bytes("0123456789"));
    assert.equal(await textOf(await bucket.get("digits", { range: { offset: 3, length: 4 } })), "3456");
    assert.equal(await textOf(await bucket.get("digits", { range: { offset: 8, length: 9 } })), "89");
    assert.equal(await textOf(await bucket.get("digits", { range: { offset: 10 } })), "");
  });

  for (const versions of [true, false])
    it(`gives one version only, where the API ${versions ? "says" : "does not say"} which one it gives`, async () => {
      server.versions = versions;
      await bucket.put("one", bytes("first"));
      const { etag } = await bucket.head("one");
      assert.equal(await textOf(await bucket.get("one", { ifMatch: etag })), "first");
      const body = await bucket.get("one");
      await server.put("one", "other");
      if (!versions) await fails(textOf(body), "Changed", /was changed/);
      await fails(bucket.get("one", { ifMatch: etag }), "Changed", /was changed/);
    });

  it("says what is wrong", async () => {
    await fails(at("crash-dumps", "no-token").list(), "WrongCredentials", /Authentication error/);
    await fails(at("crash-dumps", known.login, "other").list(), "NotAllowed", /permission/);
    await fails(at("none", known.login).list(), "MissingBucket", /no bucket none/);
    await fails(at("none", known.login).head("x"), "MissingBucket", /no bucket none/);
    assert.throws(() => new RestBucket({ name: "b" }, "t"), /CLOUDFLARE_ACCOUNT_ID/);
  });

  it("asks before it replaces or deletes what a data catalog keeps, as wrangler does", async () => {
    await bucket.put("kept", bytes("x"));
    await bucket.delete("kept");
    for (const headers of server.requests) assert.equal(headers["cf-r2-data-catalog-check"], "true");
  });

  it("goes on with a new login when the one that it has is over, and asks for one only then", async () => {
    let renewed = 0;
    const renew = async (): Promise<string> => {
      renewed++;
      return known.login;
    };
    const address = { name: "crash-dumps", accountId: known.account };
    const kept = new RestBucket(address, "a login that is over", { api: server.url, retries: 0, renew });
    await kept.put("late", bytes("late"));
    assert.equal(await textOf(await kept.get("late")), "late");
    assert.equal(renewed, 1);
    const stale = new RestBucket(address, "over", { api: server.url, retries: 0, renew: async () => "over" });
    await fails(stale.list(), "WrongCredentials", /Authentication error/);
  });

  it("names the jurisdiction", async () => {
    const address = { name: "crash-dumps", accountId: known.account, jurisdiction: "eu" } as const;
    await new RestBucket(address, known.login, { api: server.url }).list();
    assert.equal(server.requests.at(-1)!["cf-r2-jurisdiction"], "eu");
    await bucket.list();
    assert.equal(server.requests.at(-1)!["cf-r2-jurisdiction"], undefined);
  });
});

describe("the way to a bucket", () => {
  const options = (): object => ({ api: server.url, retries: 0 });

  it("is the REST API for a login of wrangler, in the only account that it has", async () => {
    const found = await connect({ name: "crash-dumps" }, { kind: "login", token: known.login }, options());
    assert.ok(found instanceof RestBucket);
    assert.deepEqual((await found.list({ prefix: "none/" })).objects, []);
  });

  it("is the S3 API for a token: its id and the SHA-256 of its value are the keys", async () => {
    for (const token of [known.token, known.accountToken])
      assert.deepEqual(await keysOfToken("crash-dumps", token, known.account, options()), {
        accessKeyId: known.tokenId,
        secretAccessKey: createHash("sha256").update(token).digest("hex"),
      });
    const address = { name: "crash-dumps", accountId: known.account };
    const found = await connect(address, { kind: "token", token: known.token }, options());
    assert.ok(found instanceof S3Bucket);
    assert.equal(found.place, `${known.account}.r2.cloudflarestorage.com`);
  });

  it("is refused to a token that is not valid, or is of no account that it may name", async () => {
    const address = { name: "crash-dumps", accountId: known.account };
    await fails(
      connect(address, { kind: "token", token: "no-token" }, options()),
      "WrongCredentials",
      /Authentication/,
    );
    const strange = { name: "crash-dumps", accountId: "not an id" };
    await fails(
      connect(strange, { kind: "token", token: known.token }, options()),
      "BadAddress",
      /32 hex digits/,
    );
  });

  it("needs no request before the first for keys", async () => {
    const keys = { kind: "keys", accessKeyId: "a", secretAccessKey: "b" } as const;
    await connect({ name: "b", endpoint: server.url }, keys, options());
    assert.equal(server.requests.length, 0);
  });
});

/** What lets the editor into buckets, and what a link may ask of it. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { BucketAddress } from "../../r2/address";
import { accessFromEnvironment } from "../../r2/credentials";
import { Access, type GivenAccess, type OwnAccess, type Secrets } from "../../src/r2/access";
import { readLink } from "../../src/r2/link";

const account = "a".repeat(32);
const other = "b".repeat(32);
const keys = { kind: "keys", accessKeyId: "1".repeat(32), secretAccessKey: "secret" } as const;
const login = { kind: "login", token: "of wrangler" } as const;
const inEnvironment = { CLOUDFLARE_API_TOKEN: "of the environment", CLOUDFLARE_ACCOUNT_ID: account };

interface Known {
  readonly access: Access;
  readonly kept: Map<string, string>;
  find(address: BucketAddress): ReturnType<Access["find"]>;
  isKnown(address: BucketAddress): Promise<boolean>;
}

function accessWith(variables: Readonly<Record<string, string>>, given?: GivenAccess): Known {
  const kept = new Map<string, string>();
  const secrets: Secrets = {
    get: async (key) => kept.get(key),
    store: async (key, value) => void kept.set(key, value),
    delete: async (key) => void kept.delete(key),
  };
  const access = new Access(secrets);
  const own: OwnAccess = { environment: accessFromEnvironment(variables), login: async () => login };
  if (given !== undefined) void access.give(given);
  return {
    access,
    kept,
    find: (address) => access.find(address, own),
    isKnown: (address) => access.isKnown(address, { ...own, login: () => assert.fail("wrangler was run") }),
  };
}

describe("Credentials for buckets", () => {
  it("that the user gave come before those of the environment", async () => {
    const { find } = accessWith(inEnvironment, { credentials: keys });
    assert.deepEqual((await find({ name: "crashes" }))?.credentials, keys);
  });

  it("are the environment's where the user gave none, or for another account", async () => {
    const { access, find } = accessWith(inEnvironment);
    const fromEnvironment = { kind: "token", token: "of the environment" };
    assert.deepEqual((await find({ name: "crashes" }))?.credentials, fromEnvironment);
    await access.give({ credentials: keys, accountId: account });
    assert.deepEqual((await find({ name: "c", accountId: account }))?.credentials, keys);
    assert.deepEqual((await find({ name: "c", accountId: other }))?.credentials, fromEnvironment);
  });

  it("bring their account to a bucket whose configuration names none", async () => {
    const { find } = accessWith({}, { credentials: keys, accountId: account });
    assert.equal((await find({ name: "crashes" }))?.accountId, account);
  });

  it("may be wrangler's, which is asked each time", async () => {
    const { find, isKnown, kept } = accessWith({}, { credentials: { kind: "wrangler" } });
    assert.ok(await isKnown({ name: "crashes" }));
    assert.deepEqual((await find({ name: "crashes" }))?.credentials, login);
    assert.ok(![...kept.values()].join().includes(login.token));
  });

  it("are gone when the user forgets them", async () => {
    const { access, find, isKnown, kept } = accessWith({}, { credentials: keys });
    assert.ok(await isKnown({ name: "crashes" }));
    await access.forget();
    assert.ok(!(await isKnown({ name: "crashes" })));
    assert.equal(await find({ name: "crashes" }), undefined);
    assert.equal(kept.size, 0);
  });
});

describe("A link to a dump", () => {
  const key = "coredumps/unknown/0123456789abcdef/20260102T030405006Z-ray.coredump";

  it("names a bucket and a key, whose escapes are undone once", () => {
    const link = `bucket=crashes&key=${encodeURIComponent(key)}`;
    assert.deepEqual(readLink("/open", link), { bucket: "crashes", key });
    assert.equal(readLink("/open", "bucket=crashes&key=a%252Fb")?.key, "a%2Fb");
  });

  for (const [what, path, query] of [
    ["of another path", "/delete", `bucket=crashes&key=${key}`],
    ["without a key", "/open", "bucket=crashes"],
    ["with an empty key", "/open", "bucket=crashes&key="],
    ["with a key longer than R2 has", "/open", `bucket=crashes&key=${"k".repeat(1025)}`],
    ["whose bucket is a host", "/open", `bucket=evil.example.com%2Fcrashes&key=${key}`],
    ["whose bucket leads out of a folder", "/open", `bucket=..%2F..&key=${key}`],
    ["whose bucket is no name of R2's", "/open", `bucket=Crashes&key=${key}`],
  ] as const) {
    it(`${what} opens nothing`, () => assert.equal(readLink(path, query), undefined));
  }
});

/** What lets us in: the environment's variables, and what wrangler says. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { formatObjectAddress, isObjectAddress, parseObjectAddress } from "../../r2/address";
import { accessFromEnvironment, credentialsOfWrangler } from "../../r2/credentials";
import { BucketError } from "../../r2/errors";
import { endpointOf } from "../../r2/s3";
import { keys } from "./support/local-s3";

const pair = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };

describe("credentials in the environment", () => {
  it("are R2's own keys first, then those of the AWS variables, then a token", () => {
    const all = { ...pair, R2_ACCESS_KEY_ID: "r2", R2_SECRET_ACCESS_KEY: "s", CLOUDFLARE_API_TOKEN: "t" };
    const kinds = (variables: Record<string, string>): unknown =>
      accessFromEnvironment(variables).credentials;
    assert.deepEqual(kinds({ ...all, R2_ACCESS_KEY_ID: "f".repeat(32) }), {
      kind: "keys",
      accessKeyId: "f".repeat(32),
      secretAccessKey: "s",
      sessionToken: undefined,
    });
    assert.deepEqual(kinds({ ...pair, AWS_SESSION_TOKEN: "x", CLOUDFLARE_API_TOKEN: "t" }), {
      kind: "keys",
      ...keys,
      sessionToken: "x",
    });
    assert.deepEqual(kinds({ CLOUDFLARE_API_TOKEN: "t" }), { kind: "token", token: "t" });
    assert.deepEqual(kinds({ CF_API_TOKEN: " t\n" }), { kind: "token", token: "t" });
    assert.equal(kinds({}), undefined);
    assert.equal(kinds({ AWS_ACCESS_KEY_ID: keys.accessKeyId, CLOUDFLARE_API_TOKEN: "" }), undefined);
  });

  it("are not those of AWS itself, unless an endpoint says where they belong", () => {
    const amazon = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
    assert.deepEqual(accessFromEnvironment({ ...amazon, CLOUDFLARE_API_TOKEN: "t" }).credentials, {
      kind: "token",
      token: "t",
    });
    const own = accessFromEnvironment({ ...amazon, AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9000" });
    assert.equal(own.credentials?.kind, "keys");
    assert.equal(own.endpoint, "http://127.0.0.1:9000");
  });

  it("come with the account", () => {
    assert.equal(accessFromEnvironment({ CLOUDFLARE_ACCOUNT_ID: "a", R2_ACCOUNT_ID: "b" }).accountId, "a");
  });
});

describe("what wrangler says it is logged in with", () => {
  it("is a login, or a token; an API key is neither, nor is a message", () => {
    assert.deepEqual(credentialsOfWrangler('{ "type": "oauth", "token": "o" }'), {
      kind: "login",
      token: "o",
    });
    assert.deepEqual(credentialsOfWrangler('{ "type": "api_token", "token": "t" }'), {
      kind: "token",
      token: "t",
    });
    for (const text of [
      '{ "type": "api_key", "key": "k", "email": "e" }',
      "Not logged in",
      "",
      "null",
      '{"type":"oauth","token":""}',
    ])
      assert.equal(credentialsOfWrangler(text), undefined, text);
  });
});

describe("where a bucket is", () => {
  const accountId = "0123456789abcdef0123456789abcdef";

  it("is the account's endpoint, of its jurisdiction, or the one that was named", () => {
    assert.equal(endpointOf({ name: "b", accountId }), `https://${accountId}.r2.cloudflarestorage.com`);
    for (const jurisdiction of ["eu", "fedramp"] as const)
      assert.equal(
        endpointOf({ name: "b", accountId, jurisdiction }),
        `https://${accountId}.${jurisdiction}.r2.cloudflarestorage.com`,
      );
    assert.equal(endpointOf({ name: "b", endpoint: "http://localhost:1/s3/" }), "http://localhost:1/s3");
  });

  it("is not guessed", () => {
    for (const address of [
      {},
      { accountId: "me" },
      { accountId: `${accountId}.evil.example/` },
      { endpoint: "ftp://x" },
      { endpoint: "x" },
    ])
      assert.throws(() => endpointOf({ name: "b", ...address }), BucketError);
  });

  it("is written r2://bucket/key, and the key is taken as it stands", () => {
    const address = { bucket: "crash-dumps", key: "a%2Fb/ü ?#&//c" };
    assert.deepEqual(parseObjectAddress(formatObjectAddress(address)), address);
    assert.ok(isObjectAddress("r2://b/k") && !isObjectAddress("/r2/b"));
    for (const text of [
      "r2://",
      "r2://bucket",
      "r2://bucket/",
      "r2:///key",
      "r2://Bucket/key",
      "r2://../key",
      "https://bucket/key",
      "r2://a.b.c/key",
    ])
      assert.throws(() => parseObjectAddress(text), BucketError, text);
  });
});

/** Buckets from wrangler's configuration, in its three formats. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { stringify } from "smol-toml";
import { type ConfiguredBucket, readConfiguration } from "../../r2/config";
import { BucketError } from "../../r2/errors";

const account = "0123456789abcdef0123456789abcdef";

const JSONC = `{
  // The Worker that crashes.
  "name": "app", "account_id": "${account}",
  "r2_buckets": [
    { "binding": "CRASHES", "bucket_name": "crash-dumps", "jurisdiction": "eu" },
    { "binding": "DEV", "bucket_name": "dev", "preview_bucket_name": "dev-preview", "remote": true, },
    { "binding": "MADE_UP" },
  ],
  "env": { "production": {
    "account_id": "fedcba9876543210fedcba9876543210",
    "r2_buckets": [{ "binding": "CRASHES", "bucket_name": "crash-dumps-production" }]
  }, "empty": {} },
}`;

const TOML = `# The Worker that crashes.
name = "app"
account_id = "${account}"

[[r2_buckets]]
binding = "CRASHES"
bucket_name = "crash-dumps"
jurisdiction = "eu"

[[r2_buckets]]
binding = "DEV"
bucket_name = "dev"
preview_bucket_name = "dev-preview"
remote = true

[[r2_buckets]]
binding = "MADE_UP"

[env.production]
account_id = "fedcba9876543210fedcba9876543210"
r2_buckets = [{ binding = "CRASHES", bucket_name = "crash-dumps-production" }]

[env.empty]
`;

const rows = (buckets: readonly ConfiguredBucket[]): unknown[] =>
  buckets.map((one) => [
    one.binding,
    one.name,
    one.devName,
    one.isRemote,
    one.jurisdiction,
    one.environment,
    one.accountId,
  ]);

describe("buckets of wrangler's configuration", () => {
  for (const [path, text] of [
    ["wrangler.jsonc", JSONC],
    ["wrangler.toml", TOML],
  ] as const)
    it(`are found at the top level and in environments of ${path}`, () => {
      assert.deepEqual(rows(readConfiguration(path, text).buckets), [
        ["CRASHES", "crash-dumps", "crash-dumps", false, "eu", undefined, account],
        ["DEV", "dev", "dev-preview", true, undefined, undefined, account],
        ["MADE_UP", undefined, "MADE_UP", false, undefined, undefined, account],
        [
          "CRASHES",
          "crash-dumps-production",
          "crash-dumps-production",
          false,
          undefined,
          "production",
          "fedcba9876543210fedcba9876543210",
        ],
      ]);
      assert.equal(readConfiguration(path, text).accountId, account);
    });

  it("are the same whatever the format is", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{2,12}$/);
    const bucket = fc.record(
      {
        binding: word,
        bucket_name: word,
        preview_bucket_name: word,
        remote: fc.boolean(),
        jurisdiction: fc.constantFrom("eu", "fedramp", "default"),
      },
      { requiredKeys: ["binding"] },
    );
    const level = fc.record(
      { account_id: word, r2_buckets: fc.array(bucket, { maxLength: 3 }) },
      { requiredKeys: [] },
    );
    const config = level.chain((top) =>
      fc.dictionary(word, level, { maxKeys: 3 }).map((env) => ({ ...top, env })),
    );
    fc.assert(
      fc.property(config, (value) => {
        const json = readConfiguration("wrangler.json", JSON.stringify(value)).buckets;
        assert.deepEqual(rows(readConfiguration("wrangler.toml", stringify(value)).buckets), rows(json));
        const levels = [value, ...Object.values(value.env)];
        assert.equal(
          json.length,
          levels.reduce((sum, { r2_buckets: list = [] }) => sum + list.length, 0),
        );
        for (const { environment, accountId } of json) {
          const own = environment === undefined ? undefined : value.env[environment]!.account_id;
          assert.equal(accountId, own ?? value.account_id);
        }
      }),
      { numRuns: 60 },
    );
  });

  for (const [what, path, text, message] of [
    ["a comma that is missing", "wrangler.jsonc", '{\n"a": 1\n"b": 2 }', /CommaExpected in line 3/],
    ["nothing", "wrangler.json", "", /not understood/],
    ["a list in place of a table", "wrangler.json", "[]", /It is no table/],
    ["buckets that are no list", "wrangler.json", '{"r2_buckets": {}}', /r2_buckets is no list/],
    ["a bucket that is a name", "wrangler.json", '{"r2_buckets": ["x"]}', /r2_buckets\[0\] is no table/],
    ["a bucket without a binding", "wrangler.json", '{"r2_buckets": [{}]}', /r2_buckets\[0\] has no binding/],
    [
      "a name that is a number",
      "wrangler.toml",
      "r2_buckets = [{ binding = 'B', bucket_name = 3 }]",
      /bucket_name is no text/,
    ],
    [
      "a jurisdiction that is none",
      "wrangler.toml",
      "r2_buckets = [{ binding = 'B', jurisdiction = 'moon' }]",
      /moon, not one of eu, fedramp/,
    ],
    ["TOML that is none", "wrangler.toml", "r2_buckets = [", /wrangler\.toml is not understood/],
    ["brackets without end", "wrangler.json", "[".repeat(500_000), /not understood/],
    ["brackets without end", "wrangler.toml", `a = ${"[".repeat(500_000)}`, /not understood/],
    ["a file too large to be one", "wrangler.json", " ".repeat(2_000_000), /too large/],
  ] as const)
    it(`are not guessed from ${what} (${path})`, () => {
      assert.throws(
        () => readConfiguration(path, text),
        (error) =>
          error instanceof BucketError && error.kind === "BadConfiguration" && message.test(error.message),
      );
    });

  it("come out right or with a reason, whatever the text is", () => {
    const pieces = fc.constantFrom(
      "r2_buckets",
      "[[",
      "]]",
      "[",
      "]",
      "{",
      "}",
      "=",
      ":",
      ",",
      '"',
      "binding",
      "env",
      "\n",
      "__proto__",
      "//",
      "#",
      "1",
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((all) => all.join("")),
        fc.constantFrom("wrangler.jsonc", "wrangler.toml"),
        (text, path) => {
          try {
            readConfiguration(path, text);
          } catch (error) {
            assert.ok(error instanceof BucketError, String(error));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

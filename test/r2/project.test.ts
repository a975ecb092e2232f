/** Which bucket and which access a project means: its configuration, one that a build tool made, and its `.env` files. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { BucketError } from "../../r2/errors";
import { type BucketChoice, chosenBucket } from "../../r2/node/bucket-choice";
import { configurationAt, findConfiguration } from "../../r2/node/configuration";
import { projectAccess } from "../../r2/node/dot-env";
import { openBucket } from "../../r2/node/open-bucket";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "wasm-postmortem-project-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (path: string): string => join(root, path);

/** A file of the project. */
function file(path: string, content: string | object): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), typeof content === "string" ? content : JSON.stringify(content));
  return at(path);
}

const bucket = (name: string, more: object = {}): object => ({
  r2_buckets: [{ binding: "CRASHES", bucket_name: name, ...more }],
});

const namesIn = (folder: string): unknown => findConfiguration(at(folder))?.buckets.map(({ name }) => name);

const isBadConfiguration =
  (message: RegExp) =>
  (error: unknown): boolean =>
    error instanceof BucketError && error.kind === "BadConfiguration" && message.test(error.message);

describe("the configuration of a project", () => {
  it("is the nearest, JSON before TOML", () => {
    const toml = file("src/deep/wrangler.toml", 'r2_buckets = [{ binding = "B", bucket_name = "inner" }]');
    assert.equal(findConfiguration(at("src/deep"))!.path, toml);
    file("wrangler.jsonc", `// outer\n${JSON.stringify(bucket("outer"))}`);
    assert.deepEqual(namesIn("src/deep"), ["outer"]);
  });

  it("is its own in each package of a monorepo", () => {
    for (const name of ["one", "two"]) file(`packages/${name}/wrangler.jsonc`, bucket(`${name}-dumps`));
    mkdirSync(at("packages/two/src"));
    assert.deepEqual(namesIn("packages/one"), ["one-dumps"]);
    assert.deepEqual(namesIn("packages/two/src"), ["two-dumps"]);
    assert.equal(namesIn("."), undefined);
  });

  it("is the one that its build tool made, while its local state stays where the user's is", () => {
    file("wrangler.jsonc", bucket("as-written"));
    const made = file("dist/app/wrangler.json", bucket("as-built"));
    file(".wrangler/deploy/config.json", { configPath: "../../dist/app/wrangler.json" });
    mkdirSync(at("src"));
    const { path, project, buckets } = findConfiguration(at("src"))!;
    assert.deepEqual([path, project, buckets[0]!.name], [made, root, "as-built"]);
    rmSync(at("wrangler.jsonc"));
    assert.deepEqual(namesIn("src"), ["as-built"]);
  });

  it("is not guessed where the build tool's is missing or malformed", () => {
    file("wrangler.jsonc", bucket("as-written"));
    file(".wrangler/deploy/config.json", { configPath: "gone.json" });
    assert.throws(() => findConfiguration(root), isBadConfiguration(/gone\.json cannot be read/));
    file(".wrangler/deploy/config.json", {});
    assert.throws(() => findConfiguration(root), isBadConfiguration(/config\.json .*has no configPath/));
  });
});

describe("the bucket that is meant", () => {
  const chosen = (config: object, choice: BucketChoice = {}): unknown[] => {
    const { name, devName, jurisdiction, accountId } = chosenBucket(
      choice,
      configurationAt(file("wrangler.json", config)),
    );
    return [name, devName, jurisdiction, accountId];
  };

  const all = {
    account_id: "top",
    ...bucket("dumps", { preview_bucket_name: "dumps-preview", jurisdiction: "eu" }),
    env: { production: { account_id: "own", ...bucket("dumps-production") }, empty: {} },
  };

  it("is the only one, by any of its names, and keeps its jurisdiction by each", () => {
    const only = ["dumps", "dumps-preview", "eu", "top"];
    assert.deepEqual(chosen(all), only);
    assert.deepEqual(chosen(all, { bucket: "dumps" }), only);
    assert.deepEqual(chosen(all, { bucket: "CRASHES" }), only);
    assert.deepEqual(chosen(all, { bucket: "dumps-preview" }), [
      "dumps-preview",
      "dumps-preview",
      "eu",
      "top",
    ]);
  });

  it("is of the environment that is named, which inherits no bucket", () => {
    const production = ["dumps-production", "dumps-production", undefined, "own"];
    assert.deepEqual(chosen(all, { env: "production" }), production);
    assert.deepEqual(chosen(all, { bucket: "dumps-production" }), production);
    assert.throws(() => chosen(all, { env: "empty" }), /names no bucket.*--bucket NAME/);
  });

  it("is one of the account where no Worker has it bound", () =>
    assert.deepEqual(chosen(all, { bucket: "unbound" }), ["unbound", "unbound", undefined, "top"]));

  it("is never that of another environment than a build tool built for", () => {
    const built = { ...bucket("dumps-staging"), targetEnvironment: "staging" };
    for (const choice of [{}, { env: "staging" }]) assert.equal(chosen(built, choice)[0], "dumps-staging");
    assert.throws(
      () => chosen(built, { env: "production" }),
      isBadConfiguration(/was built for the environment staging, not for production/),
    );
  });

  it("is of CLOUDFLARE_ENV, unless the command line says another environment", async () => {
    file("wrangler.json", all);
    const key = {
      R2_ACCESS_KEY_ID: "0".repeat(32),
      R2_SECRET_ACCESS_KEY: "s",
      R2_ENDPOINT: "http://127.0.0.1:9",
    };
    const name = async (env: string | undefined, variables: object): Promise<string> => {
      const surroundings = { folder: root, variables: { ...key, ...variables }, localScript: "" };
      return (await openBucket({ env }, surroundings)).bucket.name;
    };
    assert.equal(await name(undefined, {}), "dumps");
    assert.equal(await name(undefined, { CLOUDFLARE_ENV: "production" }), "dumps-production");
    await assert.rejects(name("empty", { CLOUDFLARE_ENV: "production" }), /names no bucket/);
  });
});

describe("the access that a project's files give", () => {
  const token = (name: string): string => `CLOUDFLARE_API_TOKEN=${name}\n`;
  const tokenOf = (variables: Record<string, string>, environment?: string): unknown => {
    const { credentials } = projectAccess(root, variables, environment);
    return credentials?.kind === "token" ? credentials.token : credentials;
  };

  it("is .env's, then .env.local's, then those of the environment, as wrangler has it", () => {
    assert.equal(tokenOf({}), undefined);
    file(".dev.vars", token("of the Worker"));
    assert.equal(tokenOf({}), undefined);
    file(".env", `# for wrangler\nexport ${token('"of env"')}CLOUDFLARE_ACCOUNT_ID='account' # mine\n`);
    assert.equal(tokenOf({}), "of env");
    assert.equal(projectAccess(root, {}).accountId, "account");
    file(".env.local", token("of local"));
    assert.equal(tokenOf({}), "of local");
    file(".env.production", token("of production"));
    assert.equal(tokenOf({}), "of local");
    assert.equal(tokenOf({}, "production"), "of production");
    file(".env.production.local", token("of both"));
    assert.equal(tokenOf({}, "production"), "of both");
  });

  it("comes after the process's own, whose credentials go nowhere that a file says", () => {
    file(".env", `${token("of env")}R2_ENDPOINT=http://elsewhere.invalid\nCLOUDFLARE_ACCOUNT_ID=account\n`);
    const own = { CLOUDFLARE_API_TOKEN: "own" };
    assert.equal(tokenOf(own), "own");
    const { endpoint, accountId } = projectAccess(root, own);
    assert.deepEqual([endpoint, accountId], [undefined, "account"]);
    assert.equal(projectAccess(root, {}).endpoint, "http://elsewhere.invalid");
  });
});

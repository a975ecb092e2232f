/** The local state of `wrangler dev`: what a real miniflare has persisted is read and written through miniflare. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Bucket } from "../../r2/bucket";
import { LocalState, localBuckets } from "../../r2/node/local";
import { askWrangler, findMiniflare } from "../../r2/node/wrangler";
import { S3Bucket } from "../../r2/s3";
import { keys, startLocalS3 } from "./support/local-s3";
import { buildLocalServer } from "./support/programs";
import { bytes, fails, textOf } from "./support/reading";

const root = join(__dirname, "../..");

describe("the local state of wrangler dev", () => {
  let folder: string;
  let script: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-local-"));
    script = buildLocalServer(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Works on the bucket crash-dumps of the state without us, over miniflare's own S3 endpoint. */
  async function throughMiniflare(state: string, work: (bucket: Bucket) => Promise<void>): Promise<void> {
    const { endpoint, dispose } = await startLocalS3("crash-dumps", join(state, "v3", "r2"));
    await work(new S3Bucket({ name: "crash-dumps", endpoint }, keys)).finally(dispose);
  }

  it("is listed, read in ranges, written and deleted, and what is written lasts", async () => {
    const state = join(folder, "state");
    await throughMiniflare(state, async (bucket) => {
      for (const key of ["coredumps/1/a", "coredumps/2/it's (*) ü", "top"])
        await bucket.put(key, bytes(`of ${key}`));
    });
    assert.deepEqual(localBuckets(state), ["crash-dumps"]);

    const local = await LocalState.open({ state, project: root, script, create: ["new-one"] });
    try {
      const bucket = local.bucket("crash-dumps");
      const page = await bucket.list({ prefix: "coredumps/", delimiter: "/" });
      assert.deepEqual([page.objects, page.folders], [[], ["coredumps/1/", "coredumps/2/"]]);
      const first = await bucket.list({ limit: 2 });
      const second = await bucket.list({ limit: 2, cursor: first.cursor });
      const keys = [...first.objects, ...second.objects].map(({ key }) => key);
      assert.deepEqual(keys, ["coredumps/1/a", "coredumps/2/it's (*) ü", "top"]);
      assert.equal(second.cursor, undefined);
      assert.equal(await textOf(await bucket.get("coredumps/2/it's (*) ü")), "of coredumps/2/it's (*) ü");
      assert.equal(await textOf(await bucket.get("top", { range: { offset: 3, length: 9 } })), "top");
      const { etag, size } = await bucket.head("top");
      assert.equal(size, 6);

      await bucket.put("top", bytes("written anew"));
      await fails(bucket.get("top", { ifMatch: etag }), "Changed", /was changed/);
      await bucket.put("../up", new Blob(["a key that no URL has"]));
      assert.equal(await textOf(await bucket.get("../up")), "a key that no URL has");
      await bucket.put("empty", new Uint8Array(0));
      assert.equal(await textOf(await bucket.get("empty")), "");
      await bucket.delete("coredumps/1/a");
      await bucket.delete("coredumps/1/a");
      await fails(bucket.head("coredumps/1/a"), "NotFound", /no object coredumps\/1\/a/);
      await fails(bucket.get("coredumps/1/a"), "NotFound", /no object/);
      await local.bucket("new-one").put("a", bytes("b"));
      assert.throws(() => local.bucket("other"), /There is no bucket other/);
    } finally {
      await local.close();
    }

    await throughMiniflare(state, async (bucket) => {
      assert.equal(await textOf(await bucket.get("top")), "written anew");
    });
    assert.deepEqual(localBuckets(state).toSorted(), ["crash-dumps", "new-one"]);
  });

  it("says what to do where there is none, or no wrangler to read it", async () => {
    const none = { state: join(folder, "nowhere"), project: root, script };
    await fails(LocalState.open(none), "NoLocalState", /Run `wrangler dev` once/);
    const project = mkdtempSync(join(tmpdir(), "wasm-postmortem-bare-"));
    assert.throws(() => findMiniflare(project, {}), /npm install --save-dev wrangler/);
    rmSync(project, { recursive: true });
  });

  it("says what miniflare says when it does not start", async () => {
    const project = join(folder, "broken");
    const miniflare = join(project, "node_modules", "miniflare");
    mkdirSync(miniflare, { recursive: true });
    writeFileSync(join(miniflare, "package.json"), '{ "name": "miniflare", "main": "index.js" }');
    writeFileSync(join(miniflare, "index.js"), 'throw new Error("needs a newer Node");');
    const options = { state: join(folder, "s"), project, script, create: ["b"] };
    await fails(LocalState.open(options), "NoLocalState", /It says: needs a newer Node/);
    writeFileSync(join(miniflare, "index.js"), 'console.error("out of luck"); process.exit(3);');
    await fails(LocalState.open(options), "NoLocalState", /It says: out of luck/);
    await assert.rejects(
      LocalState.open({ ...options, signal: AbortSignal.abort(new Error("cancelled")) }),
      /cancelled/,
    );
  });
});

describe("the project's wrangler", () => {
  let project: string;
  before(() => {
    project = mkdtempSync(join(tmpdir(), "wasm-postmortem-wrangler-"));
  });
  after(() => rmSync(project, { recursive: true }));

  /** A fake that is installed as wrangler is. */
  function install(program: string): void {
    const folder = join(project, "node_modules", "wrangler");
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "name": "wrangler", "main": "bin/wrangler.js" }');
    writeFileSync(join(folder, "bin", "wrangler.js"), program);
  }

  it("is asked for its login, and may have none", async () => {
    install(
      'if (process.argv.slice(2).join(" ") === "auth token --json") console.log(\'{ "type": "oauth", "token": "mine" }\');',
    );
    assert.deepEqual(await askWrangler(project), { kind: "login", token: "mine" });
    install('console.error("Not logged in."); process.exitCode = 1;');
    assert.equal(await askWrangler(project), undefined);
  });
});

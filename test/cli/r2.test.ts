/**
 * The command line and R2: `upload`, `split --upload`, `fetch`, and `r2://` in the place of files. The bucket is the real
 * workerd's, which refuses every request that is not signed as it must be; or the local state that it leaves.
 */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, before, describe, it } from "mocha";
import { type UploadReport, uploadDebugFile } from "../../cli/r2/upload-file";
import { FormatError } from "../../engine/bytes/errors";
import type { Triage } from "../../engine/postmortem/triage";
import type { Bucket } from "../../r2/bucket";
import { crashKey, debugFileKey } from "../../r2/layout";
import type { BucketChoice } from "../../r2/node/bucket-choice";
import { type OpenedBucket, openBucket } from "../../r2/node/open-bucket";
import { readObject } from "../../r2/read-object";
import { S3Bucket } from "../../r2/s3";
import { dumpPath, expected, fixture, modulePath } from "../fixtures";
import { keys, type LocalS3, startLocalS3 } from "../r2/support/local-s3";
import { loopback } from "../r2/support/loopback";
import { buildCommandLine, buildLocalServer, type Ended, run } from "../r2/support/programs";
import { fails } from "../r2/support/reading";
import { serveObject } from "../r2/support/s3-fake";

const root = join(__dirname, "../..");

describe("the command line and R2", function () {
  this.timeout(60_000);
  const shapes = fixture("c-shapes-o0-dwarf5");
  let folder: string;
  let cli: string;
  let server: LocalS3;
  let bucket: Bucket;
  const at = (...names: string[]): string => join(folder, ...names);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-cli-r2-"));
    cli = buildCommandLine(folder);
    buildLocalServer(folder);
    server = await startLocalS3("crash-dumps");
    bucket = new S3Bucket({ name: "crash-dumps", endpoint: server.endpoint }, keys);
    copyFileSync(modulePath(shapes), at("app.wasm"));
    writeFileSync(at("wrangler.toml"), '[[r2_buckets]]\nbinding = "CRASHES"\nbucket_name = "crash-dumps"\n');
    // As in a project that has wrangler, or miniflare itself.
    mkdirSync(at("node_modules"));
    symlinkSync(join(root, "node_modules", "miniflare"), at("node_modules", "miniflare"));
  });
  after(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true });
  });

  const remote = (): Record<string, string> => ({
    R2_ENDPOINT: server.endpoint,
    R2_ACCESS_KEY_ID: keys.accessKeyId,
    R2_SECRET_ACCESS_KEY: keys.secretAccessKey,
    XDG_CACHE_HOME: at("caches"),
  });
  const postmortem = (...args: string[]): Promise<Ended> => run(cli, args, folder, remote());

  /** The debug file that `split` writes for app.wasm. */
  let debugFile: string;
  const buildId = (): string => debugFile.replace(/^debug-|-|\.wasm$/g, "");

  it("split --upload puts the debug file under its build id, and upload does not send the same bytes again", async () => {
    const split = await postmortem("split", "app.wasm", "-o", "out/app.wasm", "--upload");
    assert.equal(split.err, "");
    [debugFile = ""] = readdirSync(at("out")).filter((name) => name.startsWith("debug-"));
    assert.match(split.out, new RegExp(`r2://crash-dumps/${debugFile}  \\d+ KiB, uploaded\n`));
    assert.equal(debugFileKey(buildId()), debugFile);
    const stored = await readObject(bucket, debugFile);
    assert.ok(Buffer.from(stored).equals(readFileSync(at("out", debugFile))));
    const { modified } = await bucket.head(debugFile);

    const again = await postmortem("upload", join("out", debugFile), "--bucket", "crash-dumps", "--json");
    const [report] = JSON.parse(again.out) as UploadReport[];
    assert.deepEqual([report!.state, report!.buildId], ["known", buildId()]);
    assert.deepEqual((await bucket.head(debugFile)).modified, modified);

    // As a build command runs again over what it has split before.
    const second = await postmortem("split", "out/app.wasm", "-o", "out/app.wasm", "--upload", "--json");
    const { state, upload } = JSON.parse(second.out) as { state: string; upload: UploadReport };
    assert.deepEqual([state, upload.state], ["already split", "known"]);
  });

  it("upload says when it replaces other bytes of the same build id", async () => {
    const { etag } = await bucket.head(debugFile);
    await bucket.put(debugFile, new Uint8Array(3));
    assert.equal((await uploadDebugFile(at("out", debugFile), bucket)).state, "replaced");
    assert.equal((await bucket.head(debugFile)).etag, etag);
  });

  it("upload refuses what nothing could be found by, and leaves the debug file that is there", async () => {
    const small = await postmortem("upload", join("out", "app.wasm"));
    assert.equal(small.status, 2);
    assert.match(small.err, /has no debug information: give the debug-<build id>\.wasm/);
    const section = [".debug_info".length, ...Buffer.from(".debug_info"), 0];
    const anonymous = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, section.length, ...section);
    writeFileSync(at("anonymous.wasm"), anonymous);
    await assert.rejects(
      uploadDebugFile(at("anonymous.wasm"), bucket),
      /has no build id.*would not be found/,
    );
    await assert.rejects(uploadDebugFile(at("wrangler.toml"), bucket), FormatError);
    await assert.rejects(uploadDebugFile(at("nothing.wasm"), bucket), /nothing\.wasm does not exist/);
    const { objects } = await bucket.list({ prefix: "debug-" });
    assert.deepEqual(
      objects.map(({ key }) => key),
      [debugFile],
    );
  });

  /** Puts the dump of app.wasm into a bucket, packed as the service does. @returns addresses of debug file and dump */
  async function putCrash(into: Bucket): Promise<[module: string, dump: string]> {
    const time = new Date("2026-11-01T10:00:00Z");
    const key = crashKey(
      { buildId: buildId(), fingerprint: "0123456789abcdef", time, ray: "8f" },
      "coredump",
    );
    await into.put(key, new Uint8Array(gzipSync(readFileSync(dumpPath(shapes)))));
    return [`r2://crash-dumps/${debugFile}`, `r2://crash-dumps/${key}`];
  }

  /** That a triage is the one of the crash. */
  function isOfCrash({ out, err }: Ended): void {
    assert.equal(err, "");
    const { crash, frames } = expected(shapes);
    const told = JSON.parse(out) as Triage;
    const lines = (all: readonly { function: string; line: number }[]): unknown[] =>
      all.slice(0, frames.length).map(({ function: name, line }) => [name, line]);
    assert.deepEqual(lines(told.frames), lines(frames));
    assert.equal(told.frames[told.crashFrame!]!.path, crash.file);
  }

  it("triage and gdb open dumps and debug files where they lie in the bucket", async () => {
    const [module, dump] = await putCrash(bucket);
    isOfCrash(await postmortem("triage", "--json", module, dump));
    const gdb = await postmortem("gdb", "--batch", "--ex", "bt", module, dump);
    assert.match(gdb.out, /#0 .*c-shapes\.c:\d+/);

    const fetched = await postmortem("fetch", dump, "-o", "got");
    assert.deepEqual(
      readdirSync(at("got")).toSorted(),
      [`20261101T100000000Z-8f.coredump`, debugFile].toSorted(),
    );
    assert.equal(fetched.status, 0);
    assert.ok(readFileSync(at("got", debugFile)).equals(readFileSync(at("out", debugFile))));
  });

  it("says what is missing: the object, the bucket, the credentials, a choice", async () => {
    const object = await postmortem("fetch", "r2://crash-dumps/none");
    assert.deepEqual([object.status, object.out], [2, ""]);
    assert.match(object.err, /^wasm-postmortem: There is no object none in bucket crash-dumps/);
    const open = (choice: BucketChoice, variables: Record<string, string>): Promise<OpenedBucket> =>
      openBucket(choice, { folder, variables, localScript: "" });
    await fails(open({}, {}), "NoCredentials", /for bucket crash-dumps\. Set CLOUDFLARE_API_TOKEN/);
    const other = await open({ bucket: "other-bucket" }, remote());
    await fails(other.bucket.list(), "MissingBucket", /There is no bucket other-bucket/);
    await fails(open({ jurisdiction: "moon" }, remote()), "BadAddress", /There is no jurisdiction moon/);
    writeFileSync(
      at("two.json"),
      '{ "r2_buckets": [{ "binding": "A", "bucket_name": "one" }, { "binding": "B", "bucket_name": "two" }] }',
    );
    await fails(
      open({ config: "two.json" }, remote()),
      "BadAddress",
      /several buckets: one, two\. Say which one/,
    );
    assert.equal((await open({ config: "two.json", bucket: "B" }, remote())).bucket.name, "two");
    assert.equal((await open({ config: "two.json", bucket: "unbound" }, remote())).bucket.name, "unbound");
    await fails(open({ config: "none.json" }, remote()), "BadConfiguration", /cannot be read/);
  });

  for (const [what, signal, ended] of [
    ["that Ctrl-C ends", "SIGINT", 130],
    ["that is killed", "SIGKILL", null],
  ] as const)
    it(`a fetch ${what} leaves no half file, and two at the same time finish it`, async () => {
      const content = randomBytes(2_000_000);
      const cache = join(at(`caches-${signal}`), "wasm-postmortem", "r2");
      let child: ChildProcess | undefined;
      let waiting: NodeJS.Timeout | undefined;
      // When a part of the object is on the disk.
      const killSoon = (): void => {
        const parts = existsSync(cache) ? readdirSync(cache).filter((name) => name.endsWith(".part")) : [];
        if (parts.some((name) => statSync(join(cache, name)).size >= 1_000_000)) child!.kill(signal);
        else waiting = setTimeout(killSoon, 20);
      };
      const slow = await loopback((request, response) => {
        const isFirst = child !== undefined && request.method === "GET";
        serveObject(request, response, content, isFirst ? { cutAt: 1_500_000, end: "silence" } : {});
        if (isFirst) killSoon();
      });
      const args = ["fetch", "r2://crash-dumps/large.bin", "-o", `${signal}-0`];
      const variables = { ...remote(), R2_ENDPOINT: slow.url, XDG_CACHE_HOME: at(`caches-${signal}`) };
      const broken = await run(cli, args, folder, variables, (started) => {
        child = started;
      });
      assert.deepEqual([broken.status, broken.out, broken.err], [ended, "", ""]);
      assert.equal(existsSync(at(`${signal}-0`)), false);
      clearTimeout(waiting);
      child = undefined;
      const outs = [`${signal}-1`, `${signal}-2`];
      const again = outs.map((out) => run(cli, [...args.slice(0, -1), out], folder, variables));
      for (const { status, err } of await Promise.all(again)) assert.equal(status, 0, err);
      for (const out of outs) assert.ok(readFileSync(at(out, "large.bin")).equals(content));
      assert.match(slow.requests.map(({ headers }) => headers.range).join(), /bytes=1\d{6}-/);
      await slow.close();
    });

  it("uploads to the local state of wrangler dev, fetches from there, and opens what is there", async () => {
    const upload = await postmortem("upload", join("out", debugFile), "--local");
    assert.equal(upload.err, "");
    assert.match(upload.out, /uploaded\n$/);
    const state = join(".wrangler", "state");
    const address = `r2://crash-dumps/${debugFile}`;
    const fetched = await postmortem("fetch", address, "--local", "-o", "local");
    assert.equal(fetched.err, "");
    assert.ok(readFileSync(at("local", debugFile)).equals(readFileSync(at("out", debugFile))));

    // Nothing but the option says that the bucket is not the account's.
    const here = { folder, variables: {}, localScript: at("r2-local.js") };
    const { bucket: local, close } = await openBucket({ local: true }, here);
    const [module, dump] = await putCrash(local);
    await close();
    isOfCrash(await run(cli, ["triage", "--persist-to", state, "--json", module, dump], folder));
  });
});

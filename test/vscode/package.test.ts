/** The packed extension holds what it needs and nothing else, and its adapter runs with no other file. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "mocha";
import { packedExtension } from "./support/demo";
import { unzip } from "./support/unzip";

describe("The packed extension", () => {
  let files: ReadonlyMap<string, Buffer>;
  let folder: string;

  before(async () => {
    files = unzip(await readFile(packedExtension));
    folder = await mkdtemp(join(tmpdir(), "wasm-postmortem-"));
    for (const [name, bytes] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is smaller than 1 MB", async () => {
    assert.ok((await readFile(packedExtension)).length < 1_000_000);
  });

  it("holds every file that its manifest names", () => {
    const manifest = JSON.parse(files.get("extension/package.json")!.toString());
    // The command line is npm's: the extension has no use for it.
    for (const path of [manifest.main, manifest.browser, manifest.icon]) {
      assert.ok(files.has(join("extension", path)), path);
    }
  });

  it("ships no source, test or dependency tree", () => {
    const names = [...files.keys()].filter((name) => name.startsWith("extension/"));
    const wanted =
      /^extension\/(package(\.nls(\.\w+)?)?\.json|l10n\/[\w.]+\.json|dist\/sample\/[\w.-]+|media\/walkthrough\/\w+\.svg|(readme|changelog)\.md|LICENSE\.txt|dist\/[\w/-]+\.js|media\/icon\.png|docs\/[\w-]+\.png|syntaxes\/[\w.-]+\.json)$/;
    assert.deepEqual(
      names.filter((name) => !wanted.test(name)),
      [],
    );
  });

  it("loads no Node module in a browser", () => {
    for (const name of ["extension", "engine"]) {
      const web = files.get(`extension/dist/web/${name}.js`)!.toString();
      assert.doesNotMatch(web, /require\("(node:|fs|path|child_process)/);
    }
  });

  it("leaves the engine to a Worker in a browser, and does not load it to activate", () => {
    const has = (name: string): boolean =>
      files.get(`extension/dist/web/${name}.js`)!.toString().includes("supportsDelayedStackTraceLoading");
    assert.deepEqual([has("extension"), has("engine")], [false, true]);
  });

  it("answers an editor's initialize", async () => {
    const adapter = spawn(process.execPath, [join(folder, "extension", "dist", "adapter.js")], {
      cwd: folder,
    });
    const answer = new Promise<string>((resolve, reject) => {
      let heard = "";
      adapter.once("error", reject);
      adapter.once("exit", (status) => reject(new Error(`The adapter ended with ${status}.`)));
      adapter.stdout.on("data", (bytes) => {
        heard += bytes;
        if (heard.includes("supportsConfigurationDoneRequest")) resolve(heard);
      });
    });
    const request = JSON.stringify({
      seq: 1,
      type: "request",
      command: "initialize",
      arguments: { adapterID: "wasm-coredump" },
    });
    adapter.stdin.write(`Content-Length: ${request.length}\r\n\r\n${request}`);
    assert.match(await answer, /"success":true/);
    adapter.kill();
  });
});

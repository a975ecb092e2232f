/** The examples of the capture library, run as they are: their crashes leave dumps that open at the crash line. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { after, before, describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";

/** An example's script with what it imports, the library as a program has it. */
async function bundled(script: string, outfile: string): Promise<string> {
  await build({
    entryPoints: [script],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    external: ["*.wasm", "cloudflare:*"],
    alias: { "wasm-postmortem/capture": join(__dirname, "../../capture/library/index.ts") },
  });
  return readFileSync(outfile, "utf8");
}

/** Function and line of each frame, youngest first, by the module's debug information. */
function framesOf(dump: Uint8Array, module: string): string[] {
  const source = new MemorySource(module, readFileSync(module));
  const crash = openCrash({
    dump: new MemorySource("dump", dump),
    main: { module: { path: module, source } },
  });
  return crash.threads[0]!.frames().map(({ name, location }) => `${name}:${location?.line ?? "?"}`);
}

/** The line that a source marks. */
const lineOf = (mark: string, source: string): number =>
  readFileSync(source, "utf8")
    .split("\n")
    .findIndex((line) => line.includes(mark)) + 1;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "capture-examples-"));
});
after(() => rmSync(folder, { recursive: true }));

async function inWorkerd(
  example: string,
  module: string,
  use: (get: (path: string) => Promise<{ status: number; body: Buffer }>) => Promise<void>,
): Promise<void> {
  const worker = new Miniflare({
    ...{ telemetry: { enabled: false }, cf: false, compatibilityDate: "2026-07-01" },
    modules: [
      {
        type: "ESModule",
        path: "worker.mjs",
        contents: await bundled(`${example}/worker.mjs`, join(folder, "worker.mjs")),
      },
      { type: "CompiledWasm", path: `pkg/${module}`, contents: readFileSync(`${example}/pkg/${module}`) },
    ],
  });
  try {
    await use(async (path) => {
      const answer = await worker.dispatchFetch(`http://worker${path}`);
      return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
    });
  } finally {
    await worker.dispose();
  }
}

describe("the example of wasm-bindgen", function () {
  this.timeout(60_000);
  const example = "examples/capture-wasm-bindgen";
  const module = `${example}/pkg/prices_bg.wasm`;

  function assertCrash(dump: Uint8Array): void {
    const frames = framesOf(dump, module);
    const own = frames.findIndex((frame) => frame.includes("look_up"));
    const lineIn = (mark: string) => lineOf(mark, `${example}/src/lib.rs`);
    assert.ok(frames[own]!.endsWith(`:${lineIn("crash here")}`), frames.join("\n"));
    assert.match(frames[own - 1]!, /panic_bounds_check/);
    assert.match(frames[own + 1]!, new RegExp(`price::\\{async_fn.*:${lineIn("call: look_up")}$`));
    assert.ok(frames.length - own > 5, "to the entry from JavaScript's microtask");
  }

  it("leaves the dump of a panic in a future whose promise is never settled, and fails the request, in workerd", () =>
    inWorkerd(example, "prices_bg.wasm", async (get) => {
      assert.equal(`${(await get("/1")).body}`, "80");
      assert.equal((await get("/dump")).status, 404);
      const { status, body } = await get("/7");
      assert.deepEqual([status, `${body}`], [500, "RuntimeError: unreachable"]);
      assertCrash((await get("/dump")).body);
    }));

  it("does so in Node", async () => {
    await bundled(`${example}/main.mjs`, join(folder, "main.mjs"));
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["main.mjs", join(process.cwd(), example)],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    assert.equal(stdout, "80\n");
    assert.equal(status, 1, "the program ends as it does without");
    assert.match(stderr, /RuntimeError: unreachable/);
    assertCrash(readFileSync(join(folder, "prices.coredump")));
  });
});

describe("the example of Emscripten", function () {
  this.timeout(60_000);
  const example = "examples/capture-emscripten";

  it("leaves the dumps of a call and of a callback that nobody waits for, in workerd", () =>
    inWorkerd(example, "prices.wasm", async (get) => {
      assert.equal(`${(await get("/price/1")).body}`, "80");
      assert.equal((await get("/price/100000000")).status, 500);
      assert.equal(`${(await get("/later/100000000")).body}`, "crashed later");
      const line = lineOf("crash here", `${example}/prices.c`);
      const frames = async (index: number) =>
        framesOf((await get(`/dump/${index}`)).body, `${example}/pkg/prices.wasm`);
      assert.deepEqual((await frames(0)).slice(0, 1), [`look_up:${line}`]);
      const later = await frames(1);
      assert.deepEqual(later.slice(0, 1), [`look_up:${line}`]);
      assert.match(later[1]!, /^later:/);
    }));
});

describe("the example of workers-rs", function () {
  this.timeout(60_000);
  const example = "examples/capture-workers-rs";
  const module = `${example}/pkg/index_bg.wasm`;

  it("sends the dump of a panic in a handler that has waited, fails the request at once, and answers the next one, in workerd", async () => {
    let take: (dump: Buffer) => void = () => {};
    const sent = new Promise<Buffer>((done) => {
      take = done;
    });
    const worker = new Miniflare({
      ...{ telemetry: { enabled: false }, cf: false, compatibilityDate: "2026-07-01" },
      modules: [
        {
          type: "ESModule",
          path: "worker.mjs",
          contents: await bundled(`${example}/worker.mjs`, join(folder, "workers-rs.mjs")),
        },
        { type: "CompiledWasm", path: "index_bg.wasm", contents: readFileSync(module) },
      ],
      serviceBindings: {
        async COREDUMPS(request: { arrayBuffer(): Promise<ArrayBuffer> }) {
          take(Buffer.from(await request.arrayBuffer()));
          return new Response("taken") as never;
        },
      },
    });
    try {
      const get = async (path: string) => {
        const answer = await worker.dispatchFetch(`http://worker${path}`);
        return { status: answer.status, text: await answer.text() };
      };
      assert.deepEqual(await get("/1"), { status: 200, text: "80" });
      assert.equal((await get("/7")).status, 500);
      assert.deepEqual(await get("/2"), { status: 200, text: "45" });
      const frames = framesOf(await sent, module);
      const lineIn = (mark: string) => lineOf(mark, `${example}/src/lib.rs`);
      const own = frames.findIndex((frame) => frame.includes("look_up"));
      assert.ok(frames[own]!.endsWith(`:${lineIn("crash here")}`), frames.join("\n"));
      assert.match(frames[own + 1]!, new RegExp(`async_fn.*:${lineIn("call: look_up")}$`));
    } finally {
      await worker.dispose();
    }
  });
});

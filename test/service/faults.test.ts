/** What goes wrong around a crash costs only its part, and the program's own error is what it was (docs/SERVICE.md). */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { after, before, beforeEach, describe, it } from "mocha";
import { readRecord } from "../../r2/record";
import { fixture, loadDump } from "../fixtures/index";
import { rust, traps, World } from "./support/world";

const DIVISION = "traps?run=divide_by_zero&value=1234&value=0";
const DEBUG_FILE = /at divide_by_zero \(\/build\/c-traps\.c:19:19\)/;

/** `json` or `coredump`; none of what is no crash's. */
const extensionOf = (key: string): string | undefined => /[.](\w+)$/.exec(key)?.[1];

describe("a fault around a crash in a Worker", function () {
  this.timeout(120_000);
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world?.stop());
  beforeEach(() => world.reset());

  /** Crashes the app. @returns what the service said; the app's own error is checked here, each time */
  async function crash(path = DIVISION, message = "divide by zero") {
    const answer = await world.crash(path);
    assert.deepEqual([answer.kind, answer.message], ["RuntimeError", message]);
    return answer.recorded;
  }
  const block = async (): Promise<string> => (await world.logged(1))[0]!;

  it("R2 refuses the dump: the program hears of it, log and Sentry have the crash, and it is counted", async () => {
    await world.configure({ put: "[.]coredump$" });
    assert.equal(await crash(), null);
    assert.match(await block(), DEBUG_FILE);
    assert.match(await block(), /FAILED {6}Storing: internal error/);
    assert.equal(world.sentry.envelopes.length, 1);
    const keys = await world.keys("coredumps/");
    assert.deepEqual(keys.map(extensionOf), ["json"], "and the place of its dump is free again");
    assert.equal(readRecord((await world.bytes(keys[0]!)).toString())?.dump, null);
  });

  it("R2 refuses everything: log and Sentry have the crash", async () => {
    await world.configure({ put: "." });
    assert.equal(await crash(), null);
    assert.match(await block(), DEBUG_FILE);
    assert.equal(world.sentry.envelopes.length, 1);
    assert.deepEqual(await world.keys("coredumps/"), []);
  });

  for (const status of [500, 429])
    it(`Sentry answers ${status}: the dump is kept, and the log says so`, async () => {
      world.sentry.status = status;
      const recorded = await crash();
      assert.match(await block(), new RegExp(`FAILED {6}Sentry: Sentry answered ${status}`));
      assert.ok((await world.bytes(recorded!.key!)).length > 0);
    });

  it("Sentry never answers: nobody waits for it, and the log says so", async () => {
    world.sentry.status = undefined;
    await world.configure({ variables: { SENTRY_SECONDS: 0.3 } });
    const recorded = await crash();
    assert.equal(world.log.filter((line) => line.startsWith("Error")).length, 0, "answered before Sentry");
    assert.match(await block(), /FAILED {6}Sentry: .*timeout/i);
    assert.ok((await world.bytes(recorded!.key!)).length > 0);
  });

  it("Sentry is not there, or its DSN is none: the dump is kept, and the log says so", async () => {
    await world.configure({ variables: { SENTRY_DSN: "http://key@127.0.0.1:1/42" } });
    assert.notEqual((await crash())?.key, null);
    assert.match(await block(), /FAILED {6}Sentry: /);
    world.log.length = 0;
    await world.configure({ variables: { SENTRY_DSN: "sentry" } });
    assert.notEqual((await crash())?.key, null);
    assert.match(await block(), /FAILED {6}Sentry: SENTRY_DSN is no DSN/);
  });

  const faultyDebugFiles: readonly (readonly [string, Buffer | Uint8Array | undefined, RegExp])[] = [
    ["missing", undefined, /problem {5}There is no debug file debug-/],
    ["no module", Buffer.from("<html>not here</html>"), /problem {5}The debug file debug-\S+ is damaged/],
    ["cut off", traps.debug.subarray(0, 600), /problem {5}/],
    [
      "of another build",
      rust.debug,
      /problem {5}The debug file debug-\S+ is of another build: it has build id 8ca0/,
    ],
  ];
  for (const [what, contents, problem] of faultyDebugFiles)
    it(`the debug file is ${what}: the functions are named as V8 named them, the dump is kept`, async () => {
      const bucket = await world.bucket;
      await bucket.delete(traps.debugFile);
      if (contents !== undefined) await bucket.put(traps.debugFile, contents);
      const recorded = await crash();
      const text = await block();
      assert.match(text, problem);
      assert.match(text, /at wasm-function\[6\]|at divide_by_zero/);
      assert.doesNotMatch(text, /c-traps\.c:\d/, "no line is made up");
      const record = readRecord((await world.bytes(recorded!.key!.replace(/coredump$/, "json"))).toString());
      assert.ok(record!.problems.length > 0);
    });

  it("bytes of the debug information are overwritten: an answer comes, and no exception", async () => {
    const damaged = Buffer.from(traps.debug);
    for (let at = damaged.length >> 1; at < damaged.length; at += 7) damaged[at] = 0xff;
    await (await world.bucket).put(traps.debugFile, damaged);
    assert.notEqual((await crash())?.key, null);
    assert.match(await block(), /^Error: Wasm trapped/);
  });

  it("R2 does not give the debug file: the rest goes on", async () => {
    await world.configure({ get: "^debug-" });
    assert.notEqual((await crash())?.key, null);
    assert.match(await block(), /problem {5}The debug file debug-\S+ could not be read: internal error/);
  });

  it("R2 does not take the debug information that came with the dump: the dump is kept, and the log has the lines", async () => {
    await world.configure({ put: "^debug-" });
    const { message, recorded } = await world.crashOriginal(99);
    assert.equal(message, "unreachable");
    assert.ok((await world.bytes(recorded!.key!)).length > 0);
    assert.match(await block(), /at discounted \(\/build\/basket\.c:\d+:\d+\)/);
    assert.match(await block(), /FAILED {6}Keeping the debug information: internal error/);
  });

  it("the dump is cut off: what is sound of it is told, and it is kept", async () => {
    const dump = loadDump(fixture("c-traps/assertion"));
    const cut = dump.subarray(0, dump.length - 200);
    const headers = { "content-type": "application/wasm", "x-wasm-build-id": traps.buildId };
    const { status, key } = await world.send(cut, headers);
    assert.equal(status, 200);
    assert.deepEqual(gunzipSync(await world.bytes(key!)), Buffer.from(cut));
    assert.match(await block(), /problem {5}/);
  });

  it("the dump is damaged inside: it is kept and counted, with what could not be read", async () => {
    const dump = Buffer.from(loadDump(fixture("c-traps/assertion")));
    const stack = dump.indexOf("corestack") + "corestack".length;
    dump.fill(0xff, stack, stack + 40);
    const { status, key } = await world.send(dump, { "content-type": "application/wasm" });
    assert.equal(status, 200);
    assert.deepEqual(gunzipSync(await world.bytes(key!)), dump);
    assert.match(await block(), /problem {5}/);
  });

  it("R2 refuses a large dump while it arrives: the program hears of it, and nothing is left", async () => {
    await world.configure({ put: "^incoming/" });
    assert.equal(await crash(`${DIVISION}&megabytes=8`), null);
    assert.ok(world.log.some((line) => line.includes("could not be put into R2: internal error")));
    assert.deepEqual(await world.keys("coredumps/"), []);
    assert.deepEqual(await world.keys("incoming/"), []);
  });

  it("the dump has 100 MB: it is symbolised and kept, and little of it is held", async () => {
    const recorded = await crash(`${DIVISION}&megabytes=100&timeout=60000`);
    assert.match(await block(), DEBUG_FILE);
    const dump = gunzipSync(await world.bytes(recorded!.key!));
    assert.ok(dump.length > 100 << 20, `${dump.length}`);
    assert.deepEqual(await world.keys("incoming/"), []);
    const { mostHeld } = await world.configure({});
    assert.ok(mostHeld <= 24 << 20, `${mostHeld} bytes of pages`);
  });

  it("50 programs crash at once: each gets its own error, each is counted, and the first dumps are kept", async () => {
    await world.configure({ variables: { KEEP_FIRST: 5, KEEP_EVERY: 0, SENTRY_DSN: "" } });
    const crashes = await Promise.all(Array.from({ length: 50 }, () => crash()));
    assert.equal(crashes.filter((recorded) => recorded === null).length, 0);
    const keys = await world.keys("coredumps/");
    assert.equal(keys.filter((key) => key.endsWith(".json")).length, 50);
    const kept = crashes.flatMap((recorded) => recorded!.key ?? []);
    assert.deepEqual(keys.filter((key) => key.endsWith(".coredump")).toSorted(), kept.toSorted());
    assert.equal(kept.length, 5);
  });

  it("a setting makes no sense: its default is taken, and the log says so", async () => {
    await world.configure({ variables: { KEEP_FIRST: "many", KEYS: "alphabetical" } });
    assert.match((await crash())!.key!, /^coredumps\//);
    assert.match(await block(), /FAILED {6}KEEP_FIRST is no number: 10 is taken/);
    assert.match(await block(), /FAILED {6}KEYS is none of grouped, original/);
  });
});

describe("a service that does not serve", function () {
  this.timeout(60_000);
  const services: Readonly<Record<string, string>> = {
    "throws whatever comes": "fetch() { throw new Error('out of order'); }",
    "refuses, with what is no JSON": "fetch() { return new Response('no', { status: 502 }); }",
    "does not answer in time":
      "async fetch() { await new Promise((resolve) => setTimeout(resolve, 60_000)); }",
  };
  for (const [what, handler] of Object.entries(services))
    it(`and ${what}: the program goes on with its own error`, async () => {
      const contents = `export default { ${handler} };`;
      const world = await World.start({
        service: { modules: [{ type: "ESModule", path: "service.js", contents }] },
      });
      try {
        const { message, recorded } = await world.crash(`${DIVISION}&timeout=200`);
        assert.deepEqual([message, recorded], ["divide by zero", null]);
      } finally {
        await world.stop();
      }
    });
});

describe("the service with a queue", function () {
  this.timeout(120_000);
  let world: World;
  before(async () => {
    world = await World.start({
      service: {
        queueProducers: { CRASHES: "crashes" },
        queueConsumers: { crashes: { maxBatchSize: 10, maxBatchTimeout: 0.1, maxRetries: 5, retryDelay: 0 } },
      },
    });
  });
  after(() => world?.stop());
  beforeEach(() => world.reset());

  it("takes 50 crashes at once, looks at each of them later, and leaves nothing waiting", async () => {
    await world.configure({ variables: { KEEP_FIRST: 5, KEEP_EVERY: 20 } });
    const crashes = await Promise.all(Array.from({ length: 50 }, () => world.crash(DIVISION)));
    for (const { message, recorded } of crashes) {
      assert.equal(message, "divide by zero");
      assert.match(recorded!.key!, /^incoming\//);
    }
    await world.logged(50);
    await world.until(async () => (await world.keys("incoming/")).length === 0);
    const keys = await world.keys("coredumps/");
    assert.equal(keys.filter((key) => key.endsWith(".json")).length, 50);
    assert.equal(keys.filter((key) => key.endsWith(".coredump")).length, 5 + Math.floor((50 - 5) / 20));
  });

  it("looks again at a crash that R2 did not take, and counts it once", async () => {
    await world.configure({ put: "^coredumps/.*[.]coredump$" });
    const { recorded } = await world.crash(DIVISION);
    assert.match(recorded!.key!, /^incoming\//);
    await world.logged(1);
    await world.configure({});
    await world.until(async () => (await world.keys("incoming/")).length === 0);
    const keys = await world.keys("coredumps/");
    assert.deepEqual(keys.map(extensionOf).filter(Boolean), ["coredump", "json"]);
  });
});

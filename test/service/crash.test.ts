/** A crash in a Worker, all the way in the real workerd: what the log says, what lies in R2, what Sentry gets. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { after, before, beforeEach, describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import { triage } from "../../engine/postmortem/triage";
import { debugFileKey, readCrashKey } from "../../r2/layout";
import { readRecord } from "../../r2/record";
import { fixture, loadDump, loadModule } from "../fixtures/index";
import { envelopeOf, form } from "./support/messages";
import { rust, traps, World } from "./support/world";

/** The 1-based line of basket.c that is marked so. */
const lineOf = (mark: string): number =>
  readFileSync(join(__dirname, "../fixtures/dialects/client/basket.c"), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(mark)) + 1;

const DIVISION = "traps?run=divide_by_zero&value=1234&value=0";

describe("a crash in a Worker", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world?.stop());
  beforeEach(() => world.reset());

  it("is one block in the log: reason, crash line, inlined calls, build, and where the dump lies", async () => {
    const { recorded } = await world.crash("rust");
    const [block = ""] = await world.logged(1);
    const lines = block.split("\n");
    assert.deepEqual(lines.slice(0, 2), [
      "Error: Wasm trapped: attempt to add with overflow",
      "  panicked at src/main.rs:28:5",
    ]);
    const crashLine = lines.findIndex((line) => line.startsWith("  > at "));
    assert.deepEqual(lines.slice(crashLine, crashLine + 3), [
      "  > at app::heavier (/build/src/main.rs:28:5) [inlined]",
      "    at app::weigh (/build/src/main.rs:36:17)",
      "    at app::count_down (/build/src/main.rs:45:16)",
    ]);
    assert.ok(lines.includes(`  build id    ${rust.buildId}`));
    assert.ok(lines.includes(`  fingerprint ${recorded!.fingerprint}`));
    assert.ok(lines.includes(`  dump        r2://coredumps/${recorded!.key}`));
    assert.ok(!block.includes("problem") && !block.includes("FAILED"), block);
  });

  it("leaves the program its own error", async () => {
    const { kind, message } = await world.crash(DIVISION);
    assert.deepEqual([kind, message], ["RuntimeError", "divide by zero"]);
  });

  for (const packed of ["", "&gzip"])
    it(`is in R2 as a dump that opens, and a record beside it${packed && ", sent packed"}`, async () => {
      const { recorded } = await world.crash(`${DIVISION}${packed}`, { "user-agent": "tests" });
      const key = recorded!.key!;
      const place = readCrashKey(key)!;
      assert.equal(place.buildId, traps.buildId);
      assert.equal(place.fingerprint, recorded!.fingerprint);

      const dump = gunzipSync(await world.bytes(key));
      const module = { path: "module", source: new MemorySource("module", traps.debug) };
      const facts = triage(openCrash({ dump: new MemorySource("dump", dump), main: { module } }));
      const { function: name, line, arguments: values } = facts.frames[facts.crashFrame!]!;
      assert.deepEqual([name, line], ["divide_by_zero", 19]);
      assert.deepEqual(
        values.map(({ value }) => value),
        ["1234", "0"],
      );

      const record = readRecord((await world.bytes(key.replace(/coredump$/, "json"))).toString())!;
      assert.equal(record.reason.title, "integer divide by zero: 1234 / 0");
      const [frame] = record.stack;
      assert.deepEqual(
        [frame?.function, frame?.path, frame?.line],
        ["divide_by_zero", "/build/c-traps.c", 19],
      );
      assert.equal(record.crashFrame, 0);
      assert.equal(record.buildId, traps.buildId);
      assert.equal(record.debugFile, traps.debugFile);
      assert.equal(record.request?.headers["user-agent"], "tests");
      assert.deepEqual(record.dump, { key, size: dump.length, storedSize: (await world.bytes(key)).length });
      assert.deepEqual(record.problems, []);
      assert.deepEqual(await world.keys("incoming/"), []);
    });

  it("is a native event in Sentry, with the module, addresses, lines, values, and the dump", async () => {
    const { recorded } = await world.crash(DIVISION);
    await world.logged(1);
    const { event, attachment } = envelopeOf(world.sentry.envelopes[0]!);
    assert.equal(event.platform, "native");
    assert.deepEqual(event.debug_meta.images, [
      {
        type: "wasm",
        code_file: "module.wasm",
        debug_file: traps.debugFile,
        debug_id: traps.debugFile.slice("debug-".length, -".wasm".length),
        code_id: traps.buildId,
      },
    ]);
    const [{ type, value, stacktrace }] = event.exception.values;
    assert.deepEqual([type, value], ["integer-divide-by-zero", "integer divide by zero: 1234 / 0"]);
    const frame = stacktrace.frames.at(-1)!;
    assert.deepEqual(
      { ...frame, instruction_addr: undefined, module: undefined },
      {
        function: "divide_by_zero",
        in_app: true,
        filename: "/build/c-traps.c",
        abs_path: "/build/c-traps.c",
        lineno: 19,
        colno: 19,
        instruction_addr: undefined,
        module: undefined,
        addr_mode: "rel:0",
        vars: { dividend: "1234", divisor: "0" },
      },
    );
    assert.equal(traps.module[Number(frame.instruction_addr)], 0x6d, "an i32.div_s stands there");
    assert.equal(event.contexts["wasm crash"]["dump"], recorded!.key);
    assert.deepEqual(attachment, await world.bytes(recorded!.key!));
  });

  it("has frames oldest first in Sentry, and only the program's own in the app", async () => {
    await world.crash("rust");
    await world.logged(1);
    const { event } = envelopeOf(world.sentry.envelopes[0]!);
    const frames = event.exception.values[0].stacktrace.frames;
    assert.equal(frames[0]!.function, "_start.command_export");
    assert.deepEqual(
      frames.filter(({ in_app }) => in_app).map((frame) => `${frame.function}:${frame.lineno}`),
      [75, 54, 47, 47, 45, 36, 28].map(
        (line, index) =>
          `app::${["main", "check_out", "count_down", "count_down", "count_down", "weigh", "heavier"][index]}:${line}`,
      ),
    );
  });

  it("has the debug id that Sentry's own tools read, where that is asked for", async () => {
    await world.configure({ variables: { SENTRY_DEBUG_ID: "section", SENTRY_ATTACH_MB: 0 } });
    await world.crash(DIVISION);
    await world.logged(1);
    const { event, attachment } = envelopeOf(world.sentry.envelopes[0]!);
    assert.equal(event.debug_meta.images[0]!.debug_id.replaceAll("-", ""), `10${traps.buildId.slice(0, 30)}`);
    assert.equal(attachment, undefined);
  });

  it("can be sent as the original client does, and is found under the original service's keys", async () => {
    await world.configure({ variables: { KEYS: "original" } });
    const dump = loadDump(fixture("c-traps/divide_by_zero"));
    const request = {
      url: "https://app.example/",
      method: "GET",
      headers: [
        ["user-agent", "old"],
        ["cookie", "x"],
      ],
    };
    const buildId = Buffer.concat([Buffer.of(16), Buffer.from(traps.buildId, "hex")]);
    const { body, headers } = form({
      coredump: dump,
      request: JSON.stringify(request),
      "build_id-section": buildId,
    });
    const { status, key } = await world.send(body, headers);
    assert.equal(status, 200);
    assert.match(key!, /^coredump\.\d{13}$/);
    assert.deepEqual(gunzipSync(await world.bytes(key!)), Buffer.from(dump));
    const [block = ""] = await world.logged(1);
    assert.match(block, /at divide_by_zero \(\/build\/c-traps\.c:19:19\)/);
  });

  it("is read with the debug information that came with it, in the module's own file", async () => {
    await (await world.bucket).delete(traps.debugFile);
    const dump = loadDump(fixture("c-traps/divide_by_zero"));
    const { body, headers } = form({ coredump: dump, module: loadModule(fixture("c-traps/divide_by_zero")) });
    assert.equal((await world.send(body, headers)).status, 200);
    const [block = ""] = await world.logged(1);
    assert.match(block, /at divide_by_zero \(\/build\/c-traps\.c:19:19\)/);
    assert.doesNotMatch(block, /problem/);
  });

  it("has its lines where the original client sent the sections without the code, and opens with them from R2", async () => {
    const { kind, message, recorded } = await world.crashOriginal(99);
    assert.deepEqual([kind, message], ["RuntimeError", "unreachable"]);
    const [block = ""] = await world.logged(1);
    const expected = (["crash here", "call: cost_of", "call: basket"] as const).map(
      (mark, index) => `${["discounted", "cost_of", "basket"][index]} (/build/basket.c:${lineOf(mark)}:`,
    );
    const shown = block.split("\n").filter((line) => /^ {2}[ >] at /.test(line));
    assert.deepEqual(
      shown.map((line, index) => line.slice(7, 7 + expected[index]!.length)),
      expected,
    );

    // Its build has no id: that of its sections stands for it.
    const { buildId } = readCrashKey(recorded!.key!)!;
    const debugFile = debugFileKey(buildId!);
    const record = readRecord((await world.bytes(recorded!.key!.replace(/coredump$/, "json"))).toString())!;
    assert.deepEqual([record.buildId, record.debugFile], [buildId, debugFile]);
    const module = { path: debugFile, source: new MemorySource(debugFile, await world.bytes(debugFile)) };
    const dump = new MemorySource("dump", gunzipSync(await world.bytes(recorded!.key!)));
    const { frames } = triage(openCrash({ dump, main: { module } }));
    assert.deepEqual(
      frames.map(({ line }) => line),
      [lineOf("crash here"), lineOf("call: cost_of"), lineOf("call: basket")],
    );

    const again = await world.crashOriginal(100);
    assert.equal(readCrashKey(again.recorded!.key!)!.buildId, buildId);
  });

  it("is not read with a module of another build that came with it", async () => {
    const dump = loadDump(fixture("c-traps/divide_by_zero"));
    const { body, headers } = form({ coredump: dump, module: loadModule(fixture("cpp-shapes")) });
    assert.equal((await world.send(body, headers)).status, 200);
    const [block = ""] = await world.logged(1);
    assert.match(block, /problem {5}The module that came with the crash is of another build/);
    assert.match(
      block,
      /at divide_by_zero \(\/build\/c-traps\.c:19:19\)/,
      "the debug file of its own is there",
    );
  });

  it("can be sent by call, and by itself, packed", async () => {
    const dump = loadDump(fixture("c-traps/assertion"));
    const { key } = await world.call(dump);
    assert.deepEqual(gunzipSync(await world.bytes(key!)), Buffer.from(dump));
    const { status } = await world.send(gzipSync(dump), { "x-wasm-build-id": traps.buildId });
    assert.equal(status, 200);
    for (const block of await world.logged(2)) assert.match(block, /c-traps\.c:\d+:\d+/);
  });

  it("is counted and no more where there are more of it than the rate limit allows", async () => {
    const limited = await World.start({
      service: { ratelimits: { RATE_LIMIT: { namespace_id: "1", simple: { limit: 3, period: 60 } } } },
    });
    try {
      const keys: (string | null)[] = [];
      for (let count = 0; count < 5; count++) keys.push((await limited.crash(DIVISION)).recorded!.key);
      assert.deepEqual(
        keys.map((key) => key !== null),
        [true, true, true, false, false],
      );
      const [, , , , fifth] = await limited.logged(5);
      assert.match(fifth!, /dump {8}not kept: there are more of these crashes than the rate limit allows/);
      assert.equal(limited.sentry.envelopes.length, 3);
      const records = (await limited.keys("coredumps/")).filter((key) => key.endsWith(".json"));
      assert.equal(records.length, 5);
      // Other crashes are not held back by these.
      assert.notEqual((await limited.crash("rust")).recorded!.key, null);
    } finally {
      await limited.stop();
    }
  });

  it("keeps the first dumps of equal crashes and then every so-many-th, and a record of each", async () => {
    await world.configure({ variables: { KEEP_FIRST: 2, KEEP_EVERY: 3 } });
    const keys: (string | null)[] = [];
    for (let count = 0; count < 9; count++) keys.push((await world.crash(DIVISION)).recorded!.key);
    assert.deepEqual(
      keys.map((key) => key !== null),
      [true, true, false, false, true, false, false, true, false],
    );
    const stored = await world.keys("coredumps/");
    assert.equal(stored.filter((key) => key.endsWith(".json")).length, 9);
    assert.equal(stored.filter((key) => key.endsWith(".coredump")).length, 4);
    assert.match((await world.logged(9))[8]!, /dump {8}not kept: number 9 of these crashes/);
  });
});

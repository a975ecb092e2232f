/** The list of crashes in a bucket: how it is grouped, counted, paged, found again and deleted. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { notFound, wrongCredentials } from "../../r2/errors";
import { crashKey, prefixOf } from "../../r2/layout";
import type { CrashRecord } from "../../r2/record";
import { BUILDS, BucketCrashes } from "../../src/r2/bucket-crashes";
import { ageText, matches, placeText, stackText } from "../../src/r2/texts";
import { MemoryBucket } from "../r2/support/memory-bucket";
import { record as recordWith } from "./support/crash-record";

const buildA = "aa".repeat(16);
const buildB = "bb".repeat(16);
const one = "1111111111111111";
const two = "2222222222222222";

interface Given {
  readonly buildId?: string | undefined;
  readonly fingerprint?: string;
  /** Minute of the day. */
  readonly minute: number;
  readonly dump?: boolean;
  readonly record?: CrashRecord | string | null;
}

function crash(bucket: MemoryBucket, { minute, dump = true, record, ...given }: Given): string {
  const time = new Date(Date.UTC(2026, 0, 2, 0, minute));
  const key = { buildId: buildA, fingerprint: one, ...given, time, ray: `ray${minute}` };
  if (dump) bucket.set(crashKey(key, "coredump"), "dump");
  if (record !== null) {
    const content = typeof record === "string" ? record : JSON.stringify(record ?? recordWith({}));
    bucket.set(crashKey(key, "json"), content);
  }
  return crashKey(key, "json");
}

/** All that is in a bucket, as the view would have it after the user has opened everything. */
async function allOf(bucket: MemoryBucket): Promise<BucketCrashes> {
  const crashes = new BucketCrashes(bucket);
  while (!crashes.isComplete) await crashes.more();
  for (const build of crashes.builds) while (!build.isComplete) await build.more();
  return crashes;
}

describe("The crashes of a bucket", () => {
  it("are grouped by build and fingerprint, what crashed last first", async () => {
    const bucket = new MemoryBucket();
    crash(bucket, { minute: 1 });
    crash(bucket, { minute: 9, buildId: buildB });
    crash(bucket, { minute: 2, fingerprint: two });
    crash(bucket, { minute: 3 });
    crash(bucket, { minute: 8, buildId: undefined });
    const { builds } = await allOf(bucket);
    assert.deepEqual(
      builds.map(({ buildId, count }) => [buildId, count]),
      [
        [buildB, 1],
        [undefined, 1],
        [buildA, 3],
      ],
    );
    assert.deepEqual(
      builds[2]!.groups.map(({ fingerprint, crashes }) => [
        fingerprint,
        crashes.map(({ time }) => time.getUTCMinutes()),
      ]),
      [
        [one, [3, 1]],
        [two, [2]],
      ],
    );
  });

  it("count with and without a dump or a record, each once", async () => {
    const bucket = new MemoryBucket();
    crash(bucket, { minute: 1 });
    crash(bucket, { minute: 2, dump: false });
    crash(bucket, { minute: 3, record: null });
    const [build] = (await allOf(bucket)).builds;
    assert.equal(build!.count, 3);
    const found = build!.groups[0]!.crashes.map(({ dump, recordKey }) => [
      dump !== undefined,
      recordKey !== undefined,
    ]);
    assert.deepEqual(found, [
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  it("are not made of other objects of the bucket, whatever they are called", async () => {
    const bucket = new MemoryBucket();
    crash(bucket, { minute: 1 });
    for (const key of [
      "debug-aa.wasm",
      "coredumps/../../etc/passwd.coredump",
      `${prefixOf(buildA)}notes.json`,
      `${prefixOf(buildA, one)}20260102T000000000Z-ray.coredump.exe`,
      `coredumps/not-a-build/${one}/20260102T000000000Z-ray.coredump`,
    ])
      bucket.set(key, "other");
    const { builds } = await allOf(bucket);
    assert.deepEqual(
      builds.map(({ buildId, count }) => [buildId, count]),
      [[buildA, 1]],
    );
  });

  it("are counted beyond the first page of a listing", async () => {
    const bucket = new MemoryBucket("dumps", { page: 7 });
    for (let minute = 0; minute < 25; minute++) crash(bucket, { minute });
    const crashes = new BucketCrashes(bucket);
    await crashes.more();
    const [build] = crashes.builds;
    assert.ok(!build!.isComplete && build!.count < 25);
    while (!build!.isComplete) await build!.more();
    assert.equal(build!.count, 25);
  });

  it("cost one request for each build that is shown, and no record", async () => {
    const bucket = new MemoryBucket();
    for (let index = 0; index < BUILDS + 5; index++)
      crash(bucket, { minute: index, buildId: index.toString(16).padStart(32, "0") });
    const crashes = new BucketCrashes(bucket);
    await crashes.more();
    assert.equal(crashes.builds.length, BUILDS);
    assert.equal(bucket.requests.list, 1 + BUILDS);
    assert.ok(!crashes.isComplete);
    await crashes.more();
    assert.equal(crashes.builds.length, BUILDS + 5);
    assert.ok(crashes.isComplete);
    assert.equal(bucket.requests.get, 0);
  });

  it("have records, each read once", async () => {
    const bucket = new MemoryBucket();
    crash(bucket, { minute: 1, record: recordWith({ title: "attempt to subtract with overflow" }) });
    crash(bucket, { minute: 2, record: "no JSON" });
    crash(bucket, { minute: 3, record: null });
    const crashes = await allOf(bucket);
    const list = crashes.builds[0]!.groups[0]!.crashes;
    await crashes.recordsOf(list);
    const titles = (await crashes.recordsOf(list)).map((record) => record?.reason.title);
    assert.deepEqual(titles, [undefined, undefined, "attempt to subtract with overflow"]);
    assert.equal(bucket.requests.get, 2);
  });

  it("have records that are asked for again after the network failed", async () => {
    const bucket = new MemoryBucket();
    crash(bucket, { minute: 1 });
    const crashes = await allOf(bucket);
    const [wanted] = crashes.builds[0]!.groups[0]!.crashes;
    bucket.failure = wrongCredentials(bucket, "SignatureDoesNotMatch");
    await assert.rejects(crashes.record(wanted!), /not accepted/);
    bucket.failure = undefined;
    assert.equal((await crashes.record(wanted!))?.reason.title, "unreachable executed");
  });

  it("leave the list and the bucket with all of their files when they are deleted", async () => {
    const bucket = new MemoryBucket();
    crash(bucket, { minute: 1 });
    const kept = crash(bucket, { minute: 2 });
    crash(bucket, { minute: 3, dump: false });
    const crashes = await allOf(bucket);
    const list = crashes.builds[0]!.groups[0]!.crashes;
    await crashes.remove(list.filter(({ recordKey }) => recordKey !== kept));
    assert.deepEqual(bucket.keys, [kept.replace(".json", ".coredump"), kept]);
    assert.equal(crashes.builds[0]!.count, 1);
  });

  it("take what the service keeps of their group with them, when no crash of it is left", async () => {
    const bucket = new MemoryBucket();
    for (const minute of [1, 2]) crash(bucket, { minute });
    const other = crash(bucket, { minute: 3, fingerprint: two });
    const places = [one, two].map((fingerprint) => `${prefixOf(buildA, fingerprint)}kept-00000000`);
    for (const place of places) bucket.set(place, "");
    const crashes = await allOf(bucket);
    const list = crashes.builds[0]!.groups.find(({ fingerprint }) => fingerprint === one)!.crashes;
    await crashes.remove(list.slice(1));
    assert.ok(bucket.keys.includes(places[0]!));
    await crashes.remove(list.slice(0, 1));
    assert.deepEqual(bucket.keys, [other.replace(".json", ".coredump"), other, places[1]]);
  });

  it("that could not be deleted stay on the list", async () => {
    const bucket = new MemoryBucket();
    const key = crash(bucket, { minute: 1 });
    const crashes = await allOf(bucket);
    bucket.failure = notFound(bucket, key);
    await assert.rejects(crashes.remove(crashes.builds[0]!.groups[0]!.crashes));
    assert.equal(crashes.builds[0]!.count, 1);
  });
});

describe("A crash in short", () => {
  const crashed = recordWith({
    title: "integer divide by zero: 42 / 0",
    details: ["in ratio"],
    stack: [
      { function: "abort", path: null, line: 0, column: 0, fileOffset: 0x1f4, functionIndex: 9 },
      { function: "app::ratio", path: "/build/src/math.rs", line: 12, column: 5 },
    ],
    crashFrame: 1,
  });

  it("is named by the frame to look at, not by the youngest", () =>
    assert.equal(placeText(crashed), "app::ratio math.rs:12"));

  it("has no place without a stack", () => assert.equal(placeText(recordWith({ stack: [] })), ""));

  it("is copied as a stack that other tools understand", () =>
    assert.equal(
      stackText({ ...crashed, frameCount: 60 }),
      [
        "integer divide by zero: 42 / 0",
        "  in ratio",
        "    at abort (app.wasm:wasm-function[9]:0x1f4)",
        "    at app::ratio (/build/src/math.rs:12:5)",
        "    … 58",
      ].join("\n"),
    ));

  it("is found by words of its reason, its functions, its files and its build", () => {
    const facts = { buildId: buildA, fingerprint: one };
    for (const words of ["divide", "RATIO math.rs", "aaaa", "1111 zero"])
      assert.ok(matches(words, facts, crashed), words);
    for (const words of ["overflow", "ratio overflow", "bbbb"])
      assert.ok(!matches(words, facts, crashed), words);
    assert.ok(matches("1111", facts, undefined));
  });

  it("says how long ago it was", () => {
    const now = Date.UTC(2026, 0, 10);
    const ago = (seconds: number, language = "en"): string => ageText(now - seconds * 1000, now, language);
    assert.equal(ago(5), "5 seconds ago");
    assert.equal(ago(7200), "2 hours ago");
    assert.equal(ago(3 * 86400), "3 days ago");
    assert.equal(ago(7200, "de"), "vor 2 Stunden");
    assert.equal(ago(-60), "now", "a clock that is behind");
  });
});

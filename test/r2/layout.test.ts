/** Keys of crashes and debug files: made, read again, and never what somebody outside makes of them. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fileNameOf } from "../../r2/keys";
import { besideKey, crashKey, debugFileKey, prefixOf, readCrashKey, readDebugFileKey } from "../../r2/layout";

const buildId = "63372dbe41e6447d9c2ee37b98e4c656";
const crash = {
  buildId,
  fingerprint: "0123456789abcdef",
  time: new Date("2026-11-23T02:11:44.123Z"),
  ray: "8f3b2c1d4e5f6a7bFRA",
};

describe("the bucket's layout", () => {
  it("puts a crash under its build and fingerprint, in order of time", () => {
    const key =
      "coredumps/63372dbe-41e6-447d-9c2e-e37b98e4c656/0123456789abcdef/20261123T021144123Z-8f3b2c1d4e5f6a7bFRA";
    assert.equal(crashKey(crash, "coredump"), `${key}.coredump`);
    assert.deepEqual(readCrashKey(`${key}.json`), { ...crash, file: "json" });
    assert.equal(besideKey(`${key}.json`, "coredump"), `${key}.coredump`);
    assert.equal(prefixOf(buildId), "coredumps/63372dbe-41e6-447d-9c2e-e37b98e4c656/");
  });

  it("has a place for crashes of modules without a build id", () => {
    const unknown = { ...crash, buildId: undefined };
    const key = crashKey(unknown, "json");
    assert.ok(key.startsWith("coredumps/unknown/"));
    assert.deepEqual(readCrashKey(key), { ...unknown, file: "json" });
  });

  it("names debug files as split does", () => {
    assert.equal(debugFileKey(buildId), "debug-63372dbe-41e6-447d-9c2e-e37b98e4c656.wasm");
    assert.equal(readDebugFileKey("debug-63372dbe-41e6-447d-9c2e-e37b98e4c656.wasm"), buildId);
    assert.equal(debugFileKey("0a0b0c0d"), "debug-0a0b0c0d.wasm");
    assert.equal(readDebugFileKey("debug-63372dbe41e6447d9c2ee37b98e4c656.wasm"), undefined);
  });

  it("makes no key of what could lead elsewhere", () => {
    for (const part of ["..", "a/b", "'", "", "A0", "x".repeat(200)]) {
      assert.throws(() => debugFileKey(part), RangeError);
      assert.throws(() => crashKey({ ...crash, buildId: part }, "json"), RangeError);
      assert.throws(() => crashKey({ ...crash, fingerprint: part }, "json"), RangeError);
      if (part !== "A0") assert.throws(() => crashKey({ ...crash, ray: part }, "json"), RangeError);
    }
    for (const key of [
      "coredumps/abc/0123456789abcdef/20261123T021144123Z-a.json",
      "coredumps/../0123456789abcdef/20261123T021144123Z-a.json",
      "coredump.1690000000000",
      "coredumps/unknown/0123456789abcdef/20261323T021144123Z-a.json",
    ])
      assert.equal(readCrashKey(key), undefined, key);
  });
});

describe("the file that a key is saved as", () => {
  it("has the key's last part for a name, and its ending", () => {
    assert.equal(
      fileNameOf("coredumps/a/20261101T100000000Z-8f.coredump"),
      "20261101T100000000Z-8f.coredump",
    );
    assert.equal(fileNameOf("a b/ü+x: y?.wasm"), "_x_y_.wasm");
    assert.equal(fileNameOf("folder/"), "object");
  });

  it("is nowhere else, and is none that a file system does not take or hides", () => {
    const names = new Map([
      ["a/..", "object"],
      ["..", "object"],
      ["a\\..\\b.wasm", "a_.._b.wasm"],
      ["CON", "_CON"],
      ["x/aux.coredump", "_aux.coredump"],
      ["lpt1.wasm", "_lpt1.wasm"],
      ["console.wasm", "console.wasm"],
      ["dot.", "dot"],
      ["/.bashrc", "_.bashrc"],
      ["-rf", "_-rf"],
      ["a\0b", "a_b"],
    ]);
    for (const [key, name] of names) assert.equal(fileNameOf(key), name, key);
    const long = fileNameOf(`${"k".repeat(1000)}.coredump`);
    assert.ok(long.length === 200 && long.endsWith("kk.coredump"), long);
    assert.equal(fileNameOf(`a.${"k".repeat(1000)}`).length, 200);
  });
});

/** Which files are offered as dumps and modules, and which module is taken for a dump. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { type Host, HostError } from "../../host/host";
import { NodeHost } from "../../host/node";
import { type DumpFile, inspect, type ModuleFile } from "../../src/crash-files/inspect";
import { differsInBuild, matchModule } from "../../src/crash-files/match";
import { looksLikeDump } from "../../src/crash-files/names";

/** A host of these files alone. */
function hostOf(files: Readonly<Record<string, string>> = {}): Host {
  return {
    async open(path) {
      const content = files[path];
      if (content === undefined) throw new HostError(`${path} does not exist.`, path);
      return new MemorySource(path, Buffer.from(content, "latin1"));
    },
    exists: async (path) => path in files,
    list: async () => [],
    readText: async (path) => files[path] ?? "",
    close() {},
  };
}

const dump = (facts: Partial<DumpFile> = {}): DumpFile => ({
  kind: "dump",
  path: "/project/crash.coredump",
  names: [],
  buildId: undefined,
  ...facts,
});

const module = (path: string, facts: Partial<ModuleFile> = {}): ModuleFile => ({
  kind: "module",
  path,
  size: 4,
  buildId: undefined,
  hasDebugInformation: true,
  isWhole: true,
  ...facts,
});

describe("Names of dumps", () => {
  for (const name of [
    "a.coredump",
    "a.core",
    "coredump.1690000000",
    "core.1234",
    "core.app.wasm",
    "core.wasm",
    "a.coredump.gz",
    "a.coredump.zst",
    "a.core.xz",
  ]) {
    it(`${name} may be a dump`, () => assert.ok(looksLikeDump(`/some/folder/${name}`)));
  }
  for (const name of ["core.js", "core.rs", "app.wasm", "score.1234", "coredump"]) {
    it(`${name} is not taken for a dump`, () => assert.ok(!looksLikeDump(`/some/folder/${name}`)));
  }
});

describe("What a file is", () => {
  const demo = "examples/rust-classic";

  it("a dump is recognised, with the name of its module", async () => {
    const file = await inspect(`${demo}/app.coredump`, new NodeHost());
    assert.ok(file.kind === "dump");
    assert.ok(file.names.some((name) => name.endsWith("app.wasm")));
  });

  it("a module is recognised, with whether it has debug information", async () => {
    const file = await inspect(`${demo}/target/wasm32-wasip1/debug/app.wasm`, new NodeHost());
    assert.ok(file.kind === "module" && file.hasDebugInformation);
    const bare = await inspect("bare.wasm", hostOf({ "bare.wasm": "\0asm\x01\0\0\0" }));
    assert.ok(bare.kind === "module" && !bare.hasDebugInformation);
  });

  it("anything else is named with what is wrong", async () => {
    const text = await inspect("text", hostOf({ text: "some text, no module" }));
    assert.ok(text.kind === "other" && text.why.length > 0);
    const gone = await inspect("gone", hostOf());
    assert.deepEqual(gone, { kind: "other", path: "gone", why: "gone does not exist." });
  });
});

describe("The module of a dump", () => {
  it("is the one with the dump's build id, whatever its name", async () => {
    const right = module("/project/renamed.wasm", { buildId: "aa" });
    const wrong = module("/project/app.wasm", { buildId: "bb" });
    const match = await matchModule(dump({ buildId: "aa", names: ["app.wasm"] }), [wrong, right], hostOf());
    assert.deepEqual(match, { module: right });
  });

  it("is the one with the name that the dump gives, where build ids do not tell", async () => {
    const right = module("/project/target/app.wasm");
    const other = module("/project/lib.wasm");
    const match = await matchModule(dump({ names: ["/build/app.wasm"] }), [other, right], hostOf());
    assert.deepEqual(match, { module: right });
  });

  it("is never one that is known to be of another build while one is left that may be it", async () => {
    const stale = module("/project/app.wasm", { buildId: "bb" });
    const possible = module("/project/other.wasm");
    const match = await matchModule(
      dump({ buildId: "aa", names: ["app.wasm"] }),
      [stale, possible],
      hostOf(),
    );
    assert.deepEqual(match, { module: possible });
  });

  it("is the only one there is", async () => {
    const only = module("/project/unrelated.wasm");
    assert.deepEqual(await matchModule(dump(), [only], hostOf()), { module: only });
  });

  it("needs no question when the build tool left copies of it", async () => {
    const host = hostOf({ "/t/app.wasm": "same", "/t/deps/app.wasm": "same" });
    const [top, copy] = [module("/t/app.wasm"), module("/t/deps/app.wasm")];
    assert.deepEqual(await matchModule(dump({ names: ["app"] }), [copy, top], host), { module: top });
  });

  it("is asked for when two of its name differ", async () => {
    const host = hostOf({ "/debug/app.wasm": "ten.", "/release/app.wasm": "20.." });
    const both = [module("/debug/app.wasm"), module("/release/app.wasm")];
    assert.deepEqual(await matchModule(dump({ names: ["app"] }), both, host), { candidates: both });
  });

  it("is preferred with debug information among candidates", async () => {
    const host = hostOf({ "/a/app.wasm": "ten.", "/b/app.wasm": "20.." });
    const stripped = module("/a/app.wasm", { hasDebugInformation: false });
    const full = module("/b/app.wasm");
    const match = await matchModule(dump({ names: ["app"] }), [stripped, full], host);
    assert.deepEqual(match, { candidates: [full, stripped] });
  });

  it("differs in build only when both say which they are", () => {
    assert.ok(differsInBuild(dump({ buildId: "aa" }), module("m", { buildId: "bb" })));
    assert.ok(!differsInBuild(dump({ buildId: "aa" }), module("m")));
    assert.ok(!differsInBuild(dump(), module("m", { buildId: "bb" })));
  });
});

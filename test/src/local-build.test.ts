/** A dump with a build of one's own: what speaks against it, where its sources are, and what is remembered of it. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { NodeHost } from "../../host/node";
import { PathMap } from "../../host/path-map";
import type { DumpFile, ModuleFile } from "../../src/crash-files/inspect";
import { byLikelihood } from "../../src/crash-files/match";
import { examine } from "../../src/local-build/examine";
import { Remembered, type Store } from "../../src/local-build/remembered";
import { commonFolder, mappingsFor } from "../../src/local-build/source-folders";

const dump = (path: string, buildId?: string): DumpFile => ({ kind: "dump", path, names: [], buildId });

const module = (path: string, buildId?: string): ModuleFile => ({
  kind: "module",
  path,
  size: 4,
  buildId,
  hasDebugInformation: true,
  isWhole: true,
});

describe("Sources of another machine", () => {
  it("are found by what the two paths end in", () => {
    const [best] = mappingsFor(["/build/src/main.rs"], ["/ws/services/app/src/main.rs"]);
    assert.deepEqual(best, { from: "/build", to: "/ws/services/app", found: 1, names: 2 });
  });

  it("are in the folder that has the most of them", () => {
    const missing = ["/build/src/main.rs", "/build/src/lib.rs"];
    const here = ["/ws/old/src/main.rs", "/ws/new/src/main.rs", "/ws/new/src/lib.rs", "/ws/old/lib.rs"];
    assert.equal(mappingsFor(missing, here)[0]?.to, "/ws/new");
  });

  it("are not taken from a file of another name", () => {
    assert.deepEqual(mappingsFor(["/build/src/main.rs"], ["/ws/src/main.c"]), []);
  });

  for (const [missing, here, path] of [
    ["C:\\ci\\app\\src\\main.rs", "/ws/app/src/main.rs", "C:\\ci\\app\\src\\other.rs"],
    ["/build/src/main.rs", "C:\\ws\\app\\src\\main.rs", "/build/src/other.rs"],
    ["/build/src/main.rs", "vscode-vfs://github/a/b/app/src/main.rs", "/build/src/other.rs"],
    ["\\\\server\\ci\\src\\main.rs", "/ws/src/main.rs", "\\\\server\\ci\\src\\other.rs"],
    ["/src/main.rs", "/ws/src/main.rs", "/src/other.rs"],
    ["src/main.rs", "/ws/app/src/main.rs", "src/other.rs"],
  ] as const) {
    it(`${missing} at ${here} leads to its neighbours as well`, () => {
      const { from, to } = mappingsFor([missing], [here])[0]!;
      const neighbour = here.replace("main.rs", "other.rs");
      assert.deepEqual(new PathMap({ [from]: to }).mapped(path), [neighbour]);
    });
  }

  it("share the folder that the user is asked about", () => {
    assert.equal(commonFolder(["/build/src/main.rs", "/build/src/a/b.rs"]), "/build/src");
    assert.equal(commonFolder(["/build/src/main.rs"]), "/build/src");
    assert.equal(commonFolder(["/a/main.rs", "/b/main.rs"]), "/");
  });
});

describe("What a user has told", () => {
  function remembering(): Remembered {
    const kept = new Map<string, string>();
    const store: Store = {
      get: (key) => JSON.parse(kept.get(key) ?? "null") ?? undefined,
      async update(key, value) {
        if (value === undefined) kept.delete(key);
        else kept.set(key, JSON.stringify(value));
      },
    };
    return new Remembered(store);
  }

  it("holds for the dump, and for others of its build", async () => {
    const remembered = remembering();
    await remembered.keepPair(dump("/a.coredump", "aa"), module("/app.wasm"));
    assert.equal(remembered.programOf(dump("/a.coredump", "aa")), "/app.wasm");
    assert.equal(remembered.programOf(dump("/b.coredump", "aa")), "/app.wasm");
    assert.equal(remembered.programOf(dump("/b.coredump", "bb")), undefined);
    assert.equal(remembered.programOf(dump("/b.coredump")), undefined);
  });

  it("is what was said last", async () => {
    const remembered = remembering();
    await remembered.keepPair(dump("/a.coredump"), module("/old.wasm"));
    await remembered.keepPair(dump("/a.coredump"), module("/new.wasm"));
    assert.equal(remembered.programOf(dump("/a.coredump")), "/new.wasm");
    assert.ok(!remembered.isPair(dump("/a.coredump"), module("/old.wasm")));
  });

  it("is consent to a misfit for that dump alone", async () => {
    const remembered = remembering();
    await remembered.keepPair(dump("/a.coredump", "aa"), module("/app.wasm"));
    assert.ok(remembered.isPair(dump("/a.coredump", "aa"), module("/app.wasm")));
    assert.ok(!remembered.isPair(dump("/b.coredump", "aa"), module("/app.wasm")));
  });

  it("is consent to the build that he saw, not to what is built in its place", async () => {
    const remembered = remembering();
    const old = dump("/a.coredump", "aa");
    await remembered.keepPair(old, module("/app.wasm", "bb"));
    assert.ok(remembered.isPair(old, module("/app.wasm", "bb")));
    assert.ok(!remembered.isPair(old, module("/app.wasm", "cc")));
    assert.ok(!remembered.isPair(old, { ...module("/app.wasm"), size: 5 }));
    await remembered.keepPair(old, { ...module("/app.wasm"), size: 5 });
    assert.ok(remembered.isPair(old, { ...module("/app.wasm"), size: 5 }));
    assert.ok(!remembered.isPair(old, { ...module("/app.wasm"), size: 6 }));
  });

  it("does not grow without end, and the newest stays", async () => {
    const remembered = remembering();
    for (let index = 0; index < 150; index++)
      await remembered.keepPair(dump(`/${index}.coredump`), module(`/${index}.wasm`));
    assert.equal(remembered.programOf(dump("/149.coredump")), "/149.wasm");
    assert.equal(remembered.programOf(dump("/0.coredump")), undefined);
  });

  it("is gone when the user wants it forgotten", async () => {
    const remembered = remembering();
    await remembered.keepPair(dump("/a.coredump"), module("/app.wasm"));
    await remembered.keepSources("/build", "/ws");
    await remembered.leaveOut("/other");
    assert.deepEqual(remembered.sources, { "/build": "/ws" });
    assert.ok(remembered.isLeftOut("/other"));
    await remembered.forget();
    assert.equal(remembered.programOf(dump("/a.coredump")), undefined);
    assert.deepEqual(remembered.sources, {});
    assert.ok(!remembered.isLeftOut("/other"));
  });
});

describe("Modules to choose from", () => {
  it("come in the order in which they may be the one that crashed", () => {
    const crash: DumpFile = { ...dump("/crash.coredump", "aa"), names: ["app.wasm"] };
    const order = [
      module("/used-before.wasm", "bb"),
      module("/same-build.wasm", "aa"),
      module("/x/app.wasm"),
      module("/unknown.wasm"),
      module("/y/app.wasm", "bb"),
      module("/other.wasm", "bb"),
    ];
    const sorted = [...order].reverse().sort(byLikelihood(crash, "/used-before.wasm"));
    assert.deepEqual(sorted, order);
  });
});

describe("A look at a dump with a module", () => {
  const demo = "examples/rust-classic";
  const program = `${demo}/target/wasm32-wasip1/debug/app.wasm`;
  const coreFile = `${demo}/app.coredump`;

  it("finds nothing against the module that crashed, nor its sources missing in the project", async () => {
    const found = await examine({ coreFile, program, workspaceFolders: [demo] }, new NodeHost());
    assert.deepEqual(found, { problems: [], missing: [] });
  });

  it("names the sources that are not here", async () => {
    const host = new (class extends NodeHost {
      override exists = async (path: string) => !path.endsWith("main.rs");
    })();
    const { missing } = await examine({ coreFile, program }, host);
    assert.deepEqual(missing, ["/build/src/main.rs"]);
  });

  it("tells by the code that another program's module is none of this dump", async () => {
    const other = "test/fixtures/c-shapes/c-shapes-o0-dwarf5.wasm";
    const { problems } = await examine({ coreFile, program: other }, new NodeHost());
    assert.match(problems.join("\n"), /does not fit .*c-shapes/);
  });
});

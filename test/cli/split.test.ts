/** `wasm-postmortem split`: the files that it leaves, and that a crash is understood from them as it was before. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, it } from "mocha";
import { writeAll } from "../../cli/split/files";
import { type SplitFileOptions, type SplitReport, splitFile } from "../../cli/split/split-file";
import { settle } from "../../engine/bytes/remote-source";
import type { Crash } from "../../engine/postmortem/model";
import { triage } from "../../engine/postmortem/triage";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { inspect, type ModuleFile } from "../../src/crash-files/inspect";
import { matchModule } from "../../src/crash-files/match";
import { dumpPath, expected, fixture, modulePath } from "../fixtures";
import { faultsOf } from "../fixtures/faults";

const root = join(__dirname, "../..");
const OBJDUMP = "llvm-objdump-22";
const hasObjdump = spawnSync(OBJDUMP, ["--version"]).status === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-split-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]): string => join(folder, ...names);

function run(...args: string[]): { status: number | null; out: string; err: string } {
  const cli = spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status: cli.status, out: cli.stdout, err: cli.stderr.replace(/^npm warn.*\n/gm, "") };
}

const host = new NodeHost();
after(() => host.close());

/** The module of a fixture in two: `app.wasm`, and the debug file in `symbols`. */
const splitFixture = (name: string, stripNames = false): Promise<SplitReport> =>
  splitFile(
    modulePath(fixture(name)),
    { out: at("dist", "app.wasm"), debugDir: at("symbols"), stripNames },
    new NodeHost(),
  );

/** What a crash's triage says, but for where the module's files lie. */
async function told(crash: Crash): Promise<unknown> {
  const facts = await settle(() => triage(crash));
  return {
    ...facts,
    modules: facts.modules.map(({ name, buildId, symbols }) => ({ name, buildId, state: symbols.state })),
  };
}

describe("a crash of a module that was split", function () {
  this.timeout(60_000);
  const fixtures = [
    "rust-classic",
    "rust-release",
    "c-shapes-o0-dwarf5",
    "c-shapes-o2-dwarf4",
    "cpp-containers",
  ];

  for (const name of fixtures)
    for (const stripNames of [false, true]) {
      it(`is told as before from the debug folder: ${name}${stripNames ? ", without names" : ""}`, async () => {
        const crashed = fixture(name);
        const coreFile = dumpPath(crashed);
        const { buildId, debug, module } = await splitFixture(name, stripNames);
        const args = { program: module.path, coreFile, debugInfo: [at("symbols")] };
        const crash = await openCrash(args, host);
        assert.deepEqual(await settle(() => faultsOf(crashed, crash)), []);
        assert.equal(crash.modules[0]!.buildId, buildId);
        assert.equal(
          await settle(() => crash.dump.notes.buildId),
          buildId,
          "the dump is of this build still",
        );
        assert.deepEqual(crash.modules[0]!.symbols, { state: "loaded", path: debug.path });
        const before = await openCrash({ program: modulePath(crashed), coreFile }, host);
        assert.deepEqual(await told(crash), await told(before));
      });
    }

  it("is told from the debug file alone, which has the code", async () => {
    const crashed = fixture("c-shapes-o0-dwarf5");
    const { debug } = await splitFixture(crashed.name);
    const crash = await openCrash({ program: debug.path, coreFile: dumpPath(crashed) }, host);
    assert.deepEqual(await settle(() => faultsOf(crashed, crash)), []);
  });

  it("is told without a debug folder where the debug file lies at or below the module", async () => {
    const crashed = fixture("c-shapes-o0-dwarf5");
    for (const debugDir of [undefined, at("symbols")]) {
      const options = { out: at("app.wasm"), ...(debugDir && { debugDir }) };
      await splitFile(modulePath(crashed), options, new NodeHost());
      const crash = await openCrash({ program: at("app.wasm"), coreFile: dumpPath(crashed) }, host);
      assert.deepEqual(await settle(() => faultsOf(crashed, crash)), []);
      assert.deepEqual(crash.warnings, []);
    }
  });

  it("has function names where a module without debug information was split from its names", async () => {
    const crashed = fixture("c-shapes-o0-dwarf5");
    await splitFixture(crashed.name);
    copyFileSync(at("dist", "app.wasm"), at("bare.wasm"));
    const bare = withoutSection(readFileSync(at("bare.wasm")), "external_debug_info");
    writeFileSync(at("bare.wasm"), bare);
    const options = { out: at("named", "app.wasm"), debugDir: at("names"), stripNames: true };
    await splitFile(at("bare.wasm"), options, new NodeHost());
    const names = async (debugInfo: string[]) => {
      const args = { program: at("named", "app.wasm"), coreFile: dumpPath(crashed), debugInfo };
      const crash = await openCrash(args, host);
      const frames = await settle(() => crash.threads[0]!.frames().map(({ name }) => name));
      return { frames, symbols: crash.modules[0]!.symbols };
    };
    const found = await names([at("names")]);
    assert.equal(found.frames[0], expected(crashed).frames.find(({ inlined }) => !inlined)!.function);
    assert.match(JSON.stringify(found.symbols), /names-only.*neither the module nor its debug file/);
    assert.match((await names([])).frames[0]!, /^wasm-function\[\d+\]$/);
  });

  it("is found in a workspace by the file that has all of it, whatever the folders are called", async () => {
    const crashed = fixture("c-shapes-o0-dwarf5");
    const { debug, module } = await splitFixture(crashed.name);
    const files = await Promise.all([module.path, debug.path].map((path) => inspect(path, host)));
    const dump = await inspect(dumpPath(crashed), host);
    assert.ok(dump.kind === "dump");
    const match = await matchModule(dump, files as ModuleFile[], host);
    assert.ok("module" in match);
    const crash = await openCrash({ program: match.module.path, coreFile: dump.path }, host);
    assert.deepEqual(await settle(() => faultsOf(crashed, crash)), []);
  });
});

/** The module without a custom section of a short name. */
function withoutSection(bytes: Buffer, name: string): Buffer {
  const named = bytes.lastIndexOf(Buffer.from([name.length, ...Buffer.from(name)]));
  return Buffer.concat([bytes.subarray(0, named - 2), bytes.subarray(named + bytes[named - 1]!)]);
}

describe("wasm-postmortem split", function () {
  this.timeout(60_000);
  const original = modulePath(fixture("rust-classic"));

  it("leaves both files, and says where they are and how large", () => {
    const { status, out, err } = run("split", original, "-o", at("app.wasm"), "--gzip");
    assert.equal(err, "");
    assert.equal(status, 0);
    const [debugFile] = readdirSync(folder).filter((name) => name !== "app.wasm");
    assert.match(debugFile!, /^debug-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.wasm$/);
    const size = Math.round(statSync(at("app.wasm")).size / 1024);
    assert.match(
      out,
      new RegExp(`^module +${at("app.wasm")} +${size} KiB, \\d+ KiB with gzip; it was 1\\.7 MiB$`, "m"),
    );
    assert.match(out, new RegExp(`^debug file +${at(debugFile!)} +1\\.7 MiB$`, "m"));
    assert.match(out, /^build id +[0-9a-f]{32}$/m);
    assert.equal(statSync(at("app.wasm")).mode & 0o777, statSync(original).mode & 0o777);
  });

  it("splits a module in place, and a second time changes nothing", () => {
    copyFileSync(original, at("app.wasm"));
    const first = run("split", at("app.wasm"), "-o", at("app.wasm"), "--json");
    const report = JSON.parse(first.out) as SplitReport;
    assert.equal(report.state, "split");
    assert.deepEqual(readFileSync(report.debug.path), readFileSync(original));
    const files = () =>
      readdirSync(folder).map((name) => [name, readFileSync(at(name)), statSync(at(name)).mtimeMs]);
    const after = files();
    assert.equal(after.length, 2);
    const second = run("split", at("app.wasm"), "-o", at("app.wasm"));
    assert.equal(second.status, 0);
    assert.match(second.out, /nothing is left to split off/);
    assert.deepEqual(files(), after);
    run("split", at("app.wasm"), "-o", at("copy.wasm"));
    assert.deepEqual(readFileSync(at("copy.wasm")), readFileSync(at("app.wasm")));
  });

  it("refuses what it cannot do in one line, and leaves the input as it was", async () => {
    const bytes = readFileSync(original);
    writeFileSync(at("text.wasm"), "not WebAssembly at all");
    writeFileSync(at("cut.wasm"), bytes.subarray(0, 1_000_000));
    copyFileSync(original, at("app.wasm"));
    copyFileSync(dumpPath(fixture("rust-classic")), at("app.coredump"));
    mkdirSync(at("folder.wasm"));
    const cases: [string, SplitFileOptions, RegExp][] = [
      ["text.wasm", { out: at("text.wasm") }, /text\.wasm is not WebAssembly/],
      ["cut.wasm", { out: at("cut.wasm") }, /The section "\.debug_str" should end at .*truncated/],
      ["app.coredump", { out: at("out.wasm") }, /no debug information/],
      ["absent.wasm", { out: at("out.wasm") }, /absent\.wasm does not exist/],
      ["app.wasm", { out: at("folder.wasm") }, /folder\.wasm is a folder/],
      ["app.wasm", { out: "/dev/null", debugDir: folder }, /is no regular file/],
      ["app.wasm", { out: at("text.wasm", "out.wasm") }, /folder .*text\.wasm cannot be made/],
      ["app.wasm", { out: at("app.wasm"), debugDir: at("text.wasm") }, /folder .*text\.wasm cannot be made/],
    ];
    const files = () =>
      readdirSync(folder).map((name) => [
        name,
        statSync(at(name)).isFile() && readFileSync(at(name)).toString("hex"),
      ]);
    const before = files();
    for (const [input, options, message] of cases) {
      await assert.rejects(splitFile(at(input), options, new NodeHost()), message);
      assert.deepEqual(files(), before, input);
    }
    const { status, out, err } = run("split", at("cut.wasm"), "-o", at("cut.wasm"));
    assert.deepEqual([status, out], [2, ""]);
    assert.match(err, /^wasm-postmortem: The section "\.debug_str" should end at .*\n$/);
    assert.deepEqual(files(), before);
  });

  it("leaves all as it was when the disk takes no more, or the module changes meanwhile", async () => {
    copyFileSync(original, at("app.wasm"));
    const unchanged = (): void => {
      assert.deepEqual(readdirSync(folder), ["app.wasm"]);
      assert.deepEqual(readFileSync(at("app.wasm")), readFileSync(original));
    };
    const command = [
      process.execPath,
      "--import",
      "tsx",
      "cli/main.ts",
      "split",
      at("app.wasm"),
      "-o",
      at("app.wasm"),
    ];
    // No file may grow past 1000 blocks of 512 or 1024 bytes.
    const limited = spawnSync("sh", ["-c", 'ulimit -f 1000; exec "$@"', "sh", ...command], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(limited.status, 2, limited.stderr);
    assert.match(limited.stderr, /debug-.*\.wasm cannot be written: EFBIG/);
    unchanged();
    const changing = new NodeHost();
    const source = changing.openNow(at("app.wasm"));
    truncateSync(at("app.wasm"), 1_500_000);
    const whole = { path: at("app.wasm"), pieces: [{ start: 0, end: source.size }] };
    assert.throws(() => writeAll(source, [whole], changing), /The file changed while it was read/);
    assert.deepEqual(readdirSync(folder), ["app.wasm"]);
    assert.equal(statSync(at("app.wasm")).size, 1_500_000);
    changing.close();
  });

  it("does not write the module over its debug file", async () => {
    const { debug } = await splitFixture("rust-classic");
    const bytes = readFileSync(debug.path);
    const options = { out: debug.path };
    await assert.rejects(splitFile(debug.path, options, new NodeHost()), /is where the debug file goes/);
    assert.deepEqual(readFileSync(debug.path), bytes);
  });

  it("tells no folder that is not below the module's own", async () => {
    const { module } = await splitFixture("rust-classic");
    const debugDir = at("dist", "debug files");
    const below = await splitFile(original, { out: at("dist", "below.wasm"), debugDir }, new NodeHost());
    const pointer = (path: string) => /external_debug_info.(.*)$/s.exec(readFileSync(path, "latin1"))?.[1];
    assert.match(pointer(module.path)!, /^debug-[-0-9a-f]+\.wasm$/);
    assert.match(pointer(below.module.path)!, /^debug files\/debug-[-0-9a-f]+\.wasm$/);
    assert.ok(existsSync(join(at("dist"), pointer(below.module.path)!)));
  });

  it("leaves modules that LLVM's tools read, with the code where it was", async function () {
    if (!hasObjdump) this.skip();
    for (const name of ["rust-classic", "cpp-containers", "c-shapes-o2-dwarf5"]) {
      const { debug, module } = await splitFixture(name, true);
      const [before, split, moved] = [modulePath(fixture(name)), module.path, debug.path].map((path) => {
        const printed = spawnSync(OBJDUMP, ["-h", path], { encoding: "utf8", maxBuffer: 1 << 26 });
        assert.equal(printed.stderr, "");
        return printed.stdout
          .match(/\d+ [.\w]+ +[0-9a-f]{8} [0-9a-f]{8}.*/g)!
          .map((line) => line.replace(/ +/g, " "));
      });
      assert.deepEqual(moved, before);
      const code = before!.findIndex((line) => line.includes(" DATA "));
      assert.deepEqual(split!.slice(0, code + 1), before!.slice(0, code + 1));
      const names = split!.slice(code + 1).map((line) => line.split(" ")[1]);
      assert.deepEqual(names, ["producers", "target_features", "build_id", "external_debug_info"]);
    }
  });
});

/** `wasm-postmortem instrument`: the files that it leaves, and what it refuses without touching any. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { captureCoreDump, keepWholeStacks } from "../../capture/library/index";
import { type InstrumentFileOptions, instrumentFile } from "../../cli/instrument/instrument-file";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { dumpPath, expected, fixture, modulePath } from "../fixtures";
import { faultsOf } from "../fixtures/faults";
import { start, thrownBy } from "../rewrite/instrument/support";
import { body, moduleOf, vectorSection } from "../wasm/support/module-builder";

keepWholeStacks();
const root = join(__dirname, "../..");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-instrument-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]): string => join(folder, ...names);

const instrumented = (path: string, options: Partial<InstrumentFileOptions> = {}) => {
  const host = new NodeHost();
  return instrumentFile(path, { out: at("dist", "app.wasm"), tier: 1, ...options }, host).finally(() =>
    host.close(),
  );
};

describe("wasm-postmortem instrument", () => {
  it("leaves a module, and the original beside it, by which its crash is shown with its values", async () => {
    const of = fixture("rust-release");
    const report = await instrumented(modulePath(of));
    assert.ok(report.debug);
    assert.ok(report.module.size < report.before);
    const running = start(new Uint8Array(readFileSync(report.module.path)));
    const error = thrownBy(() => running.call(undefined));
    writeFileSync(at("app.coredump"), captureCoreDump(error, running)!.bytes());
    const host = new NodeHost();
    try {
      const crash = await openCrash({ coreFile: at("app.coredump"), program: at("dist", "app.wasm") }, host);
      assert.deepEqual(faultsOf(of, crash), []);
      assert.equal(crash.threads[0]!.frames().length > 0, true);
      assert.deepEqual(crash.warnings, []);
      assert.equal(crash.dump.notes.error, expected(of).trap.error);
    } finally {
      host.close();
    }
  });

  it("instruments the functions of a core dump's stack", async () => {
    const of = fixture("rust-release");
    const all = await instrumented(modulePath(of));
    const few = await instrumented(modulePath(of), { functionsFrom: dumpPath(of), out: at("few.wasm") });
    assert.ok(few.instrumented > 5 && few.instrumented < 25, `${few.instrumented}`);
    assert.ok(few.module.size < all.module.size);
  });

  it("says on the command line what it has done, and what it could not do", () => {
    const of = fixture("c-traps/abort");
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", "instrument", ...args], {
        cwd: root,
        encoding: "utf8",
        timeout: 60_000,
      });
    const done = run(modulePath(of), "-o", at("app.wasm"), "--memory");
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /^module .*\n/);
    assert.match(done.stdout, /tier +2\n/);
    assert.match(done.stdout, /debug file .*debug-663acc91-/);
    const refused = run(at("app.wasm"), "-o", at("again.wasm"));
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /is instrumented already/);
  });

  const refuses = (what: string, message: RegExp, prepare: () => string, options = {}) =>
    it(`refuses ${what}, and leaves all as it was`, async () => {
      const path = prepare();
      const before = existsSync(path) ? readFileSync(path) : undefined;
      const files = readdirSync(folder);
      await assert.rejects(instrumented(path, options), message);
      assert.deepEqual(readdirSync(folder), files);
      if (before) assert.deepEqual(readFileSync(path), before);
    });
  const write = (bytes: Uint8Array): string => {
    writeFileSync(at("in.wasm"), bytes);
    return at("in.wasm");
  };

  refuses("a module that is cut off", /truncated/, () => {
    const path = write(readFileSync(modulePath(fixture("c-traps/abort"))));
    truncateSync(path, 50_000);
    return path;
  });
  refuses("what is no WebAssembly", /is not WebAssembly/, () => write(Buffer.from("MZ no module")));
  refuses("a module without code", /no code/, () => write(moduleOf()));
  refuses("a file that is not there", /in.wasm/, () => at("in.wasm"));
  it("refuses to put it in the original's place", async () => {
    const path = write(moduleOf());
    await assert.rejects(instrumented(path, { out: path }), /is the original/);
  });
  it("refuses a link to the original, and what is no file", async () => {
    const path = write(readFileSync(modulePath(fixture("c-traps/abort"))));
    symlinkSync(path, at("link.wasm"));
    await assert.rejects(instrumented(path, { out: at("link.wasm") }), /is the original/);
    await assert.rejects(instrumented(path, { out: "/dev/full", debugDir: folder }), /is no regular file/);
    assert.deepEqual(readdirSync(folder).sort(), ["in.wasm", "link.wasm"]);
  });
  it("leaves all as it was when the disk takes no more", () => {
    const bytes = readFileSync(modulePath(fixture("c-traps/abort")));
    const path = write(bytes);
    writeFileSync(at("out.wasm"), "of a former run");
    // No file may grow past 20 blocks of 512 or 1024 bytes.
    const command = ["--import", "tsx", "cli/main.ts", "instrument", path, "-o", at("out.wasm")];
    const limited = spawnSync("sh", ["-c", 'ulimit -f 20; exec "$@"', "sh", process.execPath, ...command], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(limited.status, 2, limited.stderr);
    assert.match(limited.stderr, /cannot be written: EFBIG/);
    assert.deepEqual(readdirSync(folder).sort(), ["in.wasm", "out.wasm"]);
    assert.deepEqual(readFileSync(path), bytes);
    assert.equal(readFileSync(at("out.wasm"), "utf8"), "of a former run");
  }).timeout(60_000);
  it("refuses an output that cannot be written, and leaves the input and no debug file", async () => {
    mkdirSync(at("taken"));
    const path = write(readFileSync(modulePath(fixture("c-traps/abort"))));
    await assert.rejects(instrumented(path, { out: at("taken") }), /is a folder/);
    assert.deepEqual(readdirSync(folder).sort(), ["in.wasm", "taken"]);
  });

  it("takes a module without memory, whose dumps have frames and values", async () => {
    const divide = body(0, 0x20, 0, 0x20, 1, 0x6d, 0x0b);
    const path = write(
      moduleOf(
        vectorSection(1, [0x60, 2, 0x7f, 0x7f, 1, 0x7f]),
        vectorSection(3, [0]),
        vectorSection(7, [1, 0x64, 0, 0]),
        vectorSection(10, divide),
      ),
    );
    const report = await instrumented(path);
    assert.equal(report.exported, 0);
    const running = start(new Uint8Array(readFileSync(report.module.path)));
    assert.equal(running.call("d", 7, 2), 3);
    const dump = captureCoreDump(
      thrownBy(() => running.call("d", 7, 0)),
      running,
    );
    assert.equal(dump?.frames, 1);
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { fixture, modulePath } from "../fixtures/index";
import { bundleCli } from "./support/bundle";

describe("wasm-postmortem capture", () => {
  it("writes a dump with every local of a program as it is, lets it go on, and ends as it ends", () => {
    const folder = mkdtempSync(join(tmpdir(), "capture test "));
    const cli = bundleCli(folder);
    const app = join(folder, "app.mjs");
    const nothing =
      "fd_close, fd_seek: fd_close, fd_write: fd_close, fd_fdstat_get: fd_close, proc_exit: fd_close";
    writeFileSync(
      app,
      `import { readFileSync } from "node:fs";
      const fd_close = () => 0;
      const imports = { wasi_snapshot_preview1: { ${nothing} } };
      const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), imports);
      try { instance.exports.divide_by_zero(1234, 0); } catch (error) { console.log("went on:", error.message); }
      process.exitCode = 7;`,
    );
    const out = join(folder, "dumps");
    const module = modulePath(fixture("c-traps/divide_by_zero"));
    const args = [cli, "capture", "--out", out, "--", process.execPath, app, module];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(stdout, "went on: divide by zero\n");
    assert.equal(status, 7);
    const [dump = "", ...others] = readdirSync(out);
    assert.deepEqual(others, []);
    assert.ok(stderr.includes(`wrote ${join(out, dump)} (RuntimeError: divide by zero)`), stderr);
    const { threads } = readCoreDump(new MemorySource("dump", readFileSync(join(out, dump))));
    assert.deepEqual(threads[0]!.frames[0]!.locals.slice(0, 2), [
      { type: "i32", value: 1234 },
      { type: "i32", value: 0 },
    ]);
    rmSync(folder, { recursive: true });
  });

  it("writes a dump of each worker thread's trap, whatever its environment, and of one that rejects a promise", () => {
    const folder = mkdtempSync(join(tmpdir(), "capture workers "));
    const cli = bundleCli(folder);
    const module = modulePath(fixture("c-traps/divide_by_zero"));
    writeFileSync(
      join(folder, "app.mjs"),
      `import { readFileSync } from "node:fs";
      import { isMainThread, Worker, workerData } from "node:worker_threads";
      const zero = () => 0;
      const wasi = { fd_close: zero, fd_seek: zero, fd_write: zero, fd_fdstat_get: zero, proc_exit: zero };
      const compiled = new WebAssembly.Module(readFileSync(${JSON.stringify(module)}));
      const app = new WebAssembly.Instance(compiled, { wasi_snapshot_preview1: wasi });
      const rejects = async (value) => app.exports.divide_by_zero(value, 0);
      const start = (value, options) => new Promise((done) => {
        const worker = new Worker(new URL(import.meta.url), { ...options, workerData: value });
        worker.on("error", (error) => done(error.message));
      });
      if (isMainThread) {
        const started = [{}, { env: { OWN: "1" } }, { env: {}, execArgv: [] }].map((own, at) => start(101 + at, own));
        const results = [...await Promise.all(started), await rejects(100).catch(({ message }) => message)];
        console.log(results.join(", "));
      } else if (process.env.OWN && Object.keys(process.env).join() !== "OWN") throw new Error("another environment");
      else app.exports.divide_by_zero(workerData, 0);`,
    );
    const out = join(folder, "dumps");
    const args = [cli, "capture", "--out", out, "--", process.execPath, join(folder, "app.mjs")];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(stdout, `${Array(4).fill("divide by zero").join(", ")}\n`, stderr);
    const values = readdirSync(out).map((name) => {
      const { threads } = readCoreDump(new MemorySource("dump", readFileSync(join(out, name))));
      return threads[0]!.frames[0]!.locals[0];
    });
    assert.deepEqual(values.map((local) => (local as { value: number }).value).sort(), [100, 101, 102, 103]);
    rmSync(folder, { recursive: true });
  });

  it("says in one line what it cannot do, and lets the program be", () => {
    const folder = mkdtempSync(join(tmpdir(), "capture bad "));
    const cli = bundleCli(folder);
    writeFileSync(join(folder, "file"), "");
    const module = modulePath(fixture("c-traps/divide_by_zero"));
    writeFileSync(
      join(folder, "app.cjs"),
      `const compiled = new WebAssembly.Module(require("fs").readFileSync(${JSON.stringify(module)}));
      const zero = () => 0;
      const wasi = { fd_close: zero, fd_seek: zero, fd_write: zero, fd_fdstat_get: zero, proc_exit: zero };
      const app = new WebAssembly.Instance(compiled, { wasi_snapshot_preview1: wasi });
      try { app.exports.divide_by_zero(1, 0); } catch { console.log("went on"); }`,
    );
    const run = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "capture", ...args], {
        encoding: "utf8",
        cwd: folder,
      });
      return { status, stdout, stderr };
    };
    const cases: [string[], number, RegExp, string][] = [
      [[], 2, /^wasm-postmortem: Give a program after --, or --attach/, ""],
      [
        ["--attach", "ws://127.0.0.1:1/", "--", "node"],
        2,
        /^wasm-postmortem: Give a program after --, or/,
        "",
      ],
      [["--", "./absent"], 2, /^wasm-postmortem: It cannot be started: .*ENOENT/, ""],
      [
        ["--attach", "no inspector"],
        2,
        /^wasm-postmortem: There is no inspector at http:\/\/no inspector/,
        "",
      ],
      [["--limit", "0", "--", "node"], 1, /Give a number above 0/, ""],
      [
        ["--out", join(folder, "file", "dumps"), "--", process.execPath, "app.cjs"],
        0,
        /^wasm-postmortem: no core dump was written: .*ENOTDIR.*\n.*no WebAssembly trap left a core dump/,
        "went on\n",
      ],
    ];
    for (const [args, status, message, printed] of cases) {
      const ended = run(...args);
      assert.match(ended.stderr, message);
      assert.deepEqual([ended.status, ended.stdout], [status, printed], args.join(" "));
    }
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".coredump")),
      [],
    );
    rmSync(folder, { recursive: true });
  });
});

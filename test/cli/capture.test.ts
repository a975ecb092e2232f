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
});

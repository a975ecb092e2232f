/**
 * The library as a program has it: the package that npm makes, installed where a program looks for it, and both of its
 * modules imported by their names. They are two files, which must find each other for an instrumented module's locals.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import type { RecordedValue } from "../../engine/coredump/model";
import { readCoreDump } from "../../engine/coredump/reader";
import { openCrash } from "../../engine/postmortem/crash";
import { faultsOf } from "../fixtures/faults";
import { fixture, loadDump, modulePath } from "../fixtures/index";
import { repository } from "./support/versions";

const tsc = join(repository, "node_modules/typescript/bin/tsc");

/** Runs a program to its end, which is to be this status. @returns what it printed as errors */
function run(cwd: string, status: number, program: string, ...args: string[]): string {
  const ended = spawnSync(program, args, { cwd, encoding: "utf8" });
  assert.equal(ended.status, status, `${ended.stdout}${ended.stderr}`);
  return ended.stderr;
}

describe("The package of npm", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-npm-"));
    // Its bundles are those that the tests of this folder have; its types are made with the package.
    run(repository, 0, process.execPath, tsc, "-p", "capture/library/tsconfig.json");
    run(repository, 0, "npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", folder);
    const [archive = ""] = readdirSync(folder);
    const modules = join(folder, "node_modules");
    mkdirSync(modules);
    run(modules, 0, "tar", "-xzf", join("..", archive));
    cpSync(join(modules, "package"), join(modules, "wasm-postmortem"), { recursive: true });
    rmSync(join(modules, "package"), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("gives a program both modules of the library: the dump of an instrumented module's trap has its locals", () => {
    const of = fixture("rust-release");
    const cli = join(folder, "node_modules", "wasm-postmortem", "dist", "cli.js");
    run(folder, 0, process.execPath, cli, "instrument", modulePath(of), "-o", "app.wasm");
    writeFileSync(
      join(folder, "app.mjs"),
      `import { readFileSync } from "node:fs";
      import { WASI } from "node:wasi";
      import { installCapture } from "wasm-postmortem/capture";
      import { instrumentation } from "wasm-postmortem/instrumented";
      const wasi = new WASI({ version: "preview1" });
      const module = new WebAssembly.Module(readFileSync("app.wasm"));
      const imports = { ...wasi.getImportObject(), ...instrumentation(module) };
      const instance = new WebAssembly.Instance(module, imports);
      installCapture({ instance, module, name: "app" });
      wasi.start(instance);`,
    );
    assert.match(run(folder, 1, process.execPath, "app.mjs"), /Wrote the core dump app\.\d+\.coredump/);

    const names = readdirSync(folder);
    const debug = names.find((name) => /^debug-.*\.wasm$/.test(name));
    const written = names.filter((name) => name.endsWith(".coredump"));
    assert.equal(written.length, 1);
    const source = (name: string) => new MemorySource(name, readFileSync(join(folder, name)));
    const dump = source(written[0]!);
    const main = { module: { path: "app.wasm", source: source("app.wasm") } };
    const crash = openCrash({ dump, main: { ...main, debug: { path: debug!, source: source(debug!) } } });
    assert.deepEqual(faultsOf(of, crash), []);

    // V8's view of the machine, where the same module crashed as it is.
    const truth = readCoreDump(new MemorySource("truth", loadDump(of))).threads[0]!.frames;
    const text = (value: RecordedValue | undefined) => value && "value" in value && String(value.value);
    let told = 0;
    crash.dump.threads[0]!.frames.forEach(({ functionIndex, offset, locals }, at) => {
      const seen = truth[at]!;
      assert.deepEqual([functionIndex, offset], [seen.functionIndex, seen.offset]);
      locals.forEach((local, index) => {
        if (local.type === "missing") return;
        assert.equal(text(local), text(seen.locals[index]), `frame ${at}, local ${index}`);
        told++;
      });
    });
    assert.ok(told >= truth.length / 2, `${told} locals in ${truth.length} frames`);
  });

  it("gives a program in TypeScript the types of both", () => {
    writeFileSync(
      join(folder, "user.mts"),
      `import { captureCoreDump, type CapturedDump } from "wasm-postmortem/capture";
      import { instrumentation } from "wasm-postmortem/instrumented";
      export const dump: CapturedDump | undefined = captureCoreDump(new Error(), { name: typeof instrumentation });
      // @ts-expect-error: a name is text
      captureCoreDump(new Error(), { name: 5 });
      // @ts-expect-error: it wants a module
      instrumentation();`,
    );
    const options = ["--noEmit", "--strict", "--target", "es2023", "--module", "nodenext"];
    run(folder, 0, process.execPath, tsc, ...options, "user.mts");
  });
});

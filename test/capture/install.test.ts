/** installCapture in real programs that end: the dump is there, and the program ends, or goes on, as it does without. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Browser } from "playwright-core";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { openBrowser } from "../vscode/support/browser";
import { bundled } from "./hosts/hosts";
import { sampleProgram } from "./library/sample";

const framesIn = (dump: Uint8Array) =>
  readCoreDump(new MemorySource("dump", dump)).threads[0]!.frames.map(
    ({ functionIndex }) => functionIndex as number,
  );

const library = 'export * from "../../../capture/library/index";';

/** How programs crash, with `sample` for the instance; what each prints and how it exits is Node's own affair. */
const endings: Readonly<Record<string, string>> = {
  "a trap that nobody catches": "sample.exports.trap();",
  "a trap in a callback": "setTimeout(() => sample.exports.trap());",
  "a rejected promise that nobody handles": "Promise.resolve().then(() => sample.exports.trap());",
  "a trap that the program's own handler survives":
    'process.on("uncaughtException", (error) => { console.log("survived", error.message); process.exitCode = 3; });' +
    " setTimeout(() => console.log('went on'), 5); sample.exports.trap();",
  "a trap with a status of the program's own":
    'process.on("uncaughtException", () => process.exit(42)); sample.exports.trap();',
  "a stack that overflows": "sample.exports.overflow();",
  "a rejection that the program's own handler takes":
    'process.on("unhandledRejection", (error) => console.log("handled", error.message));' +
    " void Promise.reject((() => { try { sample.exports.trap(); } catch (error) { return error; } })());",
};
/** Those that no hook is told of: the program has said that they are no end of it. */
const handled = ["a rejection that the program's own handler takes"];

describe("installCapture in Node", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "capture-install-"));
    writeFileSync(join(folder, "capture.mjs"), await bundled(library, "esm"));
    writeFileSync(join(folder, "sample.wasm"), sampleProgram());
  });
  after(() => rmSync(folder, { recursive: true }));

  function run(ending: string, install: string) {
    writeFileSync(
      join(folder, "program.mjs"),
      `import { readFileSync } from "node:fs";
      import { installCapture } from "./capture.mjs";
      const module = new WebAssembly.Module(readFileSync("sample.wasm"));
      const sample = new WebAssembly.Instance(module, { env: { host() {} } });
      Error.stackTraceLimit = 20;
      ${install}
      console.log("started");
      ${ending}`,
    );
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["program.mjs"], {
      cwd: folder,
      encoding: "utf8",
    });
    const dumps = readdirSync(folder).filter((name) => name.endsWith(".coredump"));
    const frames = dumps.map((name) => framesIn(readFileSync(join(folder, name))));
    for (const name of dumps) rmSync(join(folder, name));
    const log = stderr.match(/^(Wrote the|No) core dump.*\n/gm) ?? [];
    // Where in the program's file and how deep is not the same with another line in it.
    const rest = stderr.replace(/^(Wrote the|No) core dump.*\n/gm, "").replace(/^ {4}at .*\n/gm, "");
    return { ends: { status, signal, stdout, stderr: rest }, dumps, frames, log };
  }

  for (const [what, ending] of Object.entries(endings))
    it(`changes nothing of how a program ends, and leaves a dump of it: ${what}`, () => {
      const without = run(ending, "");
      const watched = run(ending, "installCapture({ instance: sample, module, name: 'app' });");
      assert.deepEqual(watched.ends, without.ends);
      assert.deepEqual(without.dumps, []);
      if (handled.includes(what)) return assert.deepEqual(watched.dumps, []);
      assert.equal(watched.dumps.length, 1);
      assert.match(watched.dumps[0]!, /^app\.\d+\.coredump$/);
      assert.deepEqual(watched.log, [`Wrote the core dump ${watched.dumps[0]}\n`]);
      const isOverflow = ending.includes("overflow");
      assert.deepEqual(watched.frames[0]!.slice(0, 1), [isOverflow ? 2 : 3]);
    });

  it("changes nothing either where the dump cannot be written, and where an error is not WebAssembly's", () => {
    const cases = [
      [
        "sample.exports.trap();",
        "installCapture({ onDump() { throw new Error('full'); } });",
        ["No core dump: Error: full\n"],
      ],
      [
        "sample.exports.trap();",
        "installCapture({ name: 'absent/'.repeat(99), instance: sample });",
        undefined,
      ],
      ["throw new Error('mine');", "installCapture();", []],
      ["throw null;", "installCapture();", []],
    ] as const;
    for (const [ending, install, log] of cases) {
      const watched = run(ending, install);
      assert.deepEqual(watched.ends, run(ending, "").ends);
      assert.deepEqual(watched.dumps, []);
      if (log) assert.deepEqual(watched.log, log);
      else assert.match(watched.log.join(""), /^No core dump: Error: ENAMETOOLONG/);
    }
  });

  it("leaves one dump of an error, however often it is installed; and none once its hooks are taken away", () => {
    const twice =
      "installCapture({ instance: sample }); installCapture({ instance: sample, name: 'second' });";
    assert.equal(run("sample.exports.trap();", twice).dumps.length, 1);
    assert.deepEqual(run("sample.exports.trap();", "installCapture({ instance: sample })();").dumps, []);
  });
});

describe("installCapture in Chromium", function () {
  this.timeout(60_000);
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  /** Crashes in a page, and in a worker of it, each in both ways; the page's own handlers see what they see without. */
  const program = `(async (encoded, install) => {
    const seen = [];
    const dumps = [];
    addEventListener("error", (event) => { seen.push("error " + event.message); event.preventDefault(); });
    addEventListener("unhandledrejection", (event) => { seen.push("rejection " + event.reason); event.preventDefault(); });
    const onerror = new Promise((done) => { globalThis.onerror = (message) => { done(message); }; });
    const module = await WebAssembly.compile(Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0)));
    const sample = new WebAssembly.Instance(module, { env: { host() {} } });
    const crashes = new Promise((done) => {
      addEventListener("unhandledrejection", () => setTimeout(done));
    });
    if (install) capture.installCapture({
      instance: sample, module,
      onDump: (dump) => { dumps.push(btoa(String.fromCharCode(...dump.bytes()))); },
    });
    setTimeout(() => sample.exports.trap());
    seen.push("onerror " + await onerror);
    Promise.resolve().then(() => sample.exports.trap());
    await crashes;
    return { seen, dumps };
  })`;

  for (const where of ["page", "worker"] as const)
    it(`takes traps and rejections in a ${where}, which the program's own handlers see as before`, async () => {
      const script = await bundled(
        `import * as capture from "../../../capture/library/index";
        globalThis.capture = capture;`,
        "iife",
      );
      const page = await browser.newPage();
      const results = [];
      for (const install of [false, true]) {
        const call = `${script}; ${program}(${JSON.stringify(Buffer.from(sampleProgram()).toString("base64"))}, ${install})`;
        const inWorker = `new Promise((done, fail) => {
          const source = ${JSON.stringify(`${call}.then((value) => postMessage(value));`)};
          const worker = new Worker(URL.createObjectURL(new Blob([source])));
          worker.onmessage = ({ data }) => done(data);
          worker.onerror = ({ message }) => fail(new Error(message));
        })`;
        await page.goto("about:blank");
        results.push(
          (await page.evaluate(where === "page" ? call : inWorker)) as Record<"seen" | "dumps", string[]>,
        );
      }
      await page.close();
      const [without, watched] = results;
      assert.equal(without!.seen.length, 3);
      assert.deepEqual(watched!.seen, without!.seen);
      assert.deepEqual(without!.dumps, []);
      assert.deepEqual(
        watched!.dumps.map((dump) => framesIn(Buffer.from(dump, "base64"))),
        [[3], [3]],
      );
    });
});

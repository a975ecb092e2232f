/** `capture --attach`: full dumps of programs that run already, each in its own host, and that go on. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { after, afterEach, before, describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import type { CoreDump } from "../../engine/coredump/model";
import { readCoreDump } from "../../engine/coredump/reader";
import { WasmModule } from "../../engine/wasm/module";
import { busy } from "../capture/hosts/rare-traps";
import { sampleProgram } from "../capture/library/sample";
import { fixture, loadDump, loadModule, modulePath } from "../fixtures/index";
import { browserPath } from "../vscode/support/browser";
import { bundleCli } from "./support/bundle";
import { inspectorProxy } from "./support/inspector-proxy";

const crash = fixture("c-traps/divide_by_zero");
const text = Buffer.from(loadModule(crash)).toString("base64");
/** An instance of c-traps, and a loop that crashes it and goes on; `tell` is given what it prints. */
const crashing = (compile: string, numerator: number, tell: string): string => `
  const zero = () => 0;
  const wasi = { fd_close: zero, fd_seek: zero, fd_write: zero, fd_fdstat_get: zero, proc_exit: zero };
  const instance = new WebAssembly.Instance(${compile}, { wasi_snapshot_preview1: wasi });
  let count = 0;
  const crash = () => {
    try { instance.exports.divide_by_zero(${numerator}, 0); } catch (error) { (${tell})(error.message, ++count); }
  };`;
const fromText = `new WebAssembly.Module(Uint8Array.from(atob("${text}"), (one) => one.charCodeAt(0)))`;

describe("wasm-postmortem capture --attach", function () {
  this.timeout(60_000);
  let folder: string;
  let cli: string;
  const children: ChildProcess[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "capture-attach-"));
    cli = bundleCli(folder);
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(join(folder, "dumps"), { recursive: true, force: true });
  });
  after(() => rmSync(folder, { recursive: true, maxRetries: 10 }));

  function start(command: string, args: readonly string[]): ChildProcess {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    return child;
  }
  /** What a program prints, once it fits. */
  function printed(
    child: ChildProcess,
    stream: "stdout" | "stderr",
    wanted: RegExp,
  ): Promise<RegExpExecArray> {
    return new Promise((done, fail) => {
      let all = "";
      child[stream]!.on("data", (data) => {
        all += data;
        const match = wanted.exec(all);
        if (match) done(match);
      });
      child.on("exit", (code) => fail(new Error(`It ended with ${code}: ${all}`)));
    });
  }
  const attach = (inspector: string, limit: number, ...more: string[]) => {
    const args = [
      "capture",
      "--attach",
      inspector,
      "--out",
      join(folder, "dumps"),
      "--limit",
      `${limit}`,
      ...more,
    ];
    return start(process.execPath, [cli, ...args]);
  };
  const dumps = (): CoreDump[] =>
    readdirSync(join(folder, "dumps")).map((name) =>
      readCoreDump(new MemorySource(name, readFileSync(join(folder, "dumps", name)))),
    );

  /** All that V8 tells of the trap, as it told it within the program (test/fixtures), but for its arguments. */
  function assertFull(dump: CoreDump, numerator: number): void {
    const inner = readCoreDump(new MemorySource("dump", loadDump(crash)));
    const [frame, ...others] = dump.threads[0]!.frames;
    const known = inner.threads[0]!.frames[0]!;
    assert.deepEqual(others, []);
    assert.deepEqual([frame!.functionIndex, frame!.offset], [known.functionIndex, known.offset]);
    assert.equal(frame!.locals.length, known.locals.length);
    assert.deepEqual(frame!.locals.slice(0, 2), [
      { type: "i32", value: numerator },
      { type: "i32", value: 0 },
    ]);
    assert.ok(frame!.locals.every(({ type }) => type !== "missing"));
    assert.deepEqual(dump.globals, inner.globals);
    assert.equal(dump.notes.buildId, inner.notes.buildId);
    assert.equal(dump.notes.error, inner.notes.error);
    // Nobody changes this program's table.
    const module = WasmModule.open(new MemorySource("module", loadModule(crash)));
    const [table] = dump.tables ?? [];
    const held = table?.entries.map((entry) => (typeof entry === "object" ? entry.functionIndex : entry));
    assert.ok(table?.size === 6 && held?.includes("null"));
    assert.deepEqual(
      held,
      held?.map((_, slot) => module.tableEntry(0, slot)),
    );
    const [memory] = dump.memories;
    assert.equal(memory!.size, inner.memories[0]!.size);
    // The trapping frame keeps its arguments in memory as well.
    assert.ok(memory!.gapsAreZero);
    const bytes = Buffer.concat(memory!.ranges.map(({ start, length }) => memory!.read(start, length)));
    assert.ok(bytes.includes(Buffer.from([numerator & 0xff, numerator >> 8])));
  }

  it("takes dumps of a program of Node, lets it go after as many as it may, and it runs on to its end", async () => {
    const app = join(folder, "app.cjs");
    const compile = `new WebAssembly.Module(require("fs").readFileSync(${JSON.stringify(modulePath(crash))}))`;
    const tell = `(message) => { console.log("went on", message); setTimeout(crash, 100); }`;
    writeFileSync(
      app,
      `process.on("SIGTERM", () => process.exit(7)); ${crashing(compile, 1234, tell)} crash();`,
    );
    const program = start(process.execPath, ["--inspect=127.0.0.1:0", app]);
    const ended = once(program, "exit");
    const [url] = await printed(program, "stderr", /ws:\/\/\S+/);
    const [status] = await once(attach(url, 2), "exit");
    assert.equal(status, 0);
    await printed(program, "stdout", /went on divide by zero/);
    program.kill("SIGTERM");
    assert.deepEqual(await ended, [7, null]);
    assert.equal(dumps().length, 2);
    for (const dump of dumps()) assertFull(dump, 1234);
  });

  it("takes dumps of Node's worker threads: one that runs, and one that it starts while it is watched", async () => {
    const app = join(folder, "threads.cjs");
    const compile = `new WebAssembly.Module(require("fs").readFileSync(${JSON.stringify(modulePath(crash))}))`;
    // An interval shorter than what it does, which here is a dump, would leave the thread no time for anything else.
    const source = (numerator: number) =>
      `${crashing(compile, numerator, "() => { setTimeout(crash, 100); }")} crash();`;
    writeFileSync(
      app,
      `const { isMainThread, parentPort, Worker } = require("node:worker_threads");
      if (isMainThread) {
        const worker = new Worker(__filename);
        worker.on("online", () => console.log("runs"));
        process.on("SIGUSR2", () => worker.postMessage("another"));
        process.on("SIGTERM", () => worker.terminate().then(() => console.log("went on")));
      } else {
        parentPort.on("message", () => { globalThis.other = new Worker(${JSON.stringify(source(5678))}, { eval: true }); });
        ${source(1234)}
      }`,
    );
    const program = start(process.execPath, ["--inspect=127.0.0.1:0", app]);
    const runs = printed(program, "stdout", /runs/);
    const [url] = await printed(program, "stderr", /ws:\/\/\S+/);
    await runs;
    const watching = attach(url, 1000);
    const ended = once(watching, "exit");
    const dumpOf = (numerator: number) =>
      new Promise<CoreDump>((done) => {
        watching.stderr!.on("data", (data) => {
          if (!`${data}`.includes("wrote")) return;
          for (const dump of dumps())
            if ((dump.threads[0]!.frames[0]!.locals[0] as { value: number }).value === numerator) done(dump);
        });
      });
    const first = dumpOf(1234);
    const second = dumpOf(5678);
    assertFull(await first, 1234);
    program.kill("SIGUSR2");
    assertFull(await second, 5678);
    watching.kill("SIGINT");
    await ended;
    const wentOn = printed(program, "stdout", /went on/);
    program.kill("SIGTERM");
    await wentOn;
  });

  it("goes on with the program that takes the place of another behind one inspector, whose modules are others", async () => {
    const again = (crash: string) =>
      `const again = () => { try { ${crash} } catch {} setTimeout(again, 100); }; again();`;
    const compile = `new WebAssembly.Module(require("fs").readFileSync(${JSON.stringify(modulePath(crash))}))`;
    const other = `new WebAssembly.Module(Buffer.from("${Buffer.from(sampleProgram()).toString("base64")}", "base64"))`;
    const urls = await Promise.all(
      [
        `${crashing(compile, 1234, "() => {}")} ${again("crash();")}`,
        `const it = new WebAssembly.Instance(${other}, { env: { host() {} } }); ${again("it.exports.trap();")}`,
      ].map(async (source) => {
        const program = start(process.execPath, ["--inspect=127.0.0.1:0", "-e", source]);
        return (await printed(program, "stderr", /ws:\/\/\S+/))[0];
      }),
    );
    const proxy = await inspectorProxy(urls[0]!);
    try {
      const watching = attach(proxy.url, 1000);
      const ended = once(watching, "exit");
      await printed(watching, "stderr", /wrote .*c-traps.*divide by zero/);
      await proxy.replace(urls[1]!);
      await printed(watching, "stderr", /wrote .*sample.*unreachable/);
      watching.kill("SIGINT");
      await ended;
      const last = dumps().find(({ modules }) => modules[0]!.name === "sample");
      assert.deepEqual(
        last!.threads[0]!.frames.map(({ functionIndex, offset }) => [functionIndex, offset]),
        [[3, 2]],
        "unreachable, behind a nop",
      );
    } finally {
      proxy.close();
    }
  });

  it("takes a dump of where a program hangs", async () => {
    const compile = `new WebAssembly.Module(Buffer.from("${Buffer.from(busy).toString("base64")}", "base64"))`;
    const source = `const { exports } = new WebAssembly.Instance(${compile}); console.log("hangs"); exports.run();`;
    const program = start(process.execPath, ["--inspect=127.0.0.1:0", "-e", source]);
    const hangs = printed(program, "stdout", /hangs/);
    const [url] = await printed(program, "stderr", /ws:\/\/\S+/);
    await hangs;
    const watching = attach(url, 1, "--now");
    const told = printed(watching, "stderr", /wrote .* \(where it stood\)/);
    assert.deepEqual(await once(watching, "exit"), [0, null]);
    await told;
    const [{ threads }] = dumps() as [CoreDump];
    assert.deepEqual(
      threads[0]!.frames.map(({ functionIndex, offset }) => [
        functionIndex as number,
        [1, 3].includes(offset),
      ]),
      [[0, true]],
      "at the loop or at its branch",
    );
  });

  it("takes dumps of a page and of its worker in Chromium, of all that the browser's port lists", async () => {
    let hear: (from: string) => void = () => {};
    const tell = (from: string) =>
      `(message, count) => { fetch("/went-on-" + ${JSON.stringify(from)} + "-" + count); }`;
    const server = createServer((request, response) => {
      hear(request.url!);
      response.setHeader("content-type", request.url === "/worker.js" ? "text/javascript" : "text/html");
      const source = (numerator: number, from: string) =>
        `${crashing(fromText, numerator, tell(from))} setInterval(crash, 200);`;
      if (request.url === "/worker.js") response.end(source(5678, "worker"));
      else if (request.url === "/")
        response.end(`<script>${source(1234, "page")}; globalThis.it = new Worker("/worker.js");</script>`);
      else response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const flags = [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-dev-shm-usage",
    ];
    const browser = start(browserPath(), [
      ...flags,
      "--remote-debugging-port=0",
      `--user-data-dir=${join(folder, "profile")}`,
      `http://127.0.0.1:${port}/`,
    ]);
    try {
      const [, inspector] = await printed(browser, "stderr", /DevTools listening on ws:\/\/([^/]+)/);
      const running = new Set<string>();
      await new Promise<void>((done) => {
        hear = (url) => {
          const from = /^\/went-on-(page|worker)/.exec(url)?.[1];
          if (from && running.add(from).size === 2) done();
        };
      });
      const watching = attach(inspector!, 1000);
      const ended = once(watching, "exit");
      const arguments_ = () =>
        new Set(dumps().map((dump) => (dump.threads[0]!.frames[0]!.locals[0] as { value: number }).value));
      await new Promise<void>((done) => {
        watching.stderr!.on("data", (data) => {
          if (`${data}`.includes("wrote") && arguments_().size === 2) done();
        });
      });
      const later = new Promise<void>((done) => {
        const seen = new Set<string>();
        hear = (url) => {
          const from = /^\/went-on-(page|worker)/.exec(url)?.[1];
          if (from && seen.add(from).size === 2) done();
        };
      });
      watching.kill("SIGINT");
      await ended;
      await later;
      for (const dump of dumps())
        assertFull(dump, (dump.threads[0]!.frames[0]!.locals[0] as { value: number }).value);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("takes a dump of a Worker in workerd, which then answers", async () => {
    const worker = new Miniflare({
      ...{ telemetry: { enabled: false }, cf: false, compatibilityDate: "2026-07-01", inspectorPort: 0 },
      modules: [
        {
          type: "ESModule",
          path: "worker.mjs",
          contents: `import module from "./app.wasm"; export default { fetch() {
            ${crashing("module", 1234, "() => {}")} crash(); return new Response("went on"); } };`,
        },
        { type: "CompiledWasm", path: "app.wasm", contents: loadModule(crash) },
      ],
    });
    try {
      await worker.ready;
      const { host } = await worker.getInspectorURL();
      const watching = attach(host, 1);
      const ended = once(watching, "exit");
      await printed(watching, "stderr", /watching ws:.*\n/);
      const answer = await worker.dispatchFetch("http://worker/");
      assert.equal(await answer.text(), "went on");
      assert.deepEqual(await ended, [0, null]);
      assert.equal(dumps().length, 1);
      assertFull(dumps()[0]!, 1234);
    } finally {
      await worker.dispose();
    }
  });

  it("says in one line that there is no inspector", async () => {
    const unused = createServer().listen(0, "127.0.0.1");
    await once(unused, "listening");
    const { port } = unused.address() as AddressInfo;
    unused.close();
    for (const inspector of [`ws://127.0.0.1:${port}/x`, `127.0.0.1:${port}`]) {
      const child = attach(inspector, 1);
      let text = "";
      child.stderr!.on("data", (data) => (text += data));
      const [status] = await once(child, "close");
      assert.equal(status, 2, text);
      assert.match(text, /^wasm-postmortem: There is no inspector at .*ECONNREFUSED.*\n$/);
    }
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { renderInfo } from "../../cli/info/render";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { openCrash as joinCrash, openStackTraces } from "../../engine/postmortem/crash";
import { type DumpInfo, dumpInfo } from "../../engine/postmortem/dump-info";
import type { Crash } from "../../engine/postmortem/model";
import { WasmModule } from "../../engine/wasm/module";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import * as documented from "../coredump/support/documented";
import { dumpPath, fixture, loadDump, loadModule, modulePath } from "../fixtures";
import { dumpsOf, loadProduced, producers } from "../fixtures/dialects";

const root = join(__dirname, "../..");
const golden = join(root, "test/golden/info");
const host = new NodeHost();
after(() => host.close());

const crashed = fixture("c-traps/abort");
const moduleSource = new MemorySource("c-traps.wasm", loadModule(crashed));

const opened = (dump: Uint8Array): Crash =>
  joinCrash({
    dump: new MemorySource("dump", dump),
    main: { module: { path: "c-traps.wasm", source: moduleSource } },
  });

/** `abort` of c-traps as each producer wrote it, or documents it. */
function samples(): Map<string, () => Crash | Promise<Crash>> {
  const all = new Map<string, () => Crash | Promise<Crash>>();
  const recorded = () => ({
    dump: readCoreDump(new MemorySource("v8", loadDump(crashed))),
    module: WasmModule.open(moduleSource),
  });
  for (const [name, write] of Object.entries(documented))
    all.set(`documented-${name}`, () => opened(write(recorded())));
  for (const producer of producers) {
    const produced = dumpsOf(producer).find((one) => one.fixture === crashed);
    if (produced !== undefined) all.set(producer, () => opened(loadProduced(produced)));
  }
  all.set("specification", () => opened(loadDump(crashed)));
  all.set("stack-trace", () =>
    traced("<?>.wasm-function[abort]@[wasm code]\n<?>.wasm-function[give_up]@[wasm code]"),
  );
  // As long as Wasmtime's stacks are when it has cut them.
  const stacks = join(root, "test/fixtures/dialects/stacks");
  all.set("wasmtime-cut", () =>
    openCrash({ coreFile: join(stacks, "native.coredump"), program: join(stacks, "deep.wasm") }, host),
  );
  const several = join(root, "test/fixtures/dialects/several");
  for (const dump of ["modules", "instances", "memories", "log"]) {
    const program = join(several, `${/memories|log/.test(dump) ? dump : "app"}.wasm`);
    const modules = { "lib.wasm": join(several, "lib.wasm") };
    all.set(`several-${dump}`, () =>
      openCrash({ coreFile: join(several, `${dump}.coredump`), program, modules }, host),
    );
  }
  return all;
}

function traced(frames: string): Crash {
  const main = { module: { path: "c-traps.wasm", source: moduleSource } };
  return openStackTraces(`RuntimeError: Unreachable code should not be executed\n${frames}`, "log", { main })
    .crash;
}

function run(input: string, ...args: string[]): { status: number | null; out: string; err: string } {
  const cli = spawnSync(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
    cwd: root,
    encoding: "utf8",
    input,
    timeout: 60_000,
  });
  return { status: cli.status, out: cli.stdout, err: cli.stderr.replace(/^npm warn.*\n/gm, "") };
}

describe("wasm-postmortem info", function () {
  this.timeout(60_000);

  for (const [name, open] of samples()) {
    it(`says of ${name} how it was read and what it has, as recorded`, async () => {
      const crash = await open();
      const text = renderInfo(dumpInfo(crash.dump, crash)).replaceAll(root, "<repository>");
      const path = join(golden, `${name}.txt`);
      if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(path, text);
      assert.ok(existsSync(path), `${path}: UPDATE_GOLDEN=1 writes it`);
      assert.equal(text, readFileSync(path, "utf8"));
    });
  }

  it("needs no module, and prints JSON for programs", () => {
    const { status, out, err } = run("", "info", "--json", dumpPath(crashed));
    assert.equal(err, "");
    assert.equal(status, 0);
    const info = JSON.parse(out) as DumpInfo;
    assert.equal(info.dialect.name, "specification");
    assert.match(info.producer ?? "", /V8/);
    assert.equal(info.threads[0]!.frames.length, 2);
    assert.equal(info.memories[0]!.rest, "zero");
  });

  it("reads in the dialect that it is told, and says why it cannot", () => {
    const { status, err } = run("", "info", "--dialect", "wasmer", dumpPath(crashed));
    assert.equal(status, 2);
    assert.match(err, /not written in the dialect wasmer/);
    assert.match(
      run("", "info", "--dialect", "elf", dumpPath(crashed)).err,
      /Allowed choices are .*rewriter-0\.2\.2/,
    );
  });
});

describe("wasm-postmortem symbolicate", function () {
  this.timeout(60_000);
  const offset = (frame: number) => {
    const { physical } = opened(loadDump(crashed)).threads[0]!.frames()[frame]!;
    return physical.module.wasm.codeOffsetToFile(physical.pc!).toString(16);
  };
  const index = (frame: number) => opened(loadDump(crashed)).dump.threads[0]!.frames[frame]!.functionIndex;

  it("prints a log with functions and lines in the form of its engine", () => {
    const where = (frame: number) => `wasm-function[${index(frame)}]:0x${offset(frame)}`;
    const log = `one\nError: x\n    at y (wasm://wasm/c-traps-0123abcd:${where(0)})\nError\ny@http://host/c-traps.wasm:${where(1)}\n`;
    const { status, out, err } = run(log, "symbolicate", modulePath(crashed));
    assert.equal(err, "");
    assert.equal(status, 0);
    const lines = out.split("\n");
    assert.deepEqual([lines[0], lines[1], lines[3]], ["one", "Error: x", "Error"]);
    assert.match(lines[2]!, /^ {4}at abort \(.*abort\.c:\d+:\d+\)$/);
    assert.match(lines[4]!, /^abort_now@.*c-traps\.c:\d+:\d+$|^\w+@.*c-traps\.c:\d+:\d+$/);
  });

  it("says what is missing where a text has no trace", () => {
    const { status, err } = run("nothing here\n", "symbolicate", modulePath(crashed));
    assert.equal(status, 2);
    assert.match(err, /standard input has no stack trace with WebAssembly frames/);
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { checked } from "../../adapter/requests/launch";
import type { Crash } from "../../engine/postmortem/model";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";
import { traceFile } from "../../src/crash-files/trace";
import { dumpPath, fixture, modulePath } from "../fixtures";

const host = new NodeHost();
const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
after(() => {
  host.close();
  rmSync(folder, { recursive: true });
});

const crashed = fixture("c-shapes-o0-dwarf4");
const program = modulePath(crashed);
const lines = ({ threads }: Crash) => threads[0]!.frames().map((frame) => [frame.name, frame.location?.line]);

/** What V8 prints of a crash, made of its dump. */
async function traceOf(): Promise<string> {
  const { threads } = await openCrash({ coreFile: dumpPath(crashed), program }, host);
  const physical = new Set(threads[0]!.frames().map((frame) => frame.physical));
  const frames = Array.from(physical, ({ functionIndex, module, pc }) => {
    const offset = module.wasm.codeOffsetToFile(pc!).toString(16);
    return `    at f (wasm://wasm/c-shapes-o0-dwarf4-0123abcd:wasm-function[${functionIndex}]:0x${offset})`;
  });
  return `RuntimeError: memory access out of bounds\n${frames.join("\n")}\n`;
}

describe("a stack trace in place of a core dump", () => {
  it("opens with the frames and lines that the dump has: as text, and as a log's file", async () => {
    const wanted = lines(await openCrash({ coreFile: dumpPath(crashed), program }, host));
    const text = await traceOf();
    assert.deepEqual(lines(await openCrash(checked({ stackTrace: text, program }), host)), wanted);
    const log = join(folder, "server.log");
    writeFileSync(log, `started\n${text}stopped\n`);
    const crash = await openCrash({ coreFile: log, program }, host);
    assert.deepEqual(lines(crash), wanted);
    assert.equal(crash.reason.kind, "memory-out-of-bounds");
  });

  it("names the modules that it runs in, so that they are found in a workspace", async () => {
    assert.deepEqual(traceFile("stack trace", await traceOf()).names, ["wasm://wasm/c-shapes-o0-dwarf4"]);
  });
});

describe("launch arguments", () => {
  it("are refused in words when they are of the wrong kind", () => {
    const coreFile = "crash.coredump";
    assert.throws(() => checked({ coreFile, modules: { lib: 3 } as never }), /“modules” must give a path/);
    assert.throws(() => checked({ coreFile, dialect: 3 as never }), /“dialect” must be the name/);
    assert.throws(() => checked({ stackTrace: 3 as never }), /“stackTrace” must be the text/);
    assert.throws(() => checked({}), /needs “coreFile”/);
  });
});

/** Programs of several modules, instances and memories, dumped by Wasmtime (test/fixtures/dialects/several). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { address } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { Missing } from "../../engine/dwarf/missing";
import { readMemory } from "../../engine/postmortem/memory";
import type { Crash, Frame } from "../../engine/postmortem/model";
import { NodeHost } from "../../host/node";
import { openCrash } from "../../host/open-crash";

const host = new NodeHost();
after(() => host.close());
const file = (name: string) => join(__dirname, "../fixtures/dialects/several", name);
const open = (
  dump: string,
  modules: Record<string, string> = { "lib.wasm": file("lib.wasm") },
): Promise<Crash> => openCrash({ coreFile: file(dump), program: file("app.wasm"), modules }, host);

const frames = (crash: Crash) =>
  crash.threads[0]!.frames().map((frame) => [
    frame.physical.module.name,
    frame.name,
    frame.location?.line ?? 0,
  ]);

function variable(frame: Frame, name: string): string {
  const all = frame.scopes().flatMap((scope) => scope.variables());
  return all.find((candidate) => candidate.name === name)?.value.text() ?? "no such variable";
}

describe("a crash of several modules", () => {
  it("shows each frame with the functions and lines of its own module", async () => {
    assert.deepEqual(frames(await open("modules.coredump")), [
      ["lib.wasm", "divide", 8],
      ["app.wasm", "average", 10],
      ["app.wasm", "run", 15],
    ]);
  });

  it("reads each frame's variables from its own instance's memory", async () => {
    const [divide, average] = (await open("modules.coredump")).threads[0]!.frames();
    // Both are `static int calls`, each at an address of its own memory.
    assert.equal(variable(divide!, "calls"), "41");
    assert.equal(variable(average!, "calls"), "7");
  });

  it("takes the module by its position in the dump too", async () => {
    const crash = await open("modules.coredump", { "0": file("lib.wasm") });
    assert.equal(frames(crash)[0]![1], "divide");
  });

  it("shows no lines of another module where a module's file was not given, and says so", async () => {
    const crash = await open("modules.coredump", {});
    assert.deepEqual(frames(crash), [
      ["lib.wasm", "wasm-function[0]", 0],
      ["app.wasm", "average", 10],
      ["app.wasm", "run", 15],
    ]);
    assert.ok(
      crash.warnings.some((warning) =>
        /lib\.wasm: its file was not given: name it in "modules"/.test(warning),
      ),
      crash.warnings.join("\n"),
    );
  });
});

describe("a crash where a module has several instances", () => {
  it("shows what is the same in all of them, since Wasmtime does not say which one ran", async () => {
    const crash = await open("instances.coredump");
    const [divide, average] = crash.threads[0]!.frames();
    assert.equal(variable(divide!, "calls"), "41");
    assert.match(variable(average!, "calls"), /^<unavailable/);
    assert.ok(average!.physical.machine.global(0) instanceof Missing);
    assert.ok(
      crash.warnings.some((warning) => /app\.wasm has 2 instances/.test(warning)),
      crash.warnings.join("\n"),
    );
  });
});

describe("a crash with memories of every kind", () => {
  const crash = () =>
    openCrash({ coreFile: file("memories.coredump"), program: file("memories.wasm") }, host);

  it("does not take the second memory for the shared one, which Wasmtime leaves out", async () => {
    const { dump } = await crash();
    assert.deepEqual(dump.instances[0]!.memories, [undefined, 0, 1]);
    const [own, wide] = dump.memories;
    assert.equal(text(own!.read(address(16), 10)), "own memory");
    assert.equal(text(wide!.read(address(32), 11)), "wide memory");
    assert.equal(wide!.memory64, true);
  });

  it("says of a trap in the third memory how large that was", async () => {
    const opened = await crash();
    assert.equal(opened.reason.kind, "memory-out-of-bounds");
    const { physical } = opened.threads[0]!.frames()[0]!;
    assert.deepEqual(
      [0, 1, 2, 3].map((memory) => physical.memorySize(memory)),
      [undefined, 65536, 65536, undefined],
    );
  });

  it("counts pages of another size by that size, and knows nothing of what Wasmtime drops behind them", async () => {
    const opened = await openCrash({ coreFile: file("pages.coredump"), program: file("pages.wasm") }, host);
    const [memory] = opened.dump.memories;
    assert.equal(memory!.size, 5000);
    assert.equal(text(memory!.read(address(4090), 6)), "on bot");
    assert.ok(readMemory(memory!, address(4096), 4) instanceof Missing);
  });

  it("keeps a vector's bits and a negative zero, and does not call a reference null", () => {
    const dump = readCoreDump(new MemorySource("dump", readFileSync(file("memories.coredump"))));
    const [vector, reference, zero] = dump.globals;
    assert.ok(vector?.type === "v128");
    assert.deepEqual([...new Int32Array(Uint8Array.from(vector.bytes).buffer)], [1, 2, 3, -4]);
    assert.deepEqual(reference, { type: "missing" });
    assert.ok(zero?.type === "f64" && Object.is(zero.value, -0));
  });
});

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

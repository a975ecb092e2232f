/** Stacks that ran out, in real dumps of a producer that does not say why it stopped. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import type { Crash } from "../../engine/postmortem/model";
import { explainCrash } from "../../engine/postmortem/reason/reason";

function open(module: string, dump: string): Crash {
  const source = (name: string) =>
    new MemorySource(name, readFileSync(join(__dirname, "../fixtures/dialects/stacks", name)));
  return openCrash({ dump: source(dump), main: { module: { path: module, source: source(module) } } });
}

describe("the runtime's own stack", () => {
  for (const [dump, recursion, times] of [
    ["native", "descend", 20],
    ["indirect", "pong", 10],
  ] as const)
    it(`is called exhausted where a recursion was stopped on entering a function: ${dump}`, () => {
      const { reason } = open("deep.wasm", `${dump}.coredump`);
      assert.equal(reason.kind, "stack-overflow");
      assert.match(reason.title, /^call stack exhausted, very likely/);
      assert.deepEqual(reason.details, [
        `stopped on entering ${recursion}, which is on the stack at least ${times} times`,
        "nothing else stops a program there but a limit of its host on fuel or time",
      ]);
    });

  it("is not blamed where there is no recursion: the host's fuel had run out", () => {
    const { reason } = open("deep.wasm", "fuel.coredump");
    assert.equal(reason.kind, "unknown");
    assert.match(reason.title, /^stopped on entering native: .* or it met a limit/);
  });
});

describe("the program's stack in memory", () => {
  const title = "the recursion is too deep, or its locals are too large, for the program's stack";

  it("has run out where a frame reaches below address 0", () => {
    const { reason } = open("deep.wasm", "shadow.coredump");
    assert.equal(reason.language, "stack-overflow");
    assert.equal(reason.title, title);
    // 16 frames of 64 bytes fill the 1024 bytes.
    assert.equal(reason.details[0], "the stack pointer, 0xffffffc0, has moved below address 0");
  });

  it("has run out where only the frame of a function that calls nobody does", () => {
    const { reason } = open("deep.wasm", "shadow_leaf.coredump");
    assert.equal(reason.title, title);
    // 64 frames of 16 bytes fill the 1024 bytes; the last function's has 32 more.
    assert.equal(reason.details[0], "the start of the youngest frame, 0xffffffe0, has moved below address 0");
  });

  it("has run out where it lies behind the data and has grown into them, whatever failed in the end", () => {
    const { reason } = open("behind.wasm", "behind.coredump");
    assert.equal(reason.title, title);
    assert.match(reason.details[0]!, /^the stack pointer, 0x3d0, has moved below the stack's end, 0x510,/);
    assert.match(reason.trap, /^indirect call out of bounds: index 2012/);
  });

  it("has run out where a check of Emscripten's says so", () => {
    // As Emscripten 3.1.6 writes it, with -sSTACK_OVERFLOW_CHECK=2 and 1.
    const frames = open("deep.wasm", "fuel.coredump")
      .threads[0]!.frames()
      .map(({ physical, fullName }) => ({ physical, name: fullName, functionInTable: () => undefined }));
    const checked = explainCrash(
      frames,
      "RuntimeError: Aborted(stack overflow (Attempt to set SP to 0xb40, with stack limits [0xb50 - 0x10b50]))",
      undefined,
    );
    assert.equal(checked.title, title);
    assert.deepEqual(checked.details, [
      "the stack pointer was to be set to 0xb40, the stack lies from 0xb50 to 0x10b50",
    ]);
    const cookie = explainCrash(
      frames,
      "RuntimeError: Aborted(Stack overflow! Stack cookie has been overwritten, expected hex dwords 0x89BACDFE and 0x2135467, but received 0x0 0x0)",
      undefined,
    );
    assert.deepEqual(cookie.details, ["the word behind the stack's end has been overwritten"]);
    const own = explainCrash(frames, "RangeError: Maximum call stack size exceeded", undefined);
    assert.equal(own.title, "call stack exhausted: the recursion is too deep");
    assert.equal(own.language, undefined);
  });
});

/** Crashes that a person calls the same have one fingerprint, others have another. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Triage, TriageFrame } from "../../engine/postmortem/triage";
import { fingerprintOf } from "../../service/fingerprint";

const frame = (name: string, more: Partial<TriageFrame> = {}): TriageFrame => ({
  index: 0,
  function: name,
  inlined: false,
  origin: "program",
  path: "/build/a.rs",
  line: 1,
  column: 1,
  module: "app.wasm",
  functionIndex: 1,
  fileOffset: 100,
  arguments: [],
  ...more,
});
const crash = (title: string, ...frames: readonly TriageFrame[]): Promise<string> =>
  fingerprintOf({
    reason: { kind: "unreachable", title, details: [], trap: "", language: undefined },
    frames,
    crashFrame: 0,
  } as unknown as Triage);

describe("a fingerprint", () => {
  const title = "index out of bounds: the len is 3 but the index is 10";
  const one = () => crash(title, frame("app::at<u8>"), frame("app::main"));

  it("does not change with values, lines, hashes, type arguments, and how deep a recursion was", async () => {
    const others = [
      crash(title.replace("10", "4096"), frame("app::at<u8>"), frame("app::main")),
      crash(title, frame("app::at<Vec<u16>>", { line: 7, fileOffset: 900 }), frame("app::main")),
      crash(title, frame("app::at::h0123456789abcdef"), frame("app::main")),
      crash(title, frame("app::at<u8>"), frame("app::at<u8>"), frame("app::main")),
      crash(
        title,
        frame("app::at<u8>"),
        frame("core::ops::call_once", { origin: "runtime" }),
        frame("app::main"),
      ),
    ];
    for (const other of await Promise.all(others)) assert.equal(other, await one());
  });

  it("changes with the function, its callers, and the reason", async () => {
    const others = [
      crash(title, frame("app::from<u8>"), frame("app::main")),
      crash(title, frame("app::at<u8>"), frame("app::test")),
      crash("explicit panic", frame("app::at<u8>"), frame("app::main")),
    ];
    for (const other of await Promise.all(others)) assert.notEqual(other, await one());
  });

  it("goes by the place where no function has a name", async () => {
    const place = (fileOffset: number) => frame("wasm-function[9]", { path: null, fileOffset });
    assert.equal(await crash("unreachable", place(1)), await crash("unreachable", place(1)));
    assert.notEqual(await crash("unreachable", place(1)), await crash("unreachable", place(2)));
  });

  it("keeps operators apart from type arguments", async () => {
    assert.notEqual(await crash("x", frame("operator->")), await crash("x", frame("operator")));
    assert.equal(await crash("x", frame("A<&B::operator->>::f")), await crash("x", frame("A<int>::f")));
  });
});

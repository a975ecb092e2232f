/** Rust's `thread_local!` statics, of which the debug information has what std keeps of them. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { frameOf } from "../expressions/frames";

describe("thread-local statics of Rust", () => {
  const statics = new Map(
    frameOf("rust-forms", "traits")
      .scopes()
      .filter(({ kind }) => kind === "statics")
      .flatMap((scope) => scope.variables())
      .map(({ name, value }) => [name, value.text()]),
  );

  it("are listed by their names with their values", () => {
    assert.equal(statics.get("COUNT"), "8");
    assert.equal(statics.get("WORDS"), "RefCell {value: [1, 2]}");
  });

  it("are not there before a thread has asked for them", () =>
    assert.equal(statics.get("UNASKED"), "<uninit>"));

  it("stand among no vtables, which the compiler makes up", () =>
    assert.deepEqual(
      [...statics.keys()].filter((name) => name.includes("vtable")),
      [],
    ));
});

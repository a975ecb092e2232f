/** Where a session stands in programs that Rust's runtime runs inside of what catches panics. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash } from "../../engine/postmortem/crash";
import { isCrashMachinery } from "../../engine/postmortem/machinery";
import { fixture, loadDump, loadModule } from "../fixtures/index";

describe("A Rust program that aborts under catch_unwind", () => {
  const of = fixture("rust-forms");
  const crash = openCrash({
    dump: new MemorySource("app.coredump", loadDump(of)),
    main: { module: { path: "app.wasm", source: new MemorySource("app.wasm", loadModule(of)) } },
  });
  const thread = crash.threads[0]!;

  it("is stood in where it aborts, not where panics would have been caught", () => {
    assert.ok(thread.frames().some(({ fullName }) => fullName.startsWith("std::panicking::catch_unwind")));
    assert.equal(thread.frames()[thread.crashFrame]?.fullName, "app::crash");
  });

  it("has not panicked", () => {
    assert.equal(crash.reason.language, undefined);
  });
});

describe("Functions of Rust's std::panicking", () => {
  it("belong to a panic, but for those that catch one", () => {
    const machinery = [
      "std::panicking::panic_with_hook",
      "core::panicking::panic_fmt",
      "std::panicking::try_this",
    ];
    const catching = [
      "try<i32>",
      "r#try<i32>",
      "try::do_call<fn(), ()>",
      "catch_unwind::<…>",
      "catch_unwind::do_call<f>",
    ];
    for (const name of machinery) assert.ok(isCrashMachinery(name), name);
    for (const name of catching) assert.ok(!isCrashMachinery(`std::panicking::${name}`), name);
  });
});

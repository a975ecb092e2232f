import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { isCrashMachinery } from "../../engine/postmortem/machinery";
import { shortName } from "../../engine/postmortem/names";
import { originOfPath, originOfUndescribed } from "../../engine/postmortem/origin";

describe("function names in a stack", () => {
  it("keep short generic arguments and cut long ones", () => {
    assert.equal(shortName("call_once<fn(), ()>"), "call_once<fn(), ()>");
    assert.equal(
      shortName("core::iter::Map<alloc::vec::IntoIter<alloc::string::String>, main::{closure_env#0}>::next"),
      "core::iter::Map<…>::next",
    );
  });

  it("keep C++ operators that look like generics", () => {
    for (const name of ["operator<", "a::operator<<", "operator<=>", "operator->", "b::operator>="]) {
      assert.equal(shortName(name), name);
    }
  });

  it("are left alone when their brackets do not match", () => {
    assert.equal(shortName("weird<name"), "weird<name");
  });
});

describe("whose code a frame runs", () => {
  it("tells the program's own sources from its language's runtime and its dependencies", () => {
    const expected = {
      "/build/src/main.rs": "program",
      "src/vendors.c": "program",
      "C:\\work\\app\\src\\main.cpp": "program",
      "/rustc/b833ad56f46a0bbe0e8729512812a161e7dae28a/library/core/src/ops/function.rs": "runtime",
      "library/std/src/panicking.rs": "runtime",
      "/usr/src/rustc-1.96.0/library/alloc/src/vec/mod.rs": "runtime",
      "/wasi-libc/libc-bottom-half/crt/crt1-command.c": "runtime",
      "/usr/include/c++/v1/vector": "runtime",
      "/home/me/.cargo/registry/src/index-6f17d22bba15001f/serde-1.0.0/src/lib.rs": "library",
    };
    for (const [path, origin] of Object.entries(expected)) assert.equal(originOfPath(path), origin, path);
  });

  it("takes functions without debug information for the runtime's only where others have some", () => {
    assert.equal(originOfUndescribed("parse", true), "runtime");
    assert.equal(originOfUndescribed("parse", false), "program");
    assert.equal(originOfUndescribed("abort", false), "runtime");
    assert.equal(originOfUndescribed("__rustc::__rust_start_panic", false), "runtime");
    assert.equal(originOfUndescribed(undefined, false), "program");
  });

  it("knows the functions that run between the fault and the trap", () => {
    const machinery = [
      "core::panicking::panic_fmt",
      "std::panicking::rust_panic_with_hook",
      "core::option::unwrap_failed",
      "abort",
      "__assert_fail",
      "core::slice::index::slice_end_index_len_fail",
    ];
    for (const name of machinery) assert.ok(isCrashMachinery(name), name);
    for (const name of ["app::calculate", "abort_transaction", "my::panicking::thing"]) {
      assert.ok(!isCrashMachinery(name), name);
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { openCrash } from "../../engine/postmortem/crash";
import { WasmModule } from "../../engine/wasm/module";
import { fixture, loadDump, loadModule } from "../fixtures";

/** The module as a tool leaves it that rewrites code and keeps DWARF: the first function has one `nop` more. */
function rewritten(bytes: Uint8Array): Uint8Array {
  const module = WasmModule.open(new MemorySource("module", bytes));
  const code = module.codeSection!;
  const first = module.body(functionIndex(module.importedFunctionCount))!;
  const end = first.fileStart + first.size;
  const body = new ByteWriter()
    .bytes(bytes.subarray(first.fileStart, end - 1))
    .u8(0x01)
    .u8(0x0b)
    .finish();
  const countLength = new ByteWriter().uleb(module.functionCount - module.importedFunctionCount).length;
  const contents = new ByteWriter()
    .bytes(bytes.subarray(code.start, code.start + countLength))
    .uleb(body.length)
    .bytes(body)
    .bytes(bytes.subarray(end, code.start + code.size))
    .finish();
  let header = code.start - 1;
  while (bytes[header] !== 10 || header > code.start - 2) header--;
  return new ByteWriter()
    .bytes(bytes.subarray(0, header))
    .u8(10)
    .uleb(contents.length)
    .bytes(contents)
    .bytes(bytes.subarray(code.start + code.size))
    .finish();
}

describe("debug information that a tool has left stale", () => {
  const c = fixture("c-shapes-o0-dwarf5");
  const changed = rewritten(loadModule(c));
  const crash = openCrash({
    dump: new MemorySource(c.dump, loadDump(c)),
    main: { module: { path: c.module, source: new MemorySource(c.module, changed) } },
  });

  it("is a module that engines still accept", () => {
    assert.doesNotThrow(() => new WebAssembly.Module(changed));
  });

  it("is called stale, prominently", () => {
    assert.match(crash.warnings.join("\n"), /debug information of .* is stale/);
  });

  it("gives no lines and no variables, which would be another function's", () => {
    // The first function begins where it did, and ends elsewhere.
    for (const frame of crash.threads[0]!.frames()) {
      assert.equal(frame.location, undefined, frame.name);
      assert.ok(frame.scopes().every(({ kind }) => kind !== "arguments" && kind !== "locals"));
    }
  });

  it("leaves the names and the reason, which do not need it", () => {
    const names = crash.threads[0]!.frames().map(({ name }) => name);
    assert.ok(names.includes("read_through"), names.join(", "));
    assert.equal(crash.reason.kind, "memory-out-of-bounds");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { captureAtTrap } from "../../capture/inspector/capture";
import { address } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { WasmModule } from "../../engine/wasm/module";
import { fixture, loadModule } from "../fixtures/index";

const bytes = loadModule(fixture("c-traps/abort"));
const nothing = () => 0;
const wasi = { fd_close: nothing, fd_seek: nothing, fd_write: nothing, fd_fdstat_get: nothing };

/** Calls an export of c-traps.c in a fresh instance. */
async function crash(name: string, ...values: (number | bigint)[]) {
  const module = new WebAssembly.Module(bytes);
  const imports = { wasi_snapshot_preview1: { ...wasi, proc_exit: nothing } };
  const instance = new WebAssembly.Instance(module, imports);
  const captured = await captureAtTrap(() =>
    (instance.exports[name] as (...values: unknown[]) => unknown)(...values),
  );
  const { dump, thrown } = captured;
  return { dump: dump && readCoreDump(new MemorySource("dump", dump)), thrown };
}

/** Function index and file offset of each Wasm frame as V8 prints them. */
function printedFrames(error: unknown): { functionIndex: number; offset: number }[] {
  const places = String((error as Error).stack).matchAll(/wasm-function\[(\d+)\]:0x([0-9a-f]+)/g);
  return [...places].map((place) => ({ functionIndex: Number(place[1]), offset: Number(`0x${place[2]}`) }));
}

describe("capturing under V8's inspector", () => {
  it("puts every frame where V8's own stack trace puts it", async () => {
    const { dump, thrown } = await crash("stack_exhausted", 1);
    const module = WasmModule.open(new MemorySource("module", bytes));
    const frames = dump?.threads[0]?.frames.map(({ functionIndex, offset }) => ({
      functionIndex: functionIndex as number,
      offset: module.body(functionIndex)!.fileStart + offset,
    }));
    assert.equal(frames?.length, 4);
    assert.deepEqual(frames, printedFrames(thrown));
  });

  it("records the arguments of the call, in their types", async () => {
    const { dump } = await crash("store_out_of_bounds", -8, -(2n ** 63n));
    const [to, value] = dump?.threads[0]?.frames[0]?.locals ?? [];
    assert.deepEqual(to, { type: "i32", value: -8 });
    assert.deepEqual(value, { type: "i64", value: -(2n ** 63n) });
  });

  it("keeps a NaN of type f64 bit by bit, and calls one of type f32 missing", async () => {
    const wide = await crash("float_to_int", Number.NaN);
    const double = wide.dump?.threads[0]?.frames[0]?.locals[0];
    assert.deepEqual(double, { type: "f64", value: Number.NaN, bits: 0x7ff8000000000000n });
    const narrow = await crash("float_nan_to_int", Number.NaN);
    assert.deepEqual(narrow.dump?.threads[0]?.frames[0]?.locals[0], { type: "missing" });
  });

  it("takes memory as it stands at the trap, and globals that nothing exports", async () => {
    const { dump } = await crash("stack_exhausted", 1);
    // The trapping frame has just moved __stack_pointer below zero; its caller wrote its depth at its frame.
    const [youngest, caller] = dump?.threads[0]?.frames ?? [];
    assert.deepEqual(dump?.globals, [youngest?.locals[1]]);
    const frameBase = caller?.locals[1];
    assert.ok(frameBase?.type === "i32");
    assert.equal(dump?.memories[0]?.read(address(frameBase.value), 1)[0], 3);
  });

  it("takes no dump of a program that returns, and none of a host's own exception", async () => {
    const returned = await crash("abort", 0);
    assert.equal(returned.thrown, undefined);
    assert.equal(returned.dump, undefined);
    const host = await captureAtTrap(() => {
      throw new Error("not Wasm's");
    });
    assert.equal(host.dump, undefined);
    assert.equal((host.thrown as Error).message, "not Wasm's");
  });
});

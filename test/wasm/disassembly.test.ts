import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { disassembleFunction, functionHeader } from "../../engine/wasm/disassembly";
import { WasmModule } from "../../engine/wasm/module";
import { f32Text, f64Text } from "../../engine/wasm/numbers";
import {
  body,
  custom,
  moduleOf,
  nameMap,
  sampleModule,
  sampleSections,
  subsection,
  vectorSection,
} from "./support/module-builder";

const f = functionIndex;
const sample = WasmModule.open(new MemorySource("sample.wasm", sampleModule()));

/** The text of instructions in a function of the sample's declarations. */
function lines(...code: number[]): string[] {
  const { types, imports, tables, memories, globals, names } = sampleSections;
  const module = moduleOf(
    types,
    imports,
    vectorSection(3, [1]),
    tables,
    memories,
    globals,
    vectorSection(10, body(0, ...code)),
    names,
  );
  const opened = WasmModule.open(new MemorySource("test.wasm", module));
  return disassembleFunction(opened, f(1)).map(({ text }) => text);
}

describe("disassembly", () => {
  it("shows a function with the names of its locals and its code offsets", () => {
    assert.deepEqual(functionHeader(sample, f(1)), [
      "(func $add (param $a i32) (param i32) (result i32)",
      "  (local $sum i32)",
    ]);
    const shown = disassembleFunction(sample, f(1));
    assert.deepEqual(
      shown.map(({ offset, pc, text, bytes }) => `${offset} ${pc} ${text} [${[...bytes]}]`),
      [
        "3 5 local.get $a [32,0]",
        "5 7 local.get 1 [32,1]",
        "7 9 i32.add [106]",
        "8 10 local.tee $sum [34,2]",
        "10 12 end [11]",
      ],
    );
  });

  it("names what is called, loaded and branched to, as the text format does", () => {
    assert.deepEqual(lines(0x10, 0, 0x10, 1, 0x10, 3, 0x10, 9), [
      "call $log",
      "call $add",
      'call $"a b"',
      "call 9",
    ]);
    assert.deepEqual(lines(0x11, 1, 0), ["call_indirect (type 1) (param i32 i32) (result i32)"]);
    assert.deepEqual(lines(0x11, 0, 2), ["call_indirect 2 (type 0)"]);
    assert.deepEqual(lines(0x23, 1, 0x24, 0), ["global.get $__stack_pointer", "global.set $env.base"]);
    assert.deepEqual(lines(0x28, 2, 0, 0x28, 0, 8, 0x2d, 0, 4, 0x37, 2, 0), [
      "i32.load",
      "i32.load offset=8 align=1",
      "i32.load8_u offset=4",
      "i64.store align=4",
    ]);
    assert.deepEqual(lines(0xfd, 0, 4, 16, 0xfd, 1, 3, 0, 0xfe, 0, 2, 0, 0xfe, 0x20, 0, 0), [
      "v128.load offset=16",
      "v128.load8x8_s",
      "memory.atomic.notify",
      "i32.atomic.rmw8.add_u",
    ]);
    assert.deepEqual(lines(0x28, 0x42, 1, 0), ["i32.load 1"]);
    assert.deepEqual(lines(0x0e, 2, 0, 1, 2), ["br_table 0 1 2"]);
    assert.deepEqual(lines(0xfc, 10, 0, 0, 0xfc, 8, 3, 0, 0x3f, 0), [
      "memory.copy",
      "memory.init 3",
      "memory.size",
    ]);
    assert.deepEqual(lines(0xd0, 0x70, 0xfb, 21, 0x6d, 0xfb, 24, 2, 1, 0x6e, 0x6b), [
      "ref.null func",
      "ref.test (ref null eq)",
      "br_on_cast 1 (ref any) (ref null struct)",
    ]);
    assert.deepEqual(lines(0x1c, 1, 0x7e), ["select (result i64)"]);
  });

  it("indents blocks and shows their types", () => {
    assert.deepEqual(lines(0x02, 0x40, 0x03, 0x7f, 0x04, 1, 0x01, 0x05, 0x0b, 0x0b, 0x0b, 0x0b), [
      "block",
      "  loop (result i32)",
      "    if (type 1) (param i32 i32) (result i32)",
      "      nop",
      "    else",
      "    end",
      "  end",
      "end",
      "end",
    ]);
    assert.deepEqual(lines(0x1f, 0x40, 2, 0, 4, 0, 3, 1, 0x0b), [
      "try_table (catch 4 0) (catch_all_ref 1)",
      "end",
    ]);
  });

  it("writes constants so that they read back as the same bits", () => {
    assert.deepEqual(lines(0x41, 0x7f, 0x42, 0x80, 0x7f, 0x43, 0xcd, 0xcc, 0xcc, 0x3d), [
      "i32.const -1",
      "i64.const -128",
      "f32.const 0.1",
    ]);
    assert.equal(f32Text(0x8000_0000), "-0");
    assert.equal(f32Text(0x7f80_0000), "inf");
    assert.equal(f32Text(0xffc0_0000), "-nan");
    assert.equal(f32Text(0x7fa0_0000), "nan:0x200000");
    assert.equal(f32Text(0x7f7f_ffff), "3.4028235e+38");
    assert.equal(f64Text(0x3fb9_9999_9999_999an), "0.1");
    assert.equal(f64Text(0xfff8_0000_0000_0000n), "-nan");
    assert.equal(f64Text(0x7ff0_0000_0000_0001n), "nan:0x1");
    assert.deepEqual(lines(0xfd, 12, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 255, 255, 255, 255), [
      "v128.const i32x4 0x00000001 0x00000002 0x00000003 0xffffffff",
    ]);
  });

  it("names struct fields", () => {
    const types = vectorSection(1, [0x5f, 1, 0x7f, 0], [0x60, 0, 0]);
    const fields = subsection(10, [1, 0, ...nameMap({ 0: "x" }).finish()]);
    const typeNames = subsection(4, nameMap({ 0: "Point" }));
    const names = custom("name", [...typeNames.finish(), ...fields.finish()]);
    const module = moduleOf(
      types,
      vectorSection(3, [1]),
      vectorSection(10, body(0, 0xfb, 2, 0, 0, 0x0b)),
      names,
    );
    const opened = WasmModule.open(new MemorySource("gc.wasm", module));
    assert.equal(disassembleFunction(opened, f(0))[0]?.text, "struct.get $Point $x");
  });

  it("says where a body is malformed instead of hiding the rest", () => {
    assert.deepEqual(lines(0x01, 0xff, 0x01), ["nop", ";; malformed: Unknown instruction 0xff"]);
  });

  it("has no lines for an import", () => {
    assert.deepEqual(disassembleFunction(sample, f(0)), []);
  });
});

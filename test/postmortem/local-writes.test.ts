/** Whether a local was assigned between two instructions, whatever way the code may have gone. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { bodyOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { localWrites } from "../../engine/postmortem/local-writes";
import { WasmModule } from "../../engine/wasm/module";

const set = [0x41, 0, 0x21, 0]; // i32.const 0, local.set 0
const tee = [0x41, 0, 0x22, 0, 0x1a]; // i32.const 0, local.tee 0, drop
const nop = 0x01;

/** A module of one function with one local, whose instructions start at offset 3. */
function writesIn(code: readonly number[], at: number) {
  const body = [1, 1, 0x7f, ...code, 0x0b];
  const section = (id: number, ...bytes: number[]): number[] => [id, bytes.length, ...bytes];
  const module = Uint8Array.from([
    ...new ByteWriter().u32(0x6d736100).u32(1).finish(),
    ...section(1, 1, 0x60, 0, 0),
    ...section(3, 1, 0),
    ...section(10, 1, body.length, ...body),
  ]);
  const wasm = WasmModule.open(new MemorySource("app.wasm", module));
  return localWrites(wasm, functionIndex(0), bodyOffset(3 + at));
}

describe("whether a local was assigned since", () => {
  it("is told from the instructions in front", () => {
    const writes = writesIn([...set, nop, ...set], 4);
    assert.equal(writes(0, 3, "any"), true);
    assert.equal(writes(0, 7, "any"), false);
    assert.equal(writes(1, 3, "any"), false);
  });

  it("tells those that compilers overlook: local.tee, and local.set in the frame's own basic block", () => {
    assert.equal(writesIn([...set, nop], 4)(0, 3, "overlooked"), true);
    // block, (assign), end, nop
    assert.equal(writesIn([0x02, 0x40, ...set, 0x0b, nop], 7)(0, 3, "overlooked"), false);
    assert.equal(writesIn([...tee, nop], 5)(0, 3, "overlooked"), true);
  });

  it("leaves out the first assignment of all, which makes a frame base", () => {
    assert.equal(writesIn([...set, nop, nop], 5)(0, "first", "any"), false);
    assert.equal(writesIn([...set, nop, ...tee, nop], 10)(0, "first", "any"), true);
    assert.equal(writesIn([nop, nop], 1)(0, "first", "any"), false);
  });

  it("counts what comes later in a loop around", () => {
    const writes = writesIn([nop, 0x03, 0x40, nop, ...tee, 0x0c, 0, 0x0b], 3);
    assert.equal(writes(0, 3, "overlooked"), true);
    assert.equal(writes(0, 5, "overlooked"), false); // a location that starts inside says what holds in each round
  });

  it("leaves out code that ends before it gets there", () => {
    // block, local.get 0, br_if 0, (assign), unreachable, end, nop
    const writes = writesIn([0x02, 0x40, 0x20, 0, 0x0d, 0, ...set, 0x00, 0x0b, nop], 12);
    assert.equal(writes(0, 3, "any"), false);
  });

  it("leaves out code that jumps past it", () => {
    // block, block, local.get 0, br_if 0, (assign), br 1, end, nop, end, nop
    const code = [0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0d, 0, ...set, 0x0c, 1, 0x0b, nop, 0x0b, nop];
    assert.equal(writesIn(code, 15)(0, 3, "any"), false);
    assert.equal(writesIn(code, 17)(0, 3, "any"), true, "behind the block that it jumps out of");
  });

  it("counts what jumps back to a loop around", () => {
    // loop, block, local.get 0, br_if 0, (assign), br 1, end, nop, end
    const code = [0x03, 0x40, 0x02, 0x40, 0x20, 0, 0x0d, 0, ...set, 0x0c, 1, 0x0b, nop, 0x0b];
    assert.equal(writesIn(code, 15)(0, 3, "any"), true);
  });
});

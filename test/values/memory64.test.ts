/** Pointers and places of memory with 64-bit addresses, past what a double holds exactly. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { ByteWriter } from "../../engine/bytes/writer";
import { DW_AT, DW_ATE, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import type { Value } from "../../engine/values/model";
import { variableValue } from "../../engine/values/variables";
import { i64, machineOf } from "../evaluator/frame";
import { assemble, die, exprloc, name, ref, udata } from "../support/entry-tree";

const local = [DW_OP.WASM_location, 0, 0];

/** `x` of a type, where an expression says, in a frame whose local 0 holds a number. */
function shown(type: "pointer" | "long", location: readonly number[], held: bigint): Value {
  const { debug, entry } = assemble([
    [
      { attributes: [udata(DW_AT.language, DW_LANG.C11)] },
      [
        die(
          DW_TAG.base_type,
          [name("long"), udata(DW_AT.byte_size, 8), udata(DW_AT.encoding, DW_ATE.signed)],
          [],
          "long",
        ),
        die(DW_TAG.pointer_type, [ref(DW_AT.type, "long"), udata(DW_AT.byte_size, 8)], [], "pointer"),
        die(DW_TAG.variable, [name("x"), ref(DW_AT.type, type), exprloc(DW_AT.location, ...location)]),
      ],
    ],
  ]);
  const memory = [...new ByteWriter().u64(77n).finish()];
  return variableValue(entry("x"), {
    machine: { ...machineOf({ locals: [i64(held)], memory }), addressSize: 8 },
    subprogram: undefined,
    pc: codeOffset(0x10),
    debug,
  });
}

describe("64-bit addresses", () => {
  it("are shown to the last digit, also where no memory is", () => {
    for (const held of [0x1000n, 2n ** 53n - 1n, 2n ** 53n + 1n, 0xffff_ffff_ffff_ffffn]) {
      const value = shown("pointer", [...local, DW_OP.stack_value], held);
      assert.equal(value.missing, undefined);
      assert.equal(value.text().split(" ")[0], `0x${held.toString(16).padStart(16, "0")}`);
    }
  });

  it("lead to what lies there, and past 2^53 nowhere", () => {
    const near = shown("pointer", [...local, DW_OP.stack_value], 0x1000n);
    assert.equal(near.target, 0x1000);
    assert.equal(near.children?.named()[0]?.value.text(), "77");
    const far = shown("pointer", [...local, DW_OP.stack_value], 2n ** 53n + 1n);
    assert.equal(far.target, undefined);
    assert.equal(far.children, undefined);
  });

  it("of a variable past 2^53 make it missing, not another address's value", () => {
    assert.equal(shown("long", local, 0x1000n).text(), "77");
    for (const location of [local, [...local, DW_OP.deref, DW_OP.stack_value]]) {
      const value = shown("long", location, 2n ** 63n + 0x1000n);
      assert.equal(value.missing?.reason, "out-of-bounds");
      assert.match(value.text(), /0x8000000000001000/);
    }
  });
});

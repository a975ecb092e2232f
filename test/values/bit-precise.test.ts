/** C23's `_BitInt(N)`: bits beyond N are no part of the value, and clang 16 does not say what N is. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_ATE, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import type { Value } from "../../engine/values/model";
import { variableValue } from "../../engine/values/variables";
import { machineOf } from "../evaluator/frame";
import { type AttributeSpec, assemble, die, exprloc, name, ref, udata } from "../support/entry-tree";

/** A byte in memory as a variable of a signed type. */
function shown(byte: number, typeName: string, ...more: AttributeSpec[]): Value {
  const type = [name(typeName), udata(DW_AT.byte_size, 1), udata(DW_AT.encoding, DW_ATE.signed), ...more];
  const { debug, entry } = assemble([
    [
      { attributes: [udata(DW_AT.language, DW_LANG.C11)] },
      [
        die(DW_TAG.base_type, type, [], "type"),
        die(DW_TAG.variable, [
          name("subject"),
          ref(DW_AT.type, "type"),
          exprloc(DW_AT.location, DW_OP.addr, 0x00, 0x10, 0x00, 0x00),
        ]),
      ],
    ],
  ]);
  const machine = machineOf({ memory: [byte] });
  return variableValue(entry("subject"), { machine, subprogram: undefined, pc: codeOffset(0x10), debug });
}

describe("a bit-precise integer", () => {
  it("is its lowest bits, whatever the others hold", () => {
    assert.equal(shown(0b0001_0000, "_BitInt(5)", udata(DW_AT.bit_size, 5)).text(), "-16");
    assert.equal(shown(0b1110_1111, "_BitInt(5)", udata(DW_AT.bit_size, 5)).text(), "15");
  });

  it("is missing where the debug information does not say how many those are", () => {
    assert.equal(shown(0b0001_0000, "_BitInt").missing?.reason, "incomplete-type");
  });
});

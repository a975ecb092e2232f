/**
 * Arguments passed by pointer in DWARF 2 and 3, which have no DW_OP_stack_value: a local alone may be the value or its
 * address, and where no local holds as much it is the address.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_ATE, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import type { Value } from "../../engine/values/model";
import { variableValue } from "../../engine/values/variables";
import { i32, machineOf } from "../evaluator/frame";
import { assemble, block, die, name, ref, udata } from "../support/entry-tree";

const LOCAL_0 = [DW_OP.WASM_location, 0, 0];

/** `subject`, a struct of so many ints, where local 0 is the address of 7, 8, 9. */
function structOf(ints: number, location: readonly number[], version: 2 | 3): Value {
  const members = Array.from({ length: ints }, (_, index) =>
    die(DW_TAG.member, [
      name(`m${index}`),
      ref(DW_AT.type, "int"),
      udata(DW_AT.data_member_location, 4 * index),
    ]),
  );
  const { debug, entry } = assemble([
    [
      { version, attributes: [udata(DW_AT.language, DW_LANG.C99)] },
      [
        die(
          DW_TAG.base_type,
          [name("int"), udata(DW_AT.byte_size, 4), udata(DW_AT.encoding, DW_ATE.signed)],
          [],
          "int",
        ),
        die(DW_TAG.structure_type, [name("Ints"), udata(DW_AT.byte_size, 4 * ints)], members, "ints"),
        die(DW_TAG.formal_parameter, [
          name("subject"),
          ref(DW_AT.type, "ints"),
          block(DW_AT.location, ...location),
        ]),
      ],
    ],
  ]);
  const machine = machineOf({ locals: [i32(0x1000)], memory: [7, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0] });
  return variableValue(entry("subject"), { machine, subprogram: undefined, pc: codeOffset(0x10), debug });
}

describe("an argument passed by pointer in DWARF 3", () => {
  it("is read where a local leads that could not hold it", () => {
    assert.equal(structOf(2, LOCAL_0, 3).text(), "{m0: 7, m1: 8}");
    assert.equal(structOf(3, LOCAL_0, 2).text(), "{m0: 7, m1: 8, m2: 9}");
  });

  it("is missing where the local could be the struct itself", () => {
    assert.equal(structOf(1, LOCAL_0, 3).missing?.reason, "unsupported-operation");
  });

  it("is no address in its pieces, which a local can hold", () => {
    const pieces = [...LOCAL_0, DW_OP.piece, 4, ...LOCAL_0, DW_OP.piece, 4];
    const parts = structOf(2, pieces, 3).children?.named() ?? [];
    assert.deepEqual(
      parts.map(({ value }) => value.missing?.reason),
      ["unsupported-operation", "unsupported-operation"],
    );
  });
});

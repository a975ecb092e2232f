/** C++ pointers to members, laid out as the ABI of Wasm has them. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import { variableValue } from "../../engine/values/variables";
import { machineOf } from "../evaluator/frame";
import { assemble, die, exprloc, name, ref, udata } from "../support/entry-tree";

/** The text of a pointer to a member function of these two words. */
function method(pointer: number, adjustment: number): string {
  const { debug, entry } = assemble([
    [
      { attributes: [udata(DW_AT.language, DW_LANG.C_plus_plus_14)] },
      [
        die(DW_TAG.subroutine_type, [], [], "function"),
        die(DW_TAG.ptr_to_member_type, [ref(DW_AT.type, "function")], [], "method"),
        die(
          DW_TAG.variable,
          [
            name("callback"),
            ref(DW_AT.type, "method"),
            exprloc(
              DW_AT.location,
              DW_OP.implicit_value,
              8,
              pointer,
              0,
              0,
              0,
              adjustment & 0xff,
              ...sign(adjustment),
            ),
          ],
          [],
          "callback",
        ),
      ],
    ],
  ]);
  return variableValue(entry("callback"), {
    machine: machineOf(),
    subprogram: undefined,
    pc: codeOffset(0),
    debug,
    functionInTable: (slot) => (slot === 3 ? "Shape::area" : undefined),
  }).text();
}

const sign = (value: number): number[] => (value < 0 ? [0xff, 0xff, 0xff] : [0, 0, 0]);

describe("pointers to member functions", () => {
  it("name the function in the table's slot", () => assert.equal(method(3, 0), "slot 3 <Shape::area>"));

  it("of virtual functions tell the place in the vtable, the first included", () => {
    assert.equal(method(12, 1), "vtable[3]");
    assert.equal(method(0, 1), "vtable[0]");
  });

  it("tell what is added to this", () => {
    assert.equal(method(3, 16), "slot 3 <Shape::area>, this + 8");
    assert.equal(method(12, -15), "vtable[3], this - 8");
  });

  it("are null without a function", () => assert.equal(method(0, 0), "nullptr"));
});

/** Arrays whose lengths the frame decides, and elements that do not lie byte by byte. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_ATE, DW_LANG, DW_OP, DW_ORD, DW_TAG } from "../../engine/dwarf/constants";
import { element } from "../../engine/values/access";
import type { TypedValue } from "../../engine/values/presentation";
import { variableValue } from "../../engine/values/variables";
import { machineOf } from "../evaluator/frame";
import {
  type AttributeSpec,
  assemble,
  data,
  die,
  type EntrySpec,
  exprloc,
  name,
  ref,
  sdata,
  sectionOffset,
  udata,
} from "../support/entry-tree";

const at = (address: number): number[] => [DW_OP.addr, address & 0xff, address >> 8, 0, 0];
const integer = (label: string, size: number, encoding: number = DW_ATE.signed): EntrySpec =>
  die(
    DW_TAG.base_type,
    [name(label), udata(DW_AT.byte_size, size), udata(DW_AT.encoding, encoding)],
    [],
    label,
  );
/** A variable that the compiler made for a length, known as a constant. */
const length = (label: string, value: number): EntrySpec =>
  die(
    DW_TAG.variable,
    [name(label), ref(DW_AT.type, "int"), exprloc(DW_AT.location, DW_OP.lit0 + value, DW_OP.stack_value)],
    [],
    label,
  );

/** `x`, an array of this shape at 0x1000, where these bytes lie. */
function arrayOf(
  array: { readonly element: string; readonly attributes?: readonly AttributeSpec[] },
  subranges: readonly (readonly AttributeSpec[])[],
  memory: readonly number[],
  more: readonly EntrySpec[] = [],
  language: number = DW_LANG.C11,
): TypedValue {
  const { debug, entry } = assemble([
    [
      { attributes: [udata(DW_AT.language, language)] },
      [
        integer("int", 4),
        integer("byte", 1),
        integer("bits", 1, DW_ATE.unsigned),
        length("n", 2),
        length("m", 3),
        ...more,
        die(
          DW_TAG.array_type,
          [ref(DW_AT.type, array.element), ...(array.attributes ?? [])],
          subranges.map((attributes) => die(DW_TAG.subrange_type, attributes)),
          "array",
        ),
        die(DW_TAG.variable, [name("x"), ref(DW_AT.type, "array"), exprloc(DW_AT.location, ...at(0x1000))]),
      ],
    ],
  ]);
  return variableValue(entry("x"), {
    machine: machineOf({ memory }),
    subprogram: undefined,
    pc: codeOffset(0x10),
    debug,
  }) as TypedValue;
}

const counting = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const byElement = (value: TypedValue, index: number): string => {
  const found = element(value, index);
  return "problem" in found ? found.problem : found.text();
};

describe("arrays of variable length", () => {
  it("have the length that a variable of the frame has", () => {
    const value = arrayOf({ element: "byte" }, [[ref(DW_AT.count, "m")]], counting(3));
    assert.equal(value.text(), "{1, 2, 3}");
  });

  it("end at an upper bound that a variable or an expression gives", () => {
    const variable = arrayOf({ element: "byte" }, [[ref(DW_AT.upper_bound, "n")]], counting(3));
    assert.equal(variable.text(), "{1, 2, 3}");
    for (const expression of [
      [DW_OP.lit2],
      [DW_OP.lit2, DW_OP.stack_value],
      [DW_OP.lit3, DW_OP.lit1, DW_OP.minus],
    ])
      assert.equal(
        arrayOf({ element: "byte" }, [[exprloc(DW_AT.upper_bound, ...expression)]], counting(3)).text(),
        "{1, 2, 3}",
      );
    const empty = arrayOf(
      { element: "byte" },
      [[exprloc(DW_AT.upper_bound, DW_OP.lit0, DW_OP.lit1, DW_OP.minus)]],
      [],
    );
    assert.doesNotMatch(empty.text(), /\{\d/);
  });

  it("count an upper bound from the lower one, which the language gives where nothing else does", () => {
    const bounds = [sdata(DW_AT.lower_bound, -1), ref(DW_AT.upper_bound, "n")];
    const value = arrayOf({ element: "byte" }, [bounds], counting(4));
    assert.equal(value.text(), "{1, 2, 3, 4}");
    assert.equal(byElement(value, -1), "1");
    assert.equal(byElement(value, 2), "4");
    const ada = arrayOf({ element: "byte" }, [[udata(DW_AT.upper_bound, 3)]], counting(3), [], DW_LANG.Ada95);
    assert.equal(ada.text(), "{1, 2, 3}");
    assert.equal(byElement(ada, 3), "3");
  });

  it("of several dimensions have rows as long as the inner dimension is now", () => {
    const value = arrayOf(
      { element: "byte" },
      [[ref(DW_AT.count, "n")], [ref(DW_AT.count, "m")]],
      counting(6),
    );
    assert.equal(value.text(), "{{1, 2, 3}, {4, 5, 6}}");
    const row = element(value, 1);
    assert.ok(!("problem" in row));
    assert.equal(byElement(row, 2), "6");
  });

  it("of rows that a typedef names are followed through it", () => {
    const rows = [
      die(
        DW_TAG.array_type,
        [ref(DW_AT.type, "byte")],
        [die(DW_TAG.subrange_type, [ref(DW_AT.count, "m")])],
        "row array",
      ),
      die(DW_TAG.typedef, [name("row"), ref(DW_AT.type, "row array")], [], "row"),
    ];
    const value = arrayOf({ element: "row" }, [[ref(DW_AT.count, "n")]], counting(6), rows);
    assert.equal(value.text(), "{{1, 2, 3}, {4, 5, 6}}");
  });

  it("whose length is not known are missing for that very reason", () => {
    const gone = die(
      DW_TAG.variable,
      [name("gone"), ref(DW_AT.type, "int"), exprloc(DW_AT.location)],
      [],
      "gone",
    );
    const value = arrayOf(
      { element: "byte" },
      [[udata(DW_AT.count, 2)], [ref(DW_AT.count, "gone")]],
      counting(6),
      [gone],
    );
    assert.equal(value.missing?.reason, "optimized-out");
    const odd = arrayOf({ element: "byte" }, [[sectionOffset(DW_AT.count, 7)]], counting(6));
    assert.equal(odd.missing?.reason, "unsupported-operation");
  });
});

describe("arrays of packed elements", () => {
  it("take the bits that their stride says", () => {
    // 5, 3, 7, 1, 0 in three bits each, from the lowest.
    const packed = 0b000_001_111_011_101;
    const value = arrayOf(
      { element: "bits", attributes: [udata(DW_AT.bit_stride, 3)] },
      [[udata(DW_AT.count, 5)]],
      [packed & 0xff, packed >> 8],
    );
    assert.equal(value.text(), "{5, 3, 7, 1, 0}");
  });

  it("may lie further apart than they are large, by the array or by its subrange", () => {
    const memory = [1, 9, 9, 2, 9, 9, 3, 9, 9];
    const stride = udata(DW_AT.byte_stride, 3);
    for (const value of [
      arrayOf({ element: "byte", attributes: [stride] }, [[udata(DW_AT.count, 3)]], memory),
      arrayOf({ element: "byte" }, [[udata(DW_AT.count, 3), stride]], memory),
    ])
      assert.equal(value.text(), "{1, 2, 3}");
  });

  it("that are laid out in a way not understood are missing, not read from another place", () => {
    for (const attribute of [
      exprloc(DW_AT.data_location, DW_OP.push_object_address, DW_OP.deref),
      exprloc(DW_AT.byte_stride, DW_OP.lit3),
      sectionOffset(DW_AT.associated, 1),
    ]) {
      const value = arrayOf(
        { element: "byte", attributes: [attribute] },
        [[udata(DW_AT.count, 2)]],
        counting(6),
      );
      assert.equal(value.missing?.reason, "unsupported-operation", value.text());
    }
    const columns = arrayOf(
      { element: "byte", attributes: [data(DW_AT.ordering, BigInt(DW_ORD.col_major), 1)] },
      [[udata(DW_AT.count, 2)], [udata(DW_AT.count, 3)]],
      counting(6),
      [],
      DW_LANG.Fortran08,
    );
    assert.equal(columns.missing?.reason, "unsupported-operation");
  });
});

describe("members whose place is told in a way not understood", () => {
  it("are missing, and not read from the record's start", () => {
    const { debug, entry } = assemble([
      [
        { version: 5, attributes: [udata(DW_AT.language, DW_LANG.C11)] },
        [
          integer("byte", 1),
          die(
            DW_TAG.structure_type,
            [name("S"), udata(DW_AT.byte_size, 3)],
            [
              die(DW_TAG.member, [
                name("a"),
                ref(DW_AT.type, "byte"),
                sectionOffset(DW_AT.data_member_location, 1),
              ]),
              die(DW_TAG.member, [name("b"), ref(DW_AT.type, "byte"), udata(DW_AT.data_member_location, 1)]),
              die(DW_TAG.member, [name("c"), ref(DW_AT.type, "byte"), udata(DW_AT.data_bit_offset, 16)]),
              die(DW_TAG.member, [
                name("d"),
                ref(DW_AT.type, "byte"),
                exprloc(DW_AT.bit_size, DW_OP.lit3),
                udata(DW_AT.data_bit_offset, 0),
              ]),
            ],
            "S",
          ),
          die(DW_TAG.variable, [name("x"), ref(DW_AT.type, "S"), exprloc(DW_AT.location, ...at(0x1000))]),
        ],
      ],
    ]);
    const value = variableValue(entry("x"), {
      machine: machineOf({ memory: [1, 2, 3] }),
      subprogram: undefined,
      pc: codeOffset(0x10),
      debug,
    });
    const [a, b, c, d] = value.children!.named().map((child) => child.value);
    assert.equal(a!.missing?.reason, "unsupported-operation");
    assert.equal(b!.text(), "2");
    assert.equal(c!.text(), "3");
    assert.equal(d!.missing?.reason, "unsupported-operation");
  });
});

/**
 * Class templates whose instances all have the template's bare name (clang's -gsimple-template-names): named with their
 * arguments, and none taken for another.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_ATE, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import { variableValue } from "../../engine/values/variables";
import { machineOf } from "../evaluator/frame";
import {
  assemble,
  data,
  die,
  type EntrySpec,
  exprloc,
  flag,
  name,
  ref,
  string,
  udata,
} from "../support/entry-tree";

const cpp = { attributes: [udata(DW_AT.language, DW_LANG.C_plus_plus_14)] };
const base = (called: string, size: number, encoding: number, label: string): EntrySpec =>
  die(
    DW_TAG.base_type,
    [name(called), udata(DW_AT.byte_size, size), udata(DW_AT.encoding, encoding)],
    [],
    label,
  );
const typeParameter = (of: string): EntrySpec =>
  die(DW_TAG.template_type_parameter, [name("T"), ref(DW_AT.type, of)]);
const valueParameter = (of: string, value: bigint): EntrySpec =>
  die(DW_TAG.template_value_parameter, [ref(DW_AT.type, of), data(DW_AT.const_value, value, 4)]);
/** A global at 0x1000. */
const global = (called: string, of: string): EntrySpec =>
  die(DW_TAG.variable, [
    name(called),
    ref(DW_AT.type, of),
    exprloc(DW_AT.location, DW_OP.addr, 0, 0x10, 0, 0),
  ]);

/** `template <class T> struct Box { T value; }`: declared, or defined, for a type. */
const declared = (of: string, unit: string): EntrySpec =>
  die(DW_TAG.structure_type, [name("Box"), flag(DW_AT.declaration)], [typeParameter(of)], `${unit} ${of}`);
const defined = (of: string): EntrySpec =>
  die(
    DW_TAG.structure_type,
    [name("Box"), udata(DW_AT.byte_size, 4)],
    [
      typeParameter(of),
      die(DW_TAG.member, [name("value"), ref(DW_AT.type, of), udata(DW_AT.data_member_location, 0)]),
    ],
  );

const machine = machineOf({ memory: [0, 0, 0xc0, 0x3f] });

describe("instances of a template that have its bare name", () => {
  it("are named with their arguments: types, constants of every kind, packs, templates", () => {
    const { debug, entry } = assemble([
      [
        cpp,
        [
          base("int", 4, DW_ATE.signed, "int"),
          base("unsigned long", 4, DW_ATE.unsigned, "size"),
          base("bool", 1, DW_ATE.boolean, "bool"),
          base("char", 1, DW_ATE.signed_char, "char"),
          die(DW_TAG.const_type, [ref(DW_AT.type, "char")], [], "const char"),
          die(DW_TAG.pointer_type, [ref(DW_AT.type, "const char")], [], "text"),
          die(DW_TAG.rvalue_reference_type, [ref(DW_AT.type, "text")], [], "moved"),
          die(DW_TAG.typedef, [name("count"), ref(DW_AT.type, "int")], [], "count"),
          die(
            DW_TAG.namespace,
            [name("app")],
            [
              die(
                DW_TAG.enumeration_type,
                [name("Colour"), ref(DW_AT.type, "int"), udata(DW_AT.byte_size, 4)],
                [],
                "colour",
              ),
              die(
                DW_TAG.structure_type,
                [name("Wide"), udata(DW_AT.byte_size, 4)],
                [
                  typeParameter("count"),
                  valueParameter("size", 3n),
                  valueParameter("bool", 1n),
                  valueParameter("char", 0x61n),
                  valueParameter("colour", 2n),
                  die(DW_TAG.GNU_template_template_param, [string(DW_AT.GNU_template_name, "std::vector")]),
                  die(DW_TAG.GNU_template_parameter_pack, [name("Rest")], [typeParameter("moved")]),
                ],
                "wide",
              ),
            ],
          ),
          die(
            DW_TAG.structure_type,
            [name("Outer"), udata(DW_AT.byte_size, 4)],
            [typeParameter("wide")],
            "outer",
          ),
          global("subject", "outer"),
        ],
      ],
    ]);
    const value = variableValue(entry("subject"), {
      machine,
      subprogram: undefined,
      pc: codeOffset(0),
      debug,
    });
    assert.equal(
      value.typeName,
      "Outer<app::Wide<int, 3, true, 'a', (app::Colour)2, std::vector, const char *&&>>",
    );
  });

  it("are completed by the definition of the same arguments, in their own unit and in others", () => {
    const { debug, entry } = assemble([
      [
        cpp,
        [
          base("int", 4, DW_ATE.signed, "int"),
          base("float", 4, DW_ATE.float, "float"),
          base("unsigned int", 4, DW_ATE.unsigned, "unsigned"),
          declared("int", "here"),
          declared("float", "here"),
          declared("unsigned", "here"),
          defined("float"),
          global("integer", "here int"),
          global("real", "here float"),
          global("nowhere", "here unsigned"),
        ],
      ],
      [
        cpp,
        [
          base("int", 4, DW_ATE.signed, "other int"),
          base("float", 4, DW_ATE.float, "other float"),
          defined("other float"),
          defined("other int"),
        ],
      ],
    ]);
    const shown = (of: string) =>
      variableValue(entry(of), { machine, subprogram: undefined, pc: codeOffset(0), debug });
    assert.equal(shown("real").text(), "{value: 1.5}");
    assert.equal(shown("integer").text(), `{value: ${0x3fc00000}}`);
    assert.equal(shown("integer").typeName, "Box<int>");
    assert.equal(shown("nowhere").missing?.reason, "incomplete-type");
  });
});

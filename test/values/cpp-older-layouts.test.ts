/** Library objects as LLVM 14, Emscripten's of its time, laid them out: behind compressed pairs, without flags. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_ATE, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import { variableValue } from "../../engine/values/variables";
import { machineOf } from "../evaluator/frame";
import { assemble, die, type EntrySpec, exprloc, name, ref, udata } from "../support/entry-tree";

const base = (label: string, size: number, encoding: number): EntrySpec =>
  die(
    DW_TAG.base_type,
    [name(label), udata(DW_AT.byte_size, size), udata(DW_AT.encoding, encoding)],
    [],
    label,
  );
const member = (label: string, type: string, at: number): EntrySpec =>
  die(DW_TAG.member, [name(label), ref(DW_AT.type, type), udata(DW_AT.data_member_location, at)]);
const inherits = (type: string): EntrySpec =>
  die(DW_TAG.inheritance, [ref(DW_AT.type, type), udata(DW_AT.data_member_location, 0)]);
const record = (tag: number, title: string, size: number, label: string, fields: EntrySpec[]): EntrySpec =>
  die(tag, [name(title), udata(DW_AT.byte_size, size)], fields, label);
const pointer = (to: string): EntrySpec => die(DW_TAG.pointer_type, [ref(DW_AT.type, to)], [], `${to}*`);

/** A compressed pair of something and an allocator that holds nothing. */
const pair = (first: string, size: number): EntrySpec[] => [
  record(DW_TAG.structure_type, `__compressed_pair_elem<${first}, 0, false>`, size, `elem ${first}`, [
    member("__value_", first, 0),
  ]),
  record(DW_TAG.class_type, `__compressed_pair<${first}, void>`, size, `pair ${first}`, [
    inherits(`elem ${first}`),
  ]),
];

/** `std::string`, with the byte of its short size in front (plain) or behind (the alternative layout). */
function stringTypes(alternative: boolean): EntrySpec[] {
  const [cap, data] = alternative ? [8, 0] : [0, 8];
  return [
    record(DW_TAG.structure_type, "__long", 12, "long", [
      member("__cap_", "size", cap),
      member("__size_", "size", 4),
      member("__data_", "char*", data),
    ]),
    record(DW_TAG.structure_type, "__short", 12, "short", [
      member("__size_", "byte", alternative ? 11 : 0),
      member("__data_", "text", alternative ? 0 : 1),
    ]),
    record(DW_TAG.structure_type, "__rep", 12, "rep", [
      die(DW_TAG.member, [ref(DW_AT.type, "either"), udata(DW_AT.data_member_location, 0)]),
    ]),
    record(DW_TAG.union_type, "__ulx", 12, "either", [member("__l", "long", 0), member("__s", "short", 0)]),
    ...pair("rep", 12),
    record(DW_TAG.class_type, "basic_string<char>", 12, "string", [member("__r_", "pair rep", 0)]),
  ];
}

/** A variable of a type of namespace std, over these bytes from 0x1000 on. */
function shown(type: string, types: EntrySpec[], memory: readonly number[]): string {
  const { debug, entry } = assemble([
    [
      { attributes: [udata(DW_AT.language, DW_LANG.C_plus_plus_14)] },
      [
        base("char", 1, DW_ATE.signed_char),
        base("byte", 1, DW_ATE.unsigned_char),
        base("size", 4, DW_ATE.unsigned),
        pointer("char"),
        pointer("size"),
        die(
          DW_TAG.array_type,
          [ref(DW_AT.type, "char")],
          [die(DW_TAG.subrange_type, [udata(DW_AT.count, 11)])],
          "text",
        ),
        die(DW_TAG.namespace, [name("std")], [die(DW_TAG.namespace, [name("__2")], types)]),
        die(DW_TAG.variable, [
          name("subject"),
          ref(DW_AT.type, type),
          exprloc(DW_AT.location, DW_OP.addr, 0x00, 0x10, 0x00, 0x00),
        ]),
      ],
    ],
  ]);
  const machine = machineOf({ memory });
  return variableValue(entry("subject"), {
    machine,
    subprogram: undefined,
    pc: codeOffset(0x10),
    debug,
  }).text();
}

/** As much as such a string has room for: 16 bytes. */
const heap = [..."heap text", ..."\0".repeat(7)].map((character) => character.charCodeAt(0));
const abc = [0x61, 0x62, 0x63];

describe("C++ library objects of LLVM 14", () => {
  it("are short strings with their size in front or behind", () => {
    assert.equal(shown("string", stringTypes(true), [...abc, 0, 9, 9, 9, 9, 9, 9, 9, 3]), '"abc"');
    assert.equal(shown("string", stringTypes(false), [3 << 1, ...abc, 0, 9, 9, 9, 9, 9, 9, 9]), '"abc"');
  });

  it("are long strings whose capacity carries the mark of their form", () => {
    const at = [0x0c, 0x10, 0, 0];
    const size = [9, 0, 0, 0];
    assert.equal(
      shown("string", stringTypes(true), [...at, ...size, 16, 0, 0, 0x80, ...heap]),
      '"heap text"',
    );
    assert.equal(shown("string", stringTypes(false), [17, 0, 0, 0, ...size, ...at, ...heap]), '"heap text"');
  });

  it("are no strings where the text has no room, or the room is no memory", () => {
    const long = (size: number, capacity: number): string =>
      shown("string", stringTypes(true), [
        ...[0x0c, 0x10, 0, 0],
        ...[size, 0, 0, 0],
        ...[capacity, 0, 0, 0x80],
        ...heap,
      ]);
    assert.match(long(16, 16), /16 characters in a string with room for 15/);
    assert.match(long(9, 17), /17 elements from 0x100c on are not all in memory/);
    assert.match(
      shown("string", stringTypes(false), [11 << 1, ...abc, 9, 9, 9, 9, 9, 9, 9, 9]),
      /11 characters in a string with room for 10/,
    );
  });

  it("are owning pointers in a compressed pair", () => {
    const types = [
      ...pair("size*", 4),
      record(DW_TAG.class_type, "unique_ptr<size>", 4, "owner", [member("__ptr_", "pair size*", 0)]),
    ];
    assert.equal(shown("owner", types, [4, 0x10, 0, 0, 42, 0, 0, 0]), "0x00001004 → 42");
    assert.equal(shown("owner", types, [0, 0, 0, 0]), "nullptr");
  });

  it("are optionals, of which one that holds an empty one is not empty", () => {
    const optional = (of: string, size: number, label: string): EntrySpec =>
      record(DW_TAG.class_type, `optional<${of}>`, size + 4, label, [
        member("__val_", of, 0),
        member("__engaged_", "byte", size),
      ]);
    const types = [optional("size", 4, "inner"), optional("inner", 8, "outer")];
    const outer = (inside: number, engaged: number) =>
      shown("outer", types, [7, 0, 0, 0, inside, 0, 0, 0, engaged, 0, 0, 0]);
    assert.equal(outer(1, 1), "7");
    assert.equal(outer(0, 1), "{nullopt}");
    assert.equal(outer(0, 0), "nullopt");
  });
});

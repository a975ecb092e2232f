/**
 * Types that no compiler writes: any kind of entry refers to any other, in circles too, with sizes, counts and
 * places without measure. Whatever is asked of such a value is answered soon, without an error.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_ATE, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import { addressOf, dereference, element, member } from "../../engine/values/access";
import type { Value } from "../../engine/values/model";
import type { TypedValue } from "../../engine/values/presentation";
import { variableValue } from "../../engine/values/variables";
import { machineOf } from "../evaluator/frame";
import {
  type AttributeSpec,
  assemble,
  block,
  die,
  type EntrySpec,
  exprloc,
  flag,
  name,
  ref,
  sdata,
  udata,
} from "../support/entry-tree";
import { tolerate } from "./damage";

const TYPES = 6;
const label = fc.nat(TYPES - 1).map((n) => `t${n}`);
const size = fc.oneof(
  fc.constantFrom(0, 1, 2, 4, 8, 16, 17, 255, 65536, 2 ** 31, 2 ** 32 - 1, 2 ** 52, 2n ** 64n - 1n),
  fc.nat(40),
);
const someName = fc.constantFrom(
  "data_ptr",
  "length",
  "buf",
  "len",
  "vec",
  "Vec<T>",
  "&str",
  "String",
  "char",
  "x",
  "__0",
  "T",
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.option(arbitrary, { freq: 3 }).map((value) => (value === null ? [] : [value]));
const type: fc.Arbitrary<AttributeSpec[]> = maybe(label.map((to) => ref(DW_AT.type, to)));
const byteSize = maybe(size.map((bytes) => udata(DW_AT.byte_size, bytes)));
const named = maybe(someName.map(name));
const flags = maybe(fc.constantFrom(flag(DW_AT.artificial), flag(DW_AT.declaration), flag(DW_AT.external)));
const place: fc.Arbitrary<AttributeSpec> = fc.oneof(
  size.map((at) => udata(DW_AT.data_member_location, at)),
  fc.integer().map((at) => sdata(DW_AT.data_member_location, at)),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => exprloc(DW_AT.data_member_location, ...bytes)),
  fc.constant(exprloc(DW_AT.data_member_location, DW_OP.dup, DW_OP.deref, DW_OP.plus)),
);
const bits = fc.oneof(
  size.map((at) => [udata(DW_AT.data_bit_offset, at), udata(DW_AT.bit_size, 7)]),
  size.map((width) => [udata(DW_AT.bit_size, width), sdata(DW_AT.bit_offset, -3)]),
);

const attributes = (...parts: fc.Arbitrary<readonly AttributeSpec[]>[]): fc.Arbitrary<AttributeSpec[]> =>
  fc.tuple(...parts).map((all) => all.flat());

const child: fc.Arbitrary<EntrySpec> = fc.oneof(
  attributes(
    named,
    type,
    maybe(place),
    maybe(bits).map((all) => all.flat()),
    flags,
  ).chain((own) =>
    fc
      .constantFrom(DW_TAG.member, DW_TAG.inheritance, DW_TAG.variable, DW_TAG.template_type_parameter)
      .map((tag) => die(tag, own)),
  ),
  attributes(
    type,
    fc.oneof(
      size.map((count) => [udata(DW_AT.count, count)]),
      size.map((bound) => [udata(DW_AT.upper_bound, bound)]),
      fc
        .tuple(fc.integer(), fc.integer())
        .map(([low, high]) => [sdata(DW_AT.lower_bound, low), sdata(DW_AT.upper_bound, high)]),
      fc.constant([ref(DW_AT.count, "subject")]),
      fc.uint8Array({ maxLength: 5 }).map((bytes) => [exprloc(DW_AT.upper_bound, ...bytes)]),
    ),
  ).map((own) => die(DW_TAG.subrange_type, own)),
  fc
    .oneof(
      size.map((value) => [name("e"), udata(DW_AT.const_value, value)]),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => [name("e"), block(DW_AT.const_value, ...bytes)]),
    )
    .map((own) => die(DW_TAG.enumerator, own)),
  fc
    .tuple(
      attributes(type, maybe(label.map((to) => ref(DW_AT.discr, to)))),
      fc.array(
        fc.tuple(
          maybe(fc.uint8Array({ maxLength: 5 }).map((bytes) => block(DW_AT.discr_list, ...bytes))),
          maybe(size.map((value) => udata(DW_AT.discr_value, value))),
          attributes(named, type),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([own, variants]) =>
      die(
        DW_TAG.variant_part,
        own,
        variants.map(([list, value, inside]) =>
          die(DW_TAG.variant, [...list, ...value], [die(DW_TAG.member, inside)]),
        ),
      ),
    ),
);

const KINDS = [
  ...[DW_TAG.base_type, DW_TAG.pointer_type, DW_TAG.reference_type, DW_TAG.array_type, DW_TAG.structure_type],
  ...[DW_TAG.class_type, DW_TAG.union_type, DW_TAG.enumeration_type, DW_TAG.typedef, DW_TAG.const_type],
  ...[
    DW_TAG.subroutine_type,
    DW_TAG.ptr_to_member_type,
    DW_TAG.unspecified_type,
    DW_TAG.member,
    DW_TAG.variant_part,
  ],
  ...[DW_TAG.subrange_type, DW_TAG.variable],
];
const anyType = fc
  .tuple(
    fc.constantFrom(...KINDS, DW_TAG.structure_type, DW_TAG.array_type, DW_TAG.pointer_type),
    attributes(
      named,
      type,
      byteSize,
      flags,
      maybe(fc.constantFrom(...Object.values(DW_ATE)).map((one) => udata(DW_AT.encoding, one))),
    ),
    fc.array(child, { maxLength: 4 }),
    maybe(label.map((to) => ref(DW_AT.containing_type, to))),
  )
  .map(
    ([tag, own, children, owner]) =>
      (text: string) =>
        die(tag, [...own, ...owner], children, text),
  );

const graphs = fc.record({
  types: fc.array(anyType, { minLength: TYPES, maxLength: TYPES }),
  language: fc.constantFrom(DW_LANG.C11, DW_LANG.C_plus_plus_14, DW_LANG.Rust),
  memory: fc.array(fc.constantFrom(0, 0, 0, 1, 2, 0x10, 0x20, 0x41, 0xff), { minLength: 64, maxLength: 64 }),
});

const MAX_VALUES = 20_000;

function look(value: Value, depth: number, seen: { values: number }): void {
  assert.ok(++seen.values < MAX_VALUES, "values without end");
  assert.ok(value.text().length < 2000, "a line without end");
  value.text({ hex: true });
  assert.ok((value.typeName?.length ?? 0) < 100_000, "a name without end");
  for (const part of [value.missing, value.address, value.size, value.target, value.provenance]) void part;
  const typed = value as TypedValue;
  for (const access of [
    () => member(typed, "x"),
    () => dereference(typed),
    () => element(typed, 1),
    () => addressOf(typed),
  ]) {
    const accessed = tolerate(access);
    if (accessed !== undefined && !("problem" in accessed)) accessed.text();
  }
  const { children } = value;
  if (children === undefined || depth === 0) return;
  const last = Math.max(0, children.indexedCount - 2);
  for (const { value: inner } of [
    ...children.named().slice(0, 8),
    ...children.indexed(0, 3),
    ...children.indexed(last, 2),
  ])
    look(inner, depth - 1, seen);
}

const ROUNDS = Number(process.env["FUZZ_ROUNDS"] ?? 400);

describe("types without sense", () => {
  it("are shown or refused, soon and without an error", function () {
    this.timeout(20_000 + 100 * ROUNDS);
    fc.assert(
      fc.property(graphs, ({ types, language, memory }) => {
        const { debug, entry } = assemble([
          [
            { attributes: [udata(DW_AT.language, language)] },
            [
              ...types.map((make, i) => make(`t${i}`)),
              die(
                DW_TAG.variable,
                [
                  name("subject"),
                  ref(DW_AT.type, "t0"),
                  exprloc(DW_AT.location, DW_OP.addr, 0x00, 0x10, 0, 0),
                ],
                [],
                "subject",
              ),
            ],
          ],
        ]);
        const context = {
          machine: machineOf({ memory }),
          subprogram: undefined,
          pc: codeOffset(0x10),
          debug,
        };
        const before = process.cpuUsage();
        look(variableValue(entry("subject"), context), 3, { values: 0 });
        const { user, system } = process.cpuUsage(before);
        assert.ok(user + system < 3e6, `${(user + system) / 1e6} seconds`);
      }),
      { numRuns: ROUNDS, seed: Number(process.env["FUZZ_SEED"] ?? 3) },
    );
  });
});

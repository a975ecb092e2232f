/** The active variant of random Rust-like enums: tagged, with a niche, of any discriminant's size, sign and form. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { DW_AT, DW_ATE, DW_DSC, DW_LANG, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import type { Value } from "../../engine/values/model";
import { variableValue } from "../../engine/values/variables";
import { machineOf } from "../evaluator/frame";
import {
  type AttributeSpec,
  assemble,
  block,
  data,
  data16,
  die,
  type EntrySpec,
  exprloc,
  flag,
  name,
  ref,
  sdata,
  udata,
} from "../support/entry-tree";

interface Tag {
  readonly size: 1 | 2 | 4 | 8 | 16;
  readonly signed: boolean;
  /** Where it lies in the enum; the payloads' field lies behind it. */
  readonly at: number;
}
/** A discriminant's value in the form that the compiler chose; `undefined` for the variant of all other values. */
interface Variant {
  readonly value: bigint | undefined;
  readonly form: "fixed" | "narrow" | "leb" | "block";
  /** A second and a third value, as a range (DW_AT_discr_list). */
  readonly upTo: bigint | undefined;
}
interface RustEnum {
  readonly tag: Tag;
  readonly variants: readonly Variant[];
}

const littleEndian = (value: bigint, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

const sleb = (value: bigint): number[] => {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    const last = (rest >> 7n === 0n && low < 0x40) || (rest >> 7n === -1n && low >= 0x40);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
};
const uleb = (value: bigint): number[] =>
  value < 128n ? [Number(value)] : [Number(value & 0x7fn) | 0x80, ...uleb(value >> 7n)];

const tags: fc.Arbitrary<Tag> = fc.record({
  size: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const, 16 as const),
  signed: fc.boolean(),
  at: fc.nat(5),
});

const range = ({ size, signed }: Tag): readonly [bigint, bigint] => {
  const bits = BigInt(8 * size);
  return signed ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
};

/** Values of a tag: small ones, the ends of its range, and any. */
function valuesOf(tag: Tag): fc.Arbitrary<bigint> {
  const [low, high] = range(tag);
  return fc.oneof(fc.bigInt(0n, 5n), fc.constantFrom(low, low + 1n, high - 1n, high), fc.bigInt(low, high));
}

const enums: fc.Arbitrary<RustEnum> = tags.chain((tag) =>
  fc
    .record({
      values: fc.uniqueArray(valuesOf(tag), { minLength: 1, maxLength: 6, selector: String }),
      forms: fc.array(
        fc.constantFrom("fixed" as const, "narrow" as const, "leb" as const, "block" as const),
        {
          minLength: 7,
          maxLength: 7,
        },
      ),
      ranges: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      niche: fc.option(fc.nat(6)),
    })
    .map(({ values, forms, ranges, niche }) => {
      const sorted = values.toSorted((a, b) => (a < b ? -1 : 1));
      const variants = sorted.map((value, i): Variant => {
        const gap = (sorted[i + 1] ?? value) - value;
        return { value, form: forms[i]!, upTo: ranges[i] && gap > 3n ? value + 2n : undefined };
      });
      if (niche !== null)
        variants.splice(niche % (variants.length + 1), 0, { value: undefined, form: "leb", upTo: undefined });
      return { tag, variants };
    }),
);

function discriminantOf({ value, form, upTo }: Variant, { size, signed }: Tag): AttributeSpec[] {
  if (value === undefined) return [];
  const leb = signed ? sleb : uleb;
  if (upTo !== undefined) return [block(DW_AT.discr_list, DW_DSC.range, ...leb(value), ...leb(upTo))];
  if (form === "block") return [block(DW_AT.discr_value, ...littleEndian(value, size))];
  if (form === "leb") return [signed ? sdata(DW_AT.discr_value, value) : udata(DW_AT.discr_value, value)];
  // As narrow as holds it with its sign: LLVM's choice.
  const cut = signed ? BigInt.asIntN : BigInt.asUintN;
  const width =
    form === "narrow" ? ([1, 2, 4, 8] as const).find((bytes) => cut(8 * bytes, value) === value) : undefined;
  if (width !== undefined) return [data(DW_AT.discr_value, value, width)];
  return [size === 16 ? data16(DW_AT.discr_value, value) : data(DW_AT.discr_value, value, size)];
}

function show({ tag, variants }: RustEnum, bytes: readonly number[]): Value {
  const field = tag.at + tag.size;
  const encoding = tag.signed ? DW_ATE.signed : DW_ATE.unsigned;
  const base = (label: string, size: number, kind: number): EntrySpec =>
    die(
      DW_TAG.base_type,
      [name(label), udata(DW_AT.byte_size, size), udata(DW_AT.encoding, kind)],
      [],
      label,
    );
  const payload = (i: number): EntrySpec =>
    die(
      DW_TAG.structure_type,
      [name(`V${i}`), udata(DW_AT.byte_size, field + 4)],
      [
        die(DW_TAG.member, [
          name(i % 2 === 0 ? "__0" : "x"),
          ref(DW_AT.type, "u32"),
          udata(DW_AT.data_member_location, field),
        ]),
      ],
      `payload${i}`,
    );
  const variant = (one: Variant, i: number): EntrySpec =>
    die(DW_TAG.variant, discriminantOf(one, tag), [
      die(DW_TAG.member, [
        name(`V${i}`),
        ref(DW_AT.type, `payload${i}`),
        udata(DW_AT.data_member_location, 0),
      ]),
    ]);
  const { debug, entry } = assemble([
    [
      { attributes: [udata(DW_AT.language, DW_LANG.Rust)] },
      [
        base("tag", tag.size, encoding),
        base("u32", 4, DW_ATE.unsigned),
        ...variants.map((_, i) => payload(i)),
        die(
          DW_TAG.structure_type,
          [name("Choice"), udata(DW_AT.byte_size, field + 4)],
          [
            die(
              DW_TAG.variant_part,
              [ref(DW_AT.discr, "discriminant")],
              [
                die(
                  DW_TAG.member,
                  [ref(DW_AT.type, "tag"), udata(DW_AT.data_member_location, tag.at), flag(DW_AT.artificial)],
                  [],
                  "discriminant",
                ),
                ...variants.map(variant),
              ],
            ),
          ],
          "choice",
        ),
        die(DW_TAG.variable, [
          name("subject"),
          ref(DW_AT.type, "choice"),
          exprloc(DW_AT.location, DW_OP.addr, 0x00, 0x10, 0x00, 0x00),
        ]),
      ],
    ],
  ]);
  const machine = machineOf({ memory: bytes });
  return variableValue(entry("subject"), { machine, subprogram: undefined, pc: codeOffset(0x10), debug });
}

describe("enums with data", () => {
  const cases = enums.chain((choice) => {
    const known = choice.variants.flatMap(({ value, upTo }) =>
      value === undefined ? [] : [value, upTo ?? value, upTo === undefined ? value : value + 1n],
    );
    return fc.record({
      choice: fc.constant(choice),
      value: fc.oneof(fc.constantFrom(...known), valuesOf(choice.tag)),
      filling: fc.array(fc.nat(255), { minLength: 32, maxLength: 32 }),
    });
  });

  it("show the variant that the discriminant names, the niche's for all others, and none without either", () => {
    fc.assert(
      fc.property(cases, ({ choice, value, filling }) => {
        const { tag, variants } = choice;
        const bytes = [...filling];
        bytes.splice(tag.at, tag.size, ...littleEndian(value, tag.size));
        const shown = show(choice, bytes);
        const named = variants.findIndex(
          (one) => one.value !== undefined && one.value <= value && value <= (one.upTo ?? one.value),
        );
        const active = named >= 0 ? named : variants.findIndex((one) => one.value === undefined);
        if (active < 0) {
          assert.equal(shown.missing?.reason, "malformed", shown.text());
          return;
        }
        const payload = new DataView(Uint8Array.from(bytes).buffer).getUint32(tag.at + tag.size, true);
        const text = active % 2 === 0 ? `V${active}(${payload})` : `V${active} {x: ${payload}}`;
        assert.equal(shown.text(), text);
        assert.equal(shown.children?.named()[0]?.value.text(), String(payload));
      }),
      { numRuns: 1000 },
    );
  });

  it("of one variant need no discriminant", () => {
    const value = show(
      {
        tag: { size: 1, signed: false, at: 0 },
        variants: [{ value: undefined, form: "leb", upTo: undefined }],
      },
      [9, 1, 0, 0, 0],
    );
    assert.equal(value.text(), "V0(1)");
  });

  it("without data show names of any width, those of 128 bits too", () => {
    const high = (1n << 127n) + 5n;
    const enumerator = (text: string, value: bigint): EntrySpec =>
      die(DW_TAG.enumerator, [name(text), block(DW_AT.const_value, ...littleEndian(value, 16))]);
    const { debug, entry } = assemble([
      [
        { attributes: [udata(DW_AT.language, DW_LANG.Rust)] },
        [
          die(
            DW_TAG.enumeration_type,
            [name("Wide"), udata(DW_AT.byte_size, 16)],
            [enumerator("Low", 5n), enumerator("High", high)],
            "wide",
          ),
          die(DW_TAG.variable, [
            name("subject"),
            ref(DW_AT.type, "wide"),
            exprloc(DW_AT.location, DW_OP.implicit_value, 16, ...littleEndian(high, 16)),
          ]),
        ],
      ],
    ]);
    const context = { machine: machineOf(), subprogram: undefined, pc: codeOffset(0x10), debug };
    assert.equal(variableValue(entry("subject"), context).text(), "High");
  });
});

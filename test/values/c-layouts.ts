/**
 * Random C types for property tests: laid out here, described as DWARF for the decoder, and read here with
 * DataView and bigints, so that what is expected owes nothing to the decoder.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DW_AT, DW_ATE, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import type { Value } from "../../engine/values/model";
import {
  type AttributeSpec,
  data,
  die,
  type EntrySpec,
  exprloc,
  name,
  ref,
  sdata,
  udata,
} from "../support/entry-tree";

interface Integer {
  readonly kind: "integer";
  readonly size: number;
  readonly signed: boolean;
  readonly character: boolean;
}
export type Layout =
  | Integer
  | { readonly kind: "float"; readonly size: 4 | 8 }
  | { readonly kind: "bool"; readonly size: 1 }
  | { readonly kind: "enum"; readonly size: number; readonly of: Integer; readonly fixed: boolean }
  | { readonly kind: "alias"; readonly size: number; readonly tag: number; readonly of: Layout }
  | {
      readonly kind: "array";
      readonly size: number;
      readonly of: Layout;
      readonly counts: readonly number[];
      readonly upper: boolean;
    }
  | {
      readonly kind: "record";
      readonly size: number;
      readonly union: boolean;
      readonly fields: readonly Field[];
    };

interface Field {
  readonly type: Layout;
  /** Bytes from the record's start. */
  readonly at: number;
  readonly bits: { readonly offset: number; readonly size: number } | undefined;
  /** How its place is written: DWARF 4 and 5's way, DWARF 2's, or as an expression. */
  readonly style: "constant" | "old" | "expression";
  readonly anonymous: boolean;
}

// What is made

const integer: fc.Arbitrary<Integer> = fc
  .tuple(fc.constantFrom(1, 2, 4, 8, 16), fc.boolean(), fc.boolean())
  .map(([size, signed, character]) => ({
    kind: "integer",
    size,
    signed,
    character: character && size === 1,
  }));

const scalar: fc.Arbitrary<Layout> = fc.oneof(
  { weight: 4, arbitrary: integer },
  fc.constantFrom<Layout>({ kind: "float", size: 4 }, { kind: "float", size: 8 }, { kind: "bool", size: 1 }),
  fc
    .tuple(integer, fc.boolean())
    .map(([of, fixed]): Layout => ({ kind: "enum", size: of.size, of, fixed: fixed || of.signed })),
);

const plan = (type: fc.Arbitrary<Layout>) =>
  fc.record({
    type,
    gap: fc.nat(3),
    bits: fc.option(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        freq: 2,
      },
    ),
    style: fc.constantFrom("constant" as const, "old" as const, "expression" as const),
    anonymous: fc.boolean(),
  });

type Plan = typeof plan extends (type: fc.Arbitrary<Layout>) => fc.Arbitrary<infer P> ? P : never;

function record(union: boolean, plans: readonly Plan[]): Layout {
  let end = 0;
  const fields = plans.map(({ type, gap, bits, style, anonymous }): Field => {
    const at = union ? 0 : end + gap;
    end = Math.max(end, at + type.size);
    const whole = 8 * type.size;
    const width = 1 + Math.floor((bits?.[0] ?? 0) * (whole - 1));
    const field = bits !== null && (type.kind === "integer" || type.kind === "enum") && type.size <= 8;
    return {
      type,
      at,
      bits: field ? { offset: Math.floor(bits[1] * (whole - width)), size: width } : undefined,
      style,
      anonymous: anonymous && type.kind === "record",
    };
  });
  return { kind: "record", size: end, union, fields };
}

export const layouts = fc.letrec<{ type: Layout }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.boolean(), fc.array(plan(tie("type")), { minLength: 1, maxLength: 5 }))
        .map(([union, plans]) => record(union, plans)),
    },
    fc
      .tuple(tie("type"), fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }), fc.boolean())
      .map(([of, counts, upper]): Layout => {
        const size = counts.reduce((product, count) => product * count, of.size);
        // An upper bound of −1 means that the length is open.
        return { kind: "array", size, of, counts, upper: upper && !counts.includes(0) };
      }),
    fc
      .tuple(tie("type"), fc.constantFrom(DW_TAG.typedef, DW_TAG.const_type, DW_TAG.volatile_type))
      .map(([of, tag]): Layout => ({ kind: "alias", size: of.size, tag, of })),
  ),
})).type;

// As DWARF

export const ENUMERATORS = [
  ["none", -1n],
  ["zero", 0n],
  ["one", 1n],
  ["hundred", 100n],
] as const;

/** The entries of a type and of all that it is made of; the type's own label. */
export class TypeWriter {
  readonly entries: EntrySpec[] = [];
  private count = 0;

  type(layout: Layout): string {
    const label = `type${this.count++}`;
    this.entries.push(this.entry(layout, label));
    return label;
  }

  private entry(layout: Layout, label: string): EntrySpec {
    const size = udata(DW_AT.byte_size, layout.size);
    switch (layout.kind) {
      case "integer":
        return die(
          DW_TAG.base_type,
          [name(label), size, udata(DW_AT.encoding, integerEncoding(layout))],
          [],
          label,
        );
      case "float":
        return die(DW_TAG.base_type, [name(label), size, udata(DW_AT.encoding, DW_ATE.float)], [], label);
      case "bool":
        return die(DW_TAG.base_type, [name(label), size, udata(DW_AT.encoding, DW_ATE.boolean)], [], label);
      case "enum": {
        const known = ENUMERATORS.filter(([, value]) => layout.of.signed || value >= 0n);
        const underlying = layout.fixed ? [ref(DW_AT.type, this.type(layout.of))] : [];
        const enumerators = known.map(([text, value]) =>
          die(DW_TAG.enumerator, [
            name(text),
            layout.size <= 8
              ? data(DW_AT.const_value, value, layout.size as 1 | 2 | 4 | 8)
              : sdata(DW_AT.const_value, value),
          ]),
        );
        return die(DW_TAG.enumeration_type, [name(label), size, ...underlying], enumerators, label);
      }
      case "alias": {
        const named = layout.tag === DW_TAG.typedef ? [name(label)] : [];
        return die(layout.tag, [...named, ref(DW_AT.type, this.type(layout.of))], [], label);
      }
      case "array": {
        const ranges = layout.counts.map((count) =>
          die(DW_TAG.subrange_type, [
            layout.upper ? udata(DW_AT.upper_bound, count - 1) : udata(DW_AT.count, count),
          ]),
        );
        return die(DW_TAG.array_type, [ref(DW_AT.type, this.type(layout.of))], ranges, label);
      }
      case "record": {
        const members = layout.fields.map((field, i) =>
          die(DW_TAG.member, [
            ...(field.anonymous ? [] : [name(`m${i}`)]),
            ref(DW_AT.type, this.type(field.type)),
            ...memberPlace(field),
          ]),
        );
        const tag = layout.union ? DW_TAG.union_type : DW_TAG.structure_type;
        return die(tag, [name(label), size], members, label);
      }
    }
  }
}

function integerEncoding({ signed, character }: Integer): number {
  if (character) return signed ? DW_ATE.signed_char : DW_ATE.unsigned_char;
  return signed ? DW_ATE.signed : DW_ATE.unsigned;
}

function memberPlace({ at, bits, style, type }: Field): AttributeSpec[] {
  const start =
    style === "expression"
      ? exprloc(DW_AT.data_member_location, DW_OP.plus_uconst, ...[(at & 0x7f) | 0x80, (at >> 7) & 0x7f])
      : udata(DW_AT.data_member_location, at);
  if (bits === undefined) return [start];
  const size = udata(DW_AT.bit_size, bits.size);
  if (style === "constant") return [udata(DW_AT.data_bit_offset, 8 * at + bits.offset), size];
  const fromTop = 8 * type.size - bits.offset - bits.size;
  return [start, size, udata(DW_AT.byte_size, type.size), udata(DW_AT.bit_offset, fromTop)];
}

// As its bytes say

/** Little-endian bytes as an unsigned number. */
function unsigned(bytes: DataView, at: number, size: number): bigint {
  let value = 0n;
  for (let i = 0; i < size; i++) value += BigInt(bytes.getUint8(at + i)) * 256n ** BigInt(i);
  return value;
}

/** Asserts that `value` is what `bytes` hold at `at` for a type of this layout. */
export function check(layout: Layout, value: Value, bytes: DataView, at: number, bits?: Field["bits"]): void {
  const text = value.text();
  const number = (signed: boolean): bigint => {
    const whole = unsigned(bytes, at, layout.size);
    const size = bits?.size ?? 8 * layout.size;
    return (signed ? BigInt.asIntN : BigInt.asUintN)(size, whole >> BigInt(bits?.offset ?? 0));
  };
  switch (layout.kind) {
    case "integer": {
      const wanted = String(number(layout.signed));
      if (layout.character) assert.ok(text.startsWith(`${wanted} '`), `${text}, not ${wanted}`);
      else assert.equal(text, wanted);
      return;
    }
    case "float": {
      const wanted = layout.size === 4 ? bytes.getFloat32(at, true) : bytes.getFloat64(at, true);
      const shown = Number(text.replace("inf", "Infinity"));
      assert.ok(Object.is(layout.size === 4 ? Math.fround(shown) : shown, wanted), `${text}, not ${wanted}`);
      return;
    }
    case "bool": {
      const wanted = bytes.getUint8(at);
      assert.equal(text, wanted > 1 ? `true (${wanted})` : String(wanted === 1));
      return;
    }
    case "enum": {
      const wanted = number(layout.of.signed);
      const cut = (value: bigint): bigint => BigInt.asUintN(bits?.size ?? 8 * layout.size, value);
      // Of what the enumeration has, a bit-field may be too narrow for some: then it is none of those.
      const held = (value: bigint): boolean =>
        bits === undefined || (layout.of.signed ? BigInt.asIntN : BigInt.asUintN)(bits.size, value) === value;
      const known = ENUMERATORS.filter(([, one]) => (layout.of.signed || one >= 0n) && held(one));
      const named = known
        .filter(([, one]) => cut(one) === cut(wanted))
        .map(([enumerator]) => enumerator as string);
      assert.ok(named.length > 0 ? named.includes(text) : text === String(wanted), `${text}, not ${wanted}`);
      return;
    }
    case "alias":
      check(layout.of, value, bytes, at, bits);
      return;
    case "array":
      checkElements(layout.of, layout.counts, value, bytes, at);
      return;
    case "record": {
      const wanted = flattened(layout.fields, at);
      const shown = value.children?.named() ?? [];
      assert.deepEqual(
        shown.map((child) => child.name),
        wanted.map(([label]) => label),
      );
      wanted.forEach(([, field, start], i) => {
        check(field.type, shown[i]!.value, bytes, start, field.bits);
      });
    }
  }
}

function checkElements(
  of: Layout,
  counts: readonly number[],
  value: Value,
  bytes: DataView,
  at: number,
): void {
  const [count = 0, ...rest] = counts;
  assert.equal(value.children?.indexedCount, count);
  const stride = rest.reduce((product, inner) => product * inner, of.size);
  value.children.indexed(0, count).forEach((child, i) => {
    if (rest.length > 0) checkElements(of, rest, child.value, bytes, at + i * stride);
    else check(of, child.value, bytes, at + i * stride);
  });
}

/** Members with their names and places, those of anonymous records in their place. */
function flattened(fields: readonly Field[], at: number): readonly (readonly [string, Field, number])[] {
  return fields.flatMap((field, i) =>
    field.anonymous && field.type.kind === "record"
      ? flattened(field.type.fields, at + field.at)
      : [[`m${i}`, field, at + field.at] as const],
  );
}

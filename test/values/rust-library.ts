/**
 * Random values of Rust's library types for property tests: a type tree with a value, described as rustc describes
 * it and laid out in memory as its library does, members in any order. What is expected is the value itself.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DW_AT, DW_ATE, DW_TAG } from "../../engine/dwarf/constants";
import type { Child, Value } from "../../engine/values/model";
import { die, type EntrySpec, name, ref, udata } from "../support/entry-tree";

export type RustType =
  | { readonly kind: "integer"; readonly size: 1 | 2 | 4 | 8 | 16; readonly signed: boolean }
  | { readonly kind: "string" | "str" }
  | { readonly kind: "vec" | "deque" | "box" | "rc" | "option"; readonly of: RustType }
  | { readonly kind: "array"; readonly of: RustType; readonly count: number }
  | { readonly kind: "tuple"; readonly of: readonly RustType[]; readonly turned: boolean };

/** As its type says: a bigint, a text, elements, what a pointer or an Option holds (`undefined`: None). */
export type RustValue = bigint | string | readonly RustValue[] | { readonly some: RustValue | undefined };

export interface Sample {
  readonly type: RustType;
  readonly value: RustValue;
}

const integers = fc.record({
  kind: fc.constant("integer" as const),
  size: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const, 16 as const),
  signed: fc.boolean(),
});

const types: fc.Arbitrary<RustType> = fc.letrec<{ any: RustType }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    integers,
    fc.record({ kind: fc.constantFrom("string" as const, "str" as const) }),
    fc.record({
      kind: fc.constantFrom(
        "vec" as const,
        "deque" as const,
        "box" as const,
        "rc" as const,
        "option" as const,
      ),
      of: tie("any"),
    }),
    fc.record({ kind: fc.constant("array" as const), of: tie("any"), count: fc.nat(3) }),
    fc.record({
      kind: fc.constant("tuple" as const),
      of: fc.array(tie("any"), { minLength: 1, maxLength: 3 }),
      turned: fc.boolean(),
    }),
  ),
})).any;

function valuesOf(type: RustType): fc.Arbitrary<RustValue> {
  switch (type.kind) {
    case "integer": {
      const bits = BigInt(8 * type.size);
      return type.signed
        ? fc.bigInt(-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n)
        : fc.bigInt(0n, (1n << bits) - 1n);
    }
    case "string":
    case "str":
      return fc.string({ maxLength: 12, unit: fc.constantFrom("a", "7", "é", "λ", "🦀", '"', "\\", "\n") });
    case "vec":
    case "deque":
      return fc.array(valuesOf(type.of), { maxLength: 4 });
    case "array":
      return fc.array(valuesOf(type.of), { minLength: type.count, maxLength: type.count });
    case "tuple":
      return fc.tuple(...type.of.map(valuesOf));
    case "option":
      return fc.option(valuesOf(type.of), { nil: undefined }).map((some) => ({ some }));
    default:
      return valuesOf(type.of).map((some) => ({ some }));
  }
}

export const samples: fc.Arbitrary<Sample> = types.chain((type) =>
  valuesOf(type).map((value) => ({ type, value })),
);

/** Where the memory of a machine begins. */
const BASE = 0x1000;
const littleEndian = (value: bigint, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
const word = (value: number): number[] => littleEndian(BigInt(value), 4);

/** Writes entries of types, and values with all that they point at. */
export class RustWriter {
  readonly entries: EntrySpec[] = [];
  readonly memory: number[] = [];
  private readonly labels = new Map<string, string>();

  /** The label of a type's entry. */
  type(type: RustType): string {
    const key = JSON.stringify(type);
    let label = this.labels.get(key);
    if (label === undefined) {
      label = `type ${this.labels.size}`;
      this.labels.set(key, label);
      this.describe(type, label);
    }
    return label;
  }

  sizeOf(type: RustType): number {
    switch (type.kind) {
      case "integer":
        return type.size;
      case "str":
        return 8;
      case "box":
      case "rc":
        return 4;
      case "option":
        return 1 + this.sizeOf(type.of);
      case "array":
        return type.count * this.sizeOf(type.of);
      case "tuple":
        return type.of.reduce((sum, part) => sum + this.sizeOf(part), 0);
      case "deque":
        return 16;
      default:
        return 12;
    }
  }

  /** Puts a value into memory; its address. */
  put(type: RustType, value: RustValue): number {
    return this.place(this.bytes(type, value));
  }

  private place(bytes: readonly number[]): number {
    const at = BASE + this.memory.length;
    this.memory.push(...bytes);
    return at;
  }

  private bytes(type: RustType, value: RustValue): number[] {
    switch (type.kind) {
      case "integer":
        return littleEndian(value as bigint, type.size);
      case "str":
      case "string": {
        const text = [...new TextEncoder().encode(value as string)];
        const at = this.place([...text, 0xee]);
        return type.kind === "str"
          ? [...word(at), ...word(text.length)]
          : [...word(text.length + 1), ...word(at), ...word(text.length)];
      }
      case "vec": {
        const values = value as readonly RustValue[];
        const at = this.place(values.flatMap((each) => this.bytes(type.of, each)));
        return [...word(values.length), ...word(at), ...word(values.length)];
      }
      case "deque": {
        // The ring starts in its middle, so that its elements go on at the buffer's start.
        const values = value as readonly RustValue[];
        const room = values.length + 1;
        const head = Math.floor(room / 2);
        const slots = Array.from({ length: room }, () => new Array<number>(this.sizeOf(type.of)).fill(0xee));
        values.forEach((each, i) => {
          slots[(head + i) % room] = this.bytes(type.of, each);
        });
        return [...word(head), ...word(values.length), ...word(this.place(slots.flat())), ...word(room)];
      }
      case "box":
        return word(this.put(type.of, (value as { some: RustValue }).some));
      case "rc":
        return word(
          this.place([...word(2), ...word(3), ...this.bytes(type.of, (value as { some: RustValue }).some)]),
        );
      case "option": {
        const { some } = value as { some: RustValue | undefined };
        const room = this.sizeOf(type.of);
        return some === undefined
          ? [0, ...new Array<number>(room).fill(0xee)]
          : [1, ...this.bytes(type.of, some)];
      }
      case "array":
        return (value as readonly RustValue[]).flatMap((each) => this.bytes(type.of, each));
      case "tuple": {
        const parts = type.of.map((part, i) => this.bytes(part, (value as readonly RustValue[])[i]!));
        return (type.turned ? parts.reverse() : parts).flat();
      }
    }
  }

  // Descriptions

  private base(title: string, size: number, encoding: number): string {
    const label = `base ${title}`;
    if (!this.labels.has(label)) {
      this.labels.set(label, label);
      const attributes = [name(title), udata(DW_AT.byte_size, size), udata(DW_AT.encoding, encoding)];
      this.entries.push(die(DW_TAG.base_type, attributes, [], label));
    }
    return label;
  }

  private pointer(to: string, title = `*const ${to}`): string {
    const label = `${title} -> ${to}`;
    if (!this.labels.has(label)) {
      this.labels.set(label, label);
      this.entries.push(die(DW_TAG.pointer_type, [name(title), ref(DW_AT.type, to)], [], label));
    }
    return label;
  }

  /** A struct in the library's namespaces. */
  private library(
    path: string,
    size: number,
    fields: readonly EntrySpec[],
    label: string,
    parameter?: string,
  ): string {
    const names = path.split(/::(?![^<]*>)/);
    const generics =
      parameter === undefined
        ? []
        : [die(DW_TAG.template_type_parameter, [ref(DW_AT.type, parameter), name("T")])];
    const struct = die(
      DW_TAG.structure_type,
      [name(names.pop()!), udata(DW_AT.byte_size, size)],
      [...generics, ...fields],
      label,
    );
    this.entries.push(
      names.reduceRight((inner, scope) => die(DW_TAG.namespace, [name(scope)], [inner]), struct),
    );
    return label;
  }

  private field(title: string, type: string, at: number): EntrySpec {
    return die(DW_TAG.member, [name(title), ref(DW_AT.type, type), udata(DW_AT.data_member_location, at)]);
  }

  /** RawVec and what it wraps: a capacity and a pointer to bytes. */
  private buffer(label: string, pointerAt: number, capacityAt: number, element: string): string {
    const usize = this.base("usize", 4, DW_ATE.unsigned);
    const bytes = this.pointer(this.base("u8", 1, DW_ATE.unsigned));
    const unique = this.library(
      "core::ptr::unique::Unique<u8>",
      4,
      [this.field("pointer", bytes, 0)],
      `${label} unique`,
    );
    const inner = [this.field("ptr", unique, pointerAt), this.field("cap", usize, capacityAt)];
    const raw = this.library("alloc::raw_vec::RawVecInner<alloc::alloc::Global>", 8, inner, `${label} inner`);
    return this.library(
      "alloc::raw_vec::RawVec<T>",
      8,
      [this.field("inner", raw, 0)],
      `${label} raw`,
      element,
    );
  }

  private describe(type: RustType, label: string): void {
    const usize = this.base("usize", 4, DW_ATE.unsigned);
    const u8 = this.base("u8", 1, DW_ATE.unsigned);
    const size = this.sizeOf(type);
    const struct = (title: string, fields: readonly EntrySpec[]) =>
      this.entries.push(
        die(DW_TAG.structure_type, [name(title), udata(DW_AT.byte_size, size)], fields, label),
      );
    switch (type.kind) {
      case "integer": {
        const encoding = type.signed ? DW_ATE.signed : DW_ATE.unsigned;
        const title = `${type.signed ? "i" : "u"}${8 * type.size}`;
        this.entries.push(
          die(
            DW_TAG.base_type,
            [name(title), udata(DW_AT.byte_size, size), udata(DW_AT.encoding, encoding)],
            [],
            label,
          ),
        );
        return;
      }
      case "str":
        struct("&str", [this.field("data_ptr", this.pointer(u8), 0), this.field("length", usize, 4)]);
        return;
      case "string": {
        const raw = this.buffer(label, 4, 0, u8);
        const fields = [this.field("buf", raw, 0), this.field("len", usize, 8)];
        const vec = this.library("alloc::vec::Vec<u8, alloc::alloc::Global>", 12, fields, `${label} vec`, u8);
        this.library("alloc::string::String", 12, [this.field("vec", vec, 0)], label);
        return;
      }
      case "vec": {
        const of = this.type(type.of);
        const raw = this.buffer(label, 4, 0, of);
        const fields = [this.field("len", usize, 8), this.field("buf", raw, 0)];
        this.library("alloc::vec::Vec<T, alloc::alloc::Global>", 12, fields, label, of);
        return;
      }
      case "deque": {
        const of = this.type(type.of);
        const raw = this.buffer(label, 0, 4, of);
        const fields = [this.field("head", usize, 0), this.field("len", usize, 4), this.field("buf", raw, 8)];
        this.library(
          "alloc::collections::vec_deque::VecDeque<T, alloc::alloc::Global>",
          16,
          fields,
          label,
          of,
        );
        return;
      }
      case "box":
        this.labels.set(`${label} box`, label);
        this.entries.push(
          die(
            DW_TAG.pointer_type,
            [name("alloc::boxed::Box<T>"), ref(DW_AT.type, this.type(type.of))],
            [],
            label,
          ),
        );
        return;
      case "rc": {
        const of = this.type(type.of);
        const cell = this.library(
          "core::cell::Cell<usize>",
          4,
          [this.field("value", usize, 0)],
          `${label} cell`,
          usize,
        );
        const counts = [
          this.field("strong", cell, 0),
          this.field("weak", cell, 4),
          this.field("value", of, 8),
        ];
        const inner = this.library(
          "alloc::rc::RcInner<T>",
          8 + this.sizeOf(type.of),
          counts,
          `${label} inner`,
          of,
        );
        const pointer = [this.field("pointer", this.pointer(inner), 0)];
        const nonNull = this.library(
          "core::ptr::non_null::NonNull<T>",
          4,
          pointer,
          `${label} pointer`,
          inner,
        );
        this.library("alloc::rc::Rc<T, alloc::alloc::Global>", 4, [this.field("ptr", nonNull, 0)], label, of);
        return;
      }
      case "option": {
        const of = this.type(type.of);
        const variant = (
          value: number,
          title: string,
          fields: readonly EntrySpec[],
        ): [EntrySpec, EntrySpec] => [
          die(DW_TAG.variant, [udata(DW_AT.discr_value, value)], [this.field(title, `${label} ${title}`, 0)]),
          die(
            DW_TAG.structure_type,
            [name(title), udata(DW_AT.byte_size, size)],
            fields,
            `${label} ${title}`,
          ),
        ];
        const [none, noneType] = variant(0, "None", []);
        const [some, someType] = variant(1, "Some", [this.field("__0", of, 1)]);
        const tag = die(
          DW_TAG.member,
          [ref(DW_AT.type, u8), udata(DW_AT.data_member_location, 0)],
          [],
          `${label} tag`,
        );
        const part = die(DW_TAG.variant_part, [ref(DW_AT.discr, `${label} tag`)], [tag, none, some]);
        this.library("core::option::Option<T>", size, [part, noneType, someType], label, of);
        return;
      }
      case "array": {
        const count = die(DW_TAG.subrange_type, [udata(DW_AT.count, type.count)]);
        this.entries.push(die(DW_TAG.array_type, [ref(DW_AT.type, this.type(type.of))], [count], label));
        return;
      }
      case "tuple": {
        let at = 0;
        const order = type.of.map((_, i) => i);
        const fields: EntrySpec[] = [];
        for (const i of type.turned ? order.reverse() : order) {
          fields.push(this.field(`__${i}`, this.type(type.of[i]!), at));
          at += this.sizeOf(type.of[i]!);
        }
        struct(`(${type.of.map(() => "T").join(", ")})`, fields);
      }
    }
  }
}

// What is shown

/** Text as Rust writes it in a literal. */
const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

/** Holds what is shown against the value: a leaf by its text, what holds others by each of them. */
export function check(type: RustType, wanted: RustValue, shown: Value): void {
  assert.equal(shown.missing, undefined);
  const named = (title: string): Value => {
    const found = shown.children?.named().find((child: Child) => child.name === title);
    assert.ok(found, `${shown.text()} has ${title}`);
    return found.value;
  };
  switch (type.kind) {
    case "integer":
      assert.equal(shown.text(), String(wanted));
      return;
    case "string":
    case "str":
      assert.equal(shown.text(), quoted(wanted as string));
      return;
    case "vec":
    case "deque":
    case "array": {
      const values = wanted as readonly RustValue[];
      assert.equal(shown.children!.indexedCount, values.length);
      const children = shown.children!.indexed(0, values.length + 1);
      assert.equal(children.length, values.length);
      for (const [i, value] of values.entries()) check(type.of, value, children[i]!.value);
      return;
    }
    case "rc":
      assert.equal(named("strong").text(), "2");
      assert.equal(named("weak").text(), "2");
      check(type.of, (wanted as { some: RustValue }).some, named("value"));
      return;
    case "option": {
      const { some } = wanted as { some: RustValue | undefined };
      if (some === undefined) assert.equal(shown.text(), "None");
      else check(type.of, some, named("0"));
      return;
    }
    case "tuple":
      for (const [i, part] of type.of.entries())
        check(part, (wanted as readonly RustValue[])[i]!, named(String(i)));
      return;
    case "box": {
      // A box is shown as what it holds; a leaf behind it is its child.
      const { some } = wanted as { some: RustValue };
      const leaf = type.of.kind === "integer" || type.of.kind === "box";
      check(type.of, some, leaf ? named("*") : shown);
    }
  }
}

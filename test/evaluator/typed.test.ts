/** Typed operations (DWARF 5 §2.5.1.6) on base types of every encoding and size, against JavaScript's own arithmetic. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { ByteWriter } from "../../engine/bytes/writer";
import { DW_AT, DW_ATE, DW_OP, DW_TAG } from "../../engine/dwarf/constants";
import { Missing, type MissingReason } from "../../engine/dwarf/missing";
import type { Place } from "../../engine/dwarf/place";
import { assemble, die, name, udata } from "../support/entry-tree";
import { evaluateBytes, i32, type MachineSpec, numberOf } from "./frame";

const { stack_value } = DW_OP;
const leb = (value: number | bigint): number[] => [...new ByteWriter().uleb(value).finish()];

type Kind = "signed" | "unsigned" | "float";
interface Base {
  readonly name: string;
  readonly kind: Kind;
  readonly size: number;
}

const integers = [1, 2, 4, 8].flatMap((size): Base[] => [
  { name: `s${size}`, kind: "signed", size },
  { name: `u${size}`, kind: "unsigned", size },
]);
const floats = [4, 8].map((size): Base => ({ name: `f${size}`, kind: "float", size }));
const bases = [...integers, ...floats];

const { debug, units, entry } = assemble([
  [
    {},
    [
      ...bases.map(({ name: text, kind, size }) =>
        die(DW_TAG.base_type, [
          name(text),
          udata(DW_AT.encoding, DW_ATE[kind]),
          udata(DW_AT.byte_size, size),
        ]),
      ),
      die(DW_TAG.structure_type, [name("struct"), udata(DW_AT.byte_size, 4)]),
    ],
  ],
]);
const typeOffset = (text: string): number[] => leb(entry(text).offset - units[0]!.offset);

/** A number of the type: an integer, or a float as JavaScript holds it. */
type Of<T extends Base> = T extends unknown ? bigint | number : never;

function encode(base: Base, value: Of<Base>): number[] {
  const view = new DataView(new ArrayBuffer(8));
  if (base.kind !== "float") view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  else if (base.size === 4) view.setFloat32(0, Number(value), true);
  else view.setFloat64(0, Number(value), true);
  return [...new Uint8Array(view.buffer, 0, base.size)];
}

const constant = (base: Base, value: Of<Base>): number[] => [
  DW_OP.const_type,
  ...typeOffset(base.name),
  base.size,
  ...encode(base, value),
];

function run(expression: readonly number[], spec: MachineSpec = {}): Place | Missing {
  return evaluateBytes(expression, spec, { debug, unit: units[0]! });
}

function bytes(place: Place | Missing): number[] {
  assert.ok(!(place instanceof Missing), place instanceof Missing ? place.text : "");
  assert.ok(place.kind === "value");
  return [...place.bytes];
}

function lacks(place: Place | Missing, reason: MissingReason): void {
  assert.ok(place instanceof Missing, "a value where there is none");
  assert.equal(place.reason, reason, place.text);
}

function numbers(base: Base): fc.Arbitrary<Of<Base>> {
  if (base.kind === "float") {
    const any = base.size === 4 ? fc.float({ noNaN: true }) : fc.double({ noNaN: true });
    return fc.oneof(any, fc.integer({ min: -300, max: 300 }));
  }
  const bits = BigInt(8 * base.size);
  return base.kind === "unsigned"
    ? fc.bigInt(0n, (1n << bits) - 1n)
    : fc.bigInt(-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n);
}

/** Integers as floats of 4 bytes, rounded once: Number() followed by Math.fround rounds twice. */
function nearestSingle(value: bigint): number {
  const near = Math.fround(Number(value));
  const scratch = new DataView(new ArrayBuffer(4));
  scratch.setFloat32(0, near);
  const bits = scratch.getUint32(0);
  const candidates = [bits - 1, bits, bits + 1].map((candidate) => {
    scratch.setUint32(0, candidate);
    return { number: scratch.getFloat32(0), even: candidate % 2 === 0 };
  });
  const distance = (number: number): bigint => {
    const difference = BigInt(number) - value;
    return difference < 0n ? -difference : difference;
  };
  return candidates
    .filter(({ number }) => Number.isInteger(number))
    .reduce((best, one) => {
      const closer = distance(one.number) - distance(best.number);
      return closer < 0n || (closer === 0n && one.even) ? one : best;
    }).number;
}

describe("typed operations", () => {
  for (const from of bases) {
    it(`DW_OP_const_type gives the constant's bytes: ${from.name}`, () => {
      fc.assert(
        fc.property(numbers(from), (value) => {
          assert.deepEqual(bytes(run([...constant(from, value), stack_value])), encode(from, value));
        }),
      );
    });

    it(`DW_OP_convert keeps the number: ${from.name} to every type`, () => {
      for (const to of bases) {
        fc.assert(
          fc.property(numbers(from), (value) => {
            const place = run([...constant(from, value), DW_OP.convert, ...typeOffset(to.name), stack_value]);
            const held = from.kind === "float" && from.size === 4 ? Math.fround(Number(value)) : value;
            if (to.kind === "float") {
              const single = typeof held === "bigint" && to.size === 4 && held !== 0n;
              assert.deepEqual(bytes(place), encode(to, single ? nearestSingle(held) : held));
              return;
            }
            const bits = 8 * to.size;
            if (typeof held === "bigint") {
              assert.deepEqual(bytes(place), encode(to, BigInt.asUintN(bits, held)));
              return;
            }
            const whole = Number.isFinite(held) ? BigInt(Math.trunc(held)) : undefined;
            const cut = to.kind === "signed" ? BigInt.asIntN : BigInt.asUintN;
            if (whole === undefined || cut(bits, whole) !== whole) lacks(place, "unsupported-operation");
            else assert.deepEqual(bytes(place), encode(to, whole));
          }),
          { numRuns: 60 },
        );
      }
    });
  }

  it("an i64 becomes the nearest f32, not the nearest of the nearest f64", () => {
    const [s8] = integers.filter(({ name: text }) => text === "s8");
    const value = 0x4000_0040_0000_0001n; // just above the middle of two floats, which an f64 cannot tell
    const place = run([...constant(s8!, value), DW_OP.convert, ...typeOffset("f4"), stack_value]);
    assert.deepEqual(bytes(place), encode(floats[0]!, 0x4000_0080_0000_0000));
  });

  it("DW_OP_convert 0 goes back to the generic type", () => {
    const [s1] = integers;
    assert.equal(numberOf(run([...constant(s1!, -3n), DW_OP.convert, 0, stack_value])), 0xffff_fffdn);
    const back = run([...constant(floats[1]!, -2.75), DW_OP.convert, 0, stack_value]);
    assert.equal(numberOf(back), 0xffff_fffen);
  });

  it("DW_OP_reinterpret keeps the bits between types of one size, and refuses another size", () => {
    for (const from of bases) {
      for (const to of bases) {
        const expression = [...constant(from, 1), DW_OP.reinterpret, ...typeOffset(to.name), stack_value];
        if (from.size === to.size) assert.deepEqual(bytes(run(expression)), encode(from, 1));
        else lacks(run(expression), "malformed");
      }
    }
    const generic = [...constant(floats[0]!, 1.5), DW_OP.reinterpret, 0, stack_value];
    assert.equal(numberOf(run(generic)), 0x3fc0_0000n);
  });

  it("arithmetic knows signs, widths and floats", () => {
    const type = (text: string): Base => bases.find((base) => base.name === text)!;
    const binary = (text: string, a: Of<Base>, b: Of<Base>, opcode: number): number[] =>
      bytes(run([...constant(type(text), a), ...constant(type(text), b), opcode, stack_value]));
    assert.deepEqual(binary("s1", -7n, 2n, DW_OP.div), encode(type("s1"), -3n));
    assert.deepEqual(binary("u1", 249n, 2n, DW_OP.div), encode(type("u1"), 124n));
    assert.deepEqual(binary("s2", -7n, 3n, DW_OP.mod), encode(type("s2"), -1n));
    assert.deepEqual(binary("s4", -8n, 1n, DW_OP.shra), encode(type("s4"), -4n));
    assert.deepEqual(binary("u1", 255n, 1n, DW_OP.plus), [0]);
    assert.deepEqual(binary("u8", 2n ** 63n, 2n, DW_OP.mul), encode(type("u8"), 0n));
    assert.deepEqual(binary("f8", 0.1, 0.2, DW_OP.plus), encode(type("f8"), 0.1 + 0.2));
    assert.deepEqual(binary("f4", 1, 3, DW_OP.div), encode(type("f4"), Math.fround(1 / 3)));
    const less = (text: string, a: Of<Base>, b: Of<Base>): bigint =>
      numberOf(run([...constant(type(text), a), ...constant(type(text), b), DW_OP.lt, stack_value]));
    assert.equal(less("s1", -1n, 1n), 1n);
    assert.equal(less("u1", 255n, 1n), 0n);
    assert.equal(less("f4", -0.5, 0.25), 1n);
  });

  it("two different types do not mix, and no float has bits to shift", () => {
    const [s1, u1] = integers as [Base, Base];
    lacks(run([...constant(s1, 1n), ...constant(u1, 1n), DW_OP.plus, stack_value]), "malformed");
    lacks(run([...constant(floats[0]!, 1), DW_OP.not, stack_value]), "malformed");
    lacks(run([...constant(floats[0]!, 1), ...constant(floats[0]!, 1), DW_OP.and, stack_value]), "malformed");
  });

  it("DW_OP_deref_type and xderef_type read a number of the type", () => {
    const memory = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 0xc0];
    const at = [DW_OP.const2u, 0x00, 0x10];
    const asLong = [DW_OP.convert, ...typeOffset("s8"), stack_value];
    for (const base of integers) {
      const wanted = bytes(
        run([...constant(base, BigInt(`0x${toHex(memory.slice(0, base.size))}`)), ...asLong]),
      );
      const type = [base.size, ...typeOffset(base.name)];
      assert.deepEqual(bytes(run([...at, DW_OP.deref_type, ...type, ...asLong], { memory })), wanted);
      assert.deepEqual(
        bytes(run([DW_OP.lit0, ...at, DW_OP.xderef_type, ...type, ...asLong], { memory })),
        wanted,
      );
    }
    const double = run([...at, DW_OP.deref_type, 8, ...typeOffset("f8"), stack_value], { memory });
    assert.deepEqual(bytes(double), memory);
  });

  it("a size that is not the type's is malformed", () => {
    const at = [DW_OP.const2u, 0x00, 0x10];
    const memory = [0xff, 0xff, 0xff, 0xff];
    lacks(run([...at, DW_OP.deref_type, 1, ...typeOffset("s4"), stack_value], { memory }), "malformed");
    lacks(run([DW_OP.const_type, ...typeOffset("s4"), 1, 0xff, stack_value]), "malformed");
  });

  it("types that are not there, or no base types, are malformed", () => {
    lacks(run([DW_OP.const_type, ...typeOffset("struct"), 1, 0, stack_value]), "malformed");
    lacks(run([DW_OP.const_type, ...leb(5000), 1, 0, stack_value]), "malformed");
    lacks(run([DW_OP.lit1, DW_OP.convert, ...leb(2n ** 70n), stack_value]), "malformed");
  });

  it("the GNU spellings are the same operations", () => {
    const [s1] = integers as [Base];
    const gnu = [DW_OP.GNU_const_type, ...typeOffset("s1"), 1, 0xfd];
    const asInt = [DW_OP.GNU_convert, ...typeOffset("s4"), stack_value];
    assert.deepEqual(bytes(run([...gnu, ...asInt])), [0xfd, 0xff, 0xff, 0xff]);
    const asUnsigned = [DW_OP.GNU_reinterpret, ...typeOffset("u1"), ...asInt];
    assert.deepEqual(bytes(run([...constant(s1, -3n), ...asUnsigned])), [0xfd, 0, 0, 0]);
    const memory = [0xfd];
    const read = [DW_OP.const2u, 0x00, 0x10, DW_OP.GNU_deref_type, 1, ...typeOffset("s1"), ...asInt];
    assert.deepEqual(bytes(run(read, { memory })), [0xfd, 0xff, 0xff, 0xff]);
  });

  it("another machine's registers are not guessed", () => {
    for (const opcode of [DW_OP.regval_type, DW_OP.GNU_regval_type])
      lacks(
        run([opcode, 0, ...typeOffset("s4"), stack_value], { locals: [i32(1)] }),
        "unsupported-operation",
      );
  });
});

function toHex(little: readonly number[]): string {
  return little
    .toReversed()
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

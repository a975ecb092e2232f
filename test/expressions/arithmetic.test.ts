/** Arithmetic of every integer width and sign, against BigInt's own. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { cBinary, cInteger, wrap } from "../../engine/expressions/c-arithmetic";
import { ExpressionError } from "../../engine/expressions/errors";
import { roundTo } from "../../engine/expressions/floats";
import { rustBinary } from "../../engine/expressions/rust-arithmetic";
import { type IntegerType, integer, type Scalar } from "../../engine/expressions/scalars";
import type { BinaryOperator } from "../../engine/expressions/syntax";

const OPERATORS = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"] as const;

function exact(operator: (typeof OPERATORS)[number], a: bigint, b: bigint): bigint {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<<":
      return a << b;
    default:
      return a >> b;
  }
}

const cut = (bits: number, signed: boolean, value: bigint): bigint =>
  signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);

function outcome(work: () => Scalar): bigint | "error" {
  try {
    const result = work();
    assert.ok(result.kind === "integer");
    return result.value;
  } catch (error) {
    if (error instanceof ExpressionError) return "error";
    throw error;
  }
}

/** Values of all sizes, those near the ends of the types among them. */
const raw = fc.oneof(
  fc.bigInt({ min: -(1n << 127n), max: (1n << 128n) - 1n }),
  fc.bigInt({ min: -130n, max: 130n }),
  fc
    .tuple(fc.integer({ min: 0, max: 127 }), fc.bigInt({ min: -2n, max: 2n }))
    .map(([n, d]) => (1n << BigInt(n)) + d),
);

describe("arithmetic", () => {
  for (const bits of [8, 16, 32, 64, 128]) {
    for (const signed of [true, false]) {
      const name = `${signed ? "i" : "u"}${bits}`;
      const type: IntegerType = { name, bits, signed };

      it(`of Rust's ${name} is exact, or an error where it overflows`, () => {
        fc.assert(
          fc.property(fc.constantFrom(...OPERATORS), raw, raw, (operator, left, right) => {
            const shift = operator === "<<" || operator === ">>";
            const a = cut(bits, signed, left);
            const b = shift ? cut(bits, signed, right % BigInt(2 * bits)) : cut(bits, signed, right);
            const given = outcome(() => rustBinary(operator, integer(a, type), integer(b, type), 0));
            const divides = operator === "/" || operator === "%";
            if ((divides && b === 0n) || (shift && (b < 0n || b >= BigInt(bits)))) return given === "error";
            // What overflows is the quotient, of a remainder as well.
            const value = exact(operator === "%" ? "/" : operator, a, b);
            if (!shift && cut(bits, signed, value) !== value) return given === "error";
            return given === cut(bits, signed, exact(operator, a, b));
          }),
        );
      });
    }
  }

  for (const [rank, bits] of [32, 32, 64, 128].entries()) {
    for (const signed of [true, false]) {
      const type = cInteger(rank, signed, 4);
      it(`of C's ${type.name} wraps around at ${bits} bits`, () => {
        assert.equal(type.bits, bits);
        fc.assert(
          fc.property(fc.constantFrom(...OPERATORS), raw, raw, (operator, left, right) => {
            const shift = operator === "<<" || operator === ">>";
            const a = cut(bits, signed, left);
            const b = shift ? cut(bits, signed, right % BigInt(2 * bits)) : cut(bits, signed, right);
            const given = outcome(() => cBinary(operator, integer(a, type), integer(b, type), 4, 0));
            const divides = operator === "/" || operator === "%";
            if ((divides && b === 0n) || (shift && (b < 0n || b >= BigInt(bits)))) return given === "error";
            if (divides && cut(bits, signed, a / b) !== a / b) return given === "error";
            return given === cut(bits, signed, exact(operator, a, b));
          }),
        );
      });
    }
  }

  it("of C brings two types to the one that the standard names", () => {
    const types = {
      char: { name: "char", bits: 8, signed: true },
      "unsigned short": { name: "unsigned short", bits: 16, signed: false },
      int: cInteger(0, true, 4),
      "unsigned int": cInteger(0, false, 4),
      long: cInteger(1, true, 4),
      "long long": cInteger(2, true, 4),
      "unsigned long long": cInteger(2, false, 4),
    };
    const table: readonly (readonly [keyof typeof types, keyof typeof types, string])[] = [
      ["char", "char", "int"],
      ["unsigned short", "char", "int"],
      ["unsigned int", "char", "unsigned int"],
      ["int", "long", "long"],
      // On wasm32 a long does not hold every unsigned int.
      ["unsigned int", "long", "unsigned long"],
      ["unsigned int", "long long", "long long"],
      ["long long", "unsigned long long", "unsigned long long"],
    ];
    for (const [left, right, wanted] of table) {
      for (const [a, b] of [
        [left, right],
        [right, left],
      ] as const) {
        const sum = cBinary("+", integer(1n, types[a]), integer(1n, types[b]), 4, 0);
        assert.equal(sum.kind === "integer" && sum.type.name, wanted, `${a} + ${b}`);
      }
    }
    const wide = cBinary("+", integer(1n, cInteger(0, false, 8)), integer(1n, cInteger(1, true, 8)), 8, 0);
    assert.equal(
      wide.kind === "integer" && wide.type.name,
      "long",
      "a long of wasm64 holds every unsigned int",
    );
  });

  it("converts a negative int to the unsigned type that it meets", () => {
    const comparands = cBinary(
      "+" as BinaryOperator,
      integer(-1n, cInteger(0, true, 4)),
      integer(0n, cInteger(0, false, 4)),
      4,
      0,
    );
    assert.deepEqual(comparands.kind === "integer" && comparands.value, wrap(-1n, cInteger(0, false, 4)));
  });

  it("rounds whole numbers to floats once", () => {
    // Rounded to a double first, this would lie halfway between two floats and go to the even one below.
    const value = (1n << 60n) + (1n << 36n) + 1n;
    assert.equal(roundTo(value, 4), 2 ** 60 + 2 ** 37);
    assert.equal(roundTo(-value, 4), -(2 ** 60) - 2 ** 37);
    fc.assert(fc.property(fc.integer(), (small) => roundTo(BigInt(small), 4) === Math.fround(small)));
  });
});

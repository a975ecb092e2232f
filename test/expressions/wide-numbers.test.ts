/** Numbers that are wider than JavaScript's, and Rust's kinds of overflow: against what doubles and BigInt compute. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { complexResult, complexType } from "../../engine/expressions/complex";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import { toNumber, wholePart, wideFrom, wideOrder, wideResult } from "../../engine/expressions/wide-floats";
import { frameOf } from "./frames";
import { check } from "./table";

const LONG_DOUBLE = { name: "long double", size: 16 } as const;
const OPERATORS = ["+", "-", "*", "/"] as const;
const inDoubles = (operator: (typeof OPERATORS)[number], a: number, b: number): number =>
  ({ "+": a + b, "-": a - b, "*": a * b, "/": a / b })[operator];

describe("long double", () => {
  // Binary128 has more than twice a double's digits: rounded to it first, a result is rounded to a double as if once.
  it("computes what doubles compute, rounded to a double", () => {
    fc.assert(
      fc.property(fc.constantFrom(...OPERATORS), fc.double(), fc.double(), (operator, a, b) => {
        const result = wideResult(operator, wideFrom(a, LONG_DOUBLE), wideFrom(b, LONG_DOUBLE));
        assert.ok(Object.is(toNumber(result, 8), inDoubles(operator, a, b)), `${a} ${operator} ${b}`);
      }),
      { numRuns: 2000 },
    );
  });

  it("is ordered as doubles are, and holds every whole number of 113 bits", () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        const order = wideOrder(wideFrom(a, LONG_DOUBLE), wideFrom(b, LONG_DOUBLE));
        assert.equal(
          Number.isNaN(order) ? "none" : Math.sign(order),
          a < b ? -1 : a > b ? 1 : a === b ? 0 : "none",
        );
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(-(1n << 113n), 1n << 113n), (value) => {
        assert.equal(wholePart(wideFrom(value, LONG_DOUBLE)), value);
      }),
    );
  });

  it("is computed with in a program's frame", () => {
    check("c-forms-clang22-o0-dwarf5", "numbers", [
      ["quad", "-2.5 : long double"],
      ["quad * 2 + 1", "-4 : long double"],
      ["quad < 0 && !(quad == 0)", "1 : int"],
      ["(int)quad", "-2 : int"],
      ["beyond > 1e308", "1 : int"],
      ["beyond / beyond", "1 : long double"],
      ["-quad / 1e4000L > 0", "1 : int"],
    ]);
  });
});

describe("complex numbers", () => {
  it("are computed with in a program's frame", () => {
    check("c-forms-clang22-o0-dwarf5", "numbers", [
      // (1.5 - 2i) · (1.5 - 2i) is -1.75 - 6i.
      ["small_complex * small_complex", "-1.75 - 6i : float _Complex"],
      ["small_complex + 1", "2.5 - 2i : float _Complex"],
      ["small_complex / small_complex", "1 + 0i : float _Complex"],
      ["~small_complex", "1.5 + 2i : float _Complex"],
      ["__imag__ small_complex", "-2 : float"],
      ["creal(small_complex)", "1.5 : double"],
      ["small_complex == small_complex", "1 : int"],
      ["small_complex == 1.5", "0 : int"],
      ["small_complex < 1", /has no meaning$/],
    ]);
  });

  it("divide what was multiplied", () => {
    const whole = fc.integer({ min: -1000, max: 1000 });
    const type = complexType(8);
    fc.assert(
      fc.property(whole, whole, whole, whole, (a, b, c, d) => {
        fc.pre(c !== 0 || d !== 0);
        const [x, y] = [
          { real: a, imaginary: b, type },
          { real: c, imaginary: d, type },
        ];
        // Products of small whole numbers are exact, and so is what they are divided into again.
        const { real, imaginary } = complexResult("/", complexResult("*", x, y), y);
        assert.ok(
          Math.abs(real - a) < 1e-9 && Math.abs(imaginary - b) < 1e-9,
          `(${a} + ${b}i) · (${c} + ${d}i)`,
        );
      }),
    );
  });
});

describe("Rust's kinds of overflow", () => {
  const frame = (): ReturnType<typeof frameOf> => frameOf("rust-shapes", "compounds");
  const signed = fc.bigInt(-(2n ** 31n), 2n ** 31n - 1n);

  it("are those of BigInt cut to the type", () => {
    const exact: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
      add: (a, b) => a + b,
      sub: (a, b) => a - b,
      mul: (a, b) => a * b,
    };
    const here = frame();
    fc.assert(
      fc.property(fc.constantFrom("add", "sub", "mul"), signed, signed, (operation, a, b) => {
        const value = exact[operation]!(a, b);
        const cut = BigInt.asIntN(32, value);
        const call = (kind: string): string =>
          evaluateInFrame(`(${a}i32).${kind}_${operation}(${b})`, here).text();
        assert.equal(call("wrapping"), String(cut));
        assert.equal(call("checked"), cut === value ? `Some(${value})` : "None");
        assert.equal(call("overflowing"), `(${cut}, ${cut !== value})`);
        const [low, high] = [-(2n ** 31n), 2n ** 31n - 1n];
        assert.equal(call("saturating"), String(value < low ? low : value > high ? high : value));
      }),
      { numRuns: 150 },
    );
  });
});

/**
 * Floating-point numbers as text, against JavaScript's own for 8 bytes, and against exact fractions for the others:
 * what is written must be read back as the same number, and no shorter text may be.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  BINARY_FORMATS,
  type BinaryFormat,
  binaryFloatText,
  withoutIntegerBit,
} from "../../engine/values/binary-floats";

/** The number nearest to a decimal text, ties to even, by exact fractions: an independent reader. */
function read(text: string, { exponentBits, fractionBits }: BinaryFormat): bigint {
  const [, sign, whole, fraction = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text)!;
  const scale = Number(power) - fraction.length;
  let top = BigInt(whole + fraction);
  let bottom = 1n;
  if (scale >= 0) top *= 10n ** BigInt(scale);
  else bottom = 10n ** BigInt(-scale);
  const bias = 2 ** (exponentBits - 1) - 1;
  let exponent = top.toString(2).length - bottom.toString(2).length - fractionBits - 1;
  const least = 1 - bias - fractionBits;
  for (;;) {
    exponent = Math.max(exponent, least);
    const a = exponent < 0 ? top << BigInt(-exponent) : top;
    const b = exponent > 0 ? bottom << BigInt(exponent) : bottom;
    let mantissa = a / b;
    const twice = 2n * (a % b);
    if (twice > b || (twice === b && mantissa % 2n === 1n)) mantissa++;
    if (mantissa >> BigInt(fractionBits + 1) === 0n) {
      const hidden = 1n << BigInt(fractionBits);
      const biased = mantissa < hidden ? 0n : BigInt(exponent + bias + fractionBits);
      const bits = (biased << BigInt(fractionBits)) | (mantissa & (hidden - 1n));
      return sign === "-" ? bits | (1n << BigInt(exponentBits + fractionBits)) : bits;
    }
    exponent++;
  }
}

/** The digits that count, without sign, point and zeros around them. */
const significant = (text: string): string =>
  text
    .replace(/e.*$/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+|0+$/g, "");

describe("floating-point text", () => {
  it("of 8 bytes is what JavaScript writes", () => {
    const view = new DataView(new ArrayBuffer(8));
    const number = fc.oneof(
      fc.double({ noNaN: true }),
      fc.maxSafeInteger(),
      fc.double({ min: -1e-300, max: 1e-300, noNaN: true }),
    );
    fc.assert(
      fc.property(number, (value) => {
        view.setFloat64(0, value);
        const wanted = Object.is(value, -0) ? "-0" : String(value).replace("Infinity", "inf");
        assert.equal(binaryFloatText(view.getBigUint64(0), BINARY_FORMATS[8]!), wanted);
      }),
      { numRuns: 3000 },
    );
  });

  it("between two texts that are as short and as near ends in an even digit", () => {
    const view = new DataView(new ArrayBuffer(8));
    for (const value of [136391361557412.62, 2 ** 46 + 0.125, 2 ** 46 + 0.375, 5e-324]) {
      view.setFloat64(0, value);
      assert.equal(binaryFloatText(view.getBigUint64(0), BINARY_FORMATS[8]!), String(value));
    }
  });

  for (const size of [2, 4, 16] as const) {
    it(`of ${size} bytes is read back as the same number, and no shorter text is`, () => {
      const format = BINARY_FORMATS[size]!;
      const bits = fc.oneof(
        fc.bigInt({ min: 0n, max: (1n << BigInt(8 * size)) - 1n }),
        fc
          .tuple(
            fc.nat(2 ** format.exponentBits - 2),
            fc.constantFrom(0n, 1n, (1n << BigInt(format.fractionBits)) - 1n),
          )
          .map(([exponent, fraction]) => (BigInt(exponent) << BigInt(format.fractionBits)) | fraction),
      );
      fc.assert(
        fc.property(bits, (value) => {
          const text = binaryFloatText(value, format);
          if (/NaN|inf/.test(text)) return;
          assert.equal(read(text, format), value);
          const digits = significant(text);
          if (digits.length < 2) return;
          const [, sign = "", power = ""] = /^(-?).*?(?:e(.*))?$/.exec(text)!;
          // One digit fewer, rounded down and up, is another number.
          const lead = text.replace(/e.*$/, "").replace("-", "");
          const point =
            (lead.includes(".") ? lead.indexOf(".") : lead.length) -
            (/^0\.(0*)/.exec(lead)?.[1]?.length ?? 0);
          const first = lead.startsWith("0.") ? point - 1 : point;
          const fewer = digits.length - 1;
          for (const next of [BigInt(digits.slice(0, fewer)), BigInt(digits.slice(0, fewer)) + 1n]) {
            const shorter = `${sign}${next}e${first - fewer + Number(power) < 0 ? "" : "+"}${first - fewer + Number(power)}`;
            assert.notEqual(read(shorter, format), value, `${shorter} is ${text} as well`);
          }
        }),
        { numRuns: size === 16 ? 300 : 1500 },
      );
    });
  }

  it("of 10 bytes, which have the bit in front of the fraction, are read without it", () => {
    const shown = (hex: string): string | undefined => {
      const bits = withoutIntegerBit(BigInt(`0x${hex}`));
      return bits === undefined ? undefined : binaryFloatText(bits, BINARY_FORMATS[10]!);
    };
    // Intel's manual, volume 1, table 4-2; pi as fldpi loads it, to the digits that tell it apart.
    assert.equal(shown("3fff8000000000000000"), "1");
    assert.equal(shown("c000a000000000000000"), "-2.5");
    assert.equal(shown("4000c90fdaa22168c235"), "3.1415926535897932385");
    assert.equal(shown("7fff8000000000000000"), "inf");
    assert.equal(shown("ffffc000000000000000"), "NaN");
    assert.equal(shown("80000000000000000000"), "-0");
    assert.equal(shown("3fff0000000000000000"), undefined, "an unnormal number, which no operation gives");
  });

  it("of 16 bytes is what C prints", () => {
    const shown = (hex: string): string => binaryFloatText(BigInt(`0x${hex}`), BINARY_FORMATS[16]!);
    // The bytes are clang's, the digits those of the C constants.
    assert.equal(shown("3ffd5555555555555555555555555555"), "0.3333333333333333333333333333333333");
    assert.equal(shown("3ffb999999999999999999999999999a"), "0.1");
    assert.equal(shown("4000921fb54442d18469898cc51701b8"), "3.1415926535897932384626433832795028");
    assert.equal(shown("7ffeffffffffffffffffffffffffffff"), "1.189731495357231765085759326628007e+4932");
    assert.equal(shown("00000000000000000000000000000001"), "6e-4966");
    assert.equal(shown("ffff0000000000000000000000000000"), "-inf");
    assert.equal(shown("7fff8000000000000000000000000000"), "NaN");
    assert.equal(shown("80000000000000000000000000000000"), "-0");
    assert.equal(shown("c0004000000000000000000000000000"), "-2.5");
  });
});

/** Numbers in a panic's message are written as Rust writes them: texts by Rust's own documentation and tests of core::fmt. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { floatText } from "../../engine/postmortem/reason/rust-float";
import { DEFAULT_OPTIONS, type Options, optionsOf } from "../../engine/postmortem/reason/rust-options";

const double = (value: number): Uint8Array => new Uint8Array(Float64Array.of(value).buffer);
const single = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);
const shown = (bytes: Uint8Array, options: Partial<Options> = {}) => [
  floatText(bytes, "Display", { ...DEFAULT_OPTIONS, ...options }),
  floatText(bytes, "Debug", { ...DEFAULT_OPTIONS, ...options }),
];

describe("a floating-point number in a panic's message", () => {
  it("is the shortest text, with an exponent in Debug's alone", () => {
    assert.deepEqual(shown(double(1)), ["1", "1.0"]);
    assert.deepEqual(shown(double(-0)), ["-0", "-0.0"]);
    assert.deepEqual(shown(double(0.1 + 0.2)), ["0.30000000000000004", "0.30000000000000004"]);
    assert.deepEqual(shown(double(1e16)), ["10000000000000000", "1e16"]);
    assert.deepEqual(shown(double(1.5e-7)), ["0.00000015", "1.5e-7"]);
    assert.deepEqual(shown(single(0.1)), ["0.1", "0.1"]);
    assert.deepEqual(shown(single(16777216)), ["16777216", "16777216.0"]);
    assert.deepEqual(shown(double(Number.NEGATIVE_INFINITY)), ["-inf", "-inf"]);
    assert.deepEqual(shown(double(Number.NaN), { plus: true, zeroPad: true, width: 5 }), ["  NaN", "  NaN"]);
  });

  it("is rounded to a precision, and left out halfway between, where versions of Rust differ", () => {
    assert.deepEqual(shown(double(0.35), { precision: 1 }), ["0.3", "0.3"]);
    assert.deepEqual(shown(double(2.5), { precision: 0 }), [undefined, undefined]);
    assert.deepEqual(shown(double(2.71961), { precision: 2, width: 8, zeroPad: true }), [
      "00002.72",
      "00002.72",
    ]);
  });

  it("refuses bits that are no options", () => {
    assert.equal(optionsOf(0x8000_0020, 0, 0), undefined);
    assert.equal(optionsOf(0x6000_0000 | 0xd800, 0, 0), undefined);
  });
});

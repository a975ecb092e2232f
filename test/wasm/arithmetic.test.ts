/** What numeric instructions compute, held against V8, which runs them. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { ByteWriter } from "../../engine/bytes/writer";
import { floatNumber, numericResult, type WasmValue } from "../../engine/wasm/arithmetic";
import { opcodes } from "../../engine/wasm/opcodes";
import { body, isValid, moduleOf, vectorSection } from "./support/module-builder";

type NumberType = "i32" | "i64" | "f32" | "f64";
const codes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };
const types: readonly NumberType[] = ["i32", "i64", "f32", "f64"];

/** f32 travels as the bits of an i32 and f64 as an i64's, so that JavaScript does not touch them. */
const carrier = { i32: "i32", i64: "i64", f32: "i32", f64: "i64" } as const;
const fromBits: Partial<Record<NumberType, number>> = { f32: 0xbe, f64: 0xbf };
const toBits: Partial<Record<NumberType, number>> = { f32: 0xbc, f64: 0xbd };

type Run = (...operands: (number | bigint)[]) => number | bigint;

/** A function that runs one instruction on bits; undefined when these are not its types. */
function compiled(code: number[], operands: readonly NumberType[], result: NumberType): Run | undefined {
  const instructions = operands.flatMap((type, i) => {
    const convert = fromBits[type];
    return convert === undefined ? [0x20, i] : [0x20, i, convert];
  });
  const back = toBits[result];
  const parameters = operands.map((type) => codes[carrier[type]]);
  const bytes = moduleOf(
    vectorSection(1, [0x60, parameters.length, ...parameters, 1, codes[carrier[result]]]),
    vectorSection(3, [0]),
    vectorSection(7, new ByteWriter().name("f").u8(0).uleb(0)),
    vectorSection(10, body(0, ...instructions, ...code, ...(back === undefined ? [] : [back]), 0x0b)),
  ).slice();
  if (!isValid(bytes)) return undefined;
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports["f"] as unknown as Run;
}

const integers: Readonly<Record<"i32" | "i64", fc.Arbitrary<bigint>>> = {
  i32: fc.oneof(
    fc.bigInt(0n, (1n << 32n) - 1n),
    fc.constantFrom(0n, 1n, 31n, 32n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn),
  ),
  i64: fc.oneof(
    fc.bigInt(0n, (1n << 64n) - 1n),
    // Around the halves between two f32 and two f64, where rounding twice goes wrong.
    fc
      .bigInt(0n, 40n)
      .chain((shift) => fc.bigInt(-2n, 2n).map((d) => BigInt.asUintN(64, (0x1000001n << shift) + d))),
    fc.constantFrom(0n, 1n, 63n, 64n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n),
  ),
};

const floatBits = (type: "f32" | "f64"): fc.Arbitrary<bigint> => {
  const view = new DataView(new ArrayBuffer(8));
  const bits = (value: number): bigint => {
    if (type === "f64") {
      view.setFloat64(0, value);
      return view.getBigUint64(0);
    }
    view.setFloat32(0, value);
    return BigInt(view.getUint32(0));
  };
  const special = [
    0,
    -0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    2147483647.5,
    -2147483648.5,
    2 ** 63,
    -(2 ** 63),
    2 ** 64,
  ];
  return fc.oneof(
    integers[type === "f32" ? "i32" : "i64"],
    fc.double().map(bits),
    fc.constantFrom(...[...special, Number.NaN, Number.POSITIVE_INFINITY].map(bits)),
  );
};

const values: Readonly<Record<NumberType, fc.Arbitrary<bigint>>> = {
  ...integers,
  f32: floatBits("f32"),
  f64: floatBits("f64"),
};

const width = (type: NumberType): 32 | 64 => (type.endsWith("64") ? 64 : 32);
const carried = (type: NumberType, bits: bigint): number | bigint =>
  width(type) === 64 ? BigInt.asIntN(64, bits) : Number(BigInt.asIntN(32, bits));
const isNaNValue = (value: WasmValue): boolean =>
  value.type.startsWith("f") && Number.isNaN(floatNumber(value));

function check(mnemonic: string, run: Run, operands: readonly NumberType[], result: NumberType): void {
  fc.assert(
    fc.property(fc.tuple(...operands.map((type) => values[type])), (bits) => {
      const given = operands.map((type, i): WasmValue => ({ type, bits: bits[i]! }));
      const ours = numericResult(mnemonic, given);
      let theirs: WasmValue | undefined;
      try {
        const value = BigInt(run(...operands.map((type, i) => carried(type, bits[i]!))));
        theirs = { type: result, bits: BigInt.asUintN(width(result), value) };
      } catch {
        assert.equal(ours, undefined, `${mnemonic} of ${bits} traps`);
        return;
      }
      if (ours === undefined) assert.ok(given.some(isNaNValue), `${mnemonic} of ${bits} has a result`);
      else if (!(isNaNValue(ours) && isNaNValue(theirs)))
        assert.deepEqual(ours, theirs, `${mnemonic} of ${bits}`);
    }),
    { numRuns: 150, seed: 20 },
  );
}

describe("what numeric instructions compute", () => {
  for (const { mnemonic, code, immediates } of opcodes.values()) {
    const [result] = types.filter((type) => mnemonic.startsWith(`${type}.`));
    if (result === undefined || immediates.length > 0) continue;
    if (/^i64\.(add128|sub128|mul_wide_[su])$/.test(mnemonic)) continue;
    it(`is what V8 computes: ${mnemonic}`, () => {
      const bytes = code > 0xff ? [code >> 16, code & 0xffff] : [code];
      let checked = 0;
      for (const left of types)
        for (const right of [undefined, ...types])
          for (const to of types) {
            const operands = right === undefined ? [left] : [left, right];
            const run = compiled(bytes, operands, to);
            if (run === undefined) continue;
            check(mnemonic, run, operands, to);
            checked++;
          }
      assert.equal(checked, 1);
    });
  }
});

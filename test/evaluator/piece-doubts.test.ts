import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { DW_OP } from "../../engine/dwarf/constants";
import { Missing } from "../../engine/dwarf/missing";
import { Storage } from "../../engine/values/storage";
import { evaluateBytes, i32, i64, type MachineSpec, machineOf } from "./frame";

const { WASM_location, stack_value, piece, lit0, lit8, shr, constu } = DW_OP;

const local = (index: number): number[] => [WASM_location, 0, index];
const part = (bytes: number, ...expression: number[]): number[] => [
  ...expression,
  ...(expression.length === 0 ? [] : [stack_value]),
  piece,
  bytes,
];

const stored = (expression: readonly number[], spec: MachineSpec = {}): Storage =>
  new Storage(evaluateBytes(expression, spec), machineOf(spec));

const reasonOf = (read: unknown): string | undefined => (read instanceof Missing ? read.reason : undefined);

describe("Pieces that cannot be what the program stored", () => {
  it("a number whose upper bytes are its lower ones once more is missing, its members are not", () => {
    // clang 22 -O2 of `union { unsigned char low; long long all; } u = { .low = 3 }`.
    const union = stored([...part(1, ...local(2)), ...part(7, ...local(2))], {
      locals: [i32(0), i32(0), i64(3n)],
    });
    assert.equal(union.readBits(8), 3n);
    assert.equal(reasonOf(union.readBits(64)), "misdescribed");
  });

  it("an upper half that another local has whole is missing", () => {
    const halves = stored([...part(4, ...local(0)), ...part(4, ...local(1))], {
      locals: [i64(0xfffffc6en), i64(0x2_fffffc6en)],
    });
    assert.equal(reasonOf(halves.readBits(64)), "misdescribed");
  });

  it("halves that are the same by the sign, by a shift, or as wide as their pieces, are what they are", () => {
    const number = (bits: number, expression: number[], spec: MachineSpec): unknown =>
      stored(expression, spec).readBits(bits);
    const sign = [...part(4, ...local(0)), ...part(4, DW_OP.lit0, DW_OP.not), ...part(8, lit0, DW_OP.not)];
    assert.equal(number(128, sign, { locals: [i32(-3)] }), (1n << 128n) - 3n);
    const shifted = [...part(1, ...local(0)), ...part(1, ...local(0), lit8, shr)];
    assert.equal(number(16, shifted, { locals: [i32(0x0101)] }), 0x0101n);
    const wide = [...part(8, ...local(0)), ...part(8, ...local(1))];
    assert.equal(number(128, wide, { locals: [i64(5n), i64(5n)] }), (5n << 64n) | 5n);
  });

  it("a bit-field is missing whose storage unit is the zero that its stores begin with", () => {
    // clang 22 -O2 of `struct { char a; unsigned short b : 8; signed char c : 1; int d : 21; }`, all four stored to.
    const lost = stored([...part(3), ...part(1, lit0), ...part(4, lit0)]);
    assert.equal(reasonOf(lost.bitField(32, 21).readBits(21)), "misdescribed");
    assert.equal(lost.at(4).readBits(32), 0n);
  });

  it("a zero that was computed, or stored along with other bits, is shown where the unit begins", () => {
    const unit = stored(part(1, ...local(0), DW_OP.lit7, DW_OP.and), { locals: [i32(0x18)] });
    assert.equal(unit.bitField(0, 3).readBits(3), 0n);
    assert.equal(
      stored(part(1, constu, 0x38))
        .bitField(0, 3)
        .readBits(3),
      0n,
    );
  });

  it("a bit-field that was added to its unit by a store that is forgotten is missing, the one before it is not", () => {
    // clang 22 -O2 of `struct { int a : 6; long long b : 37; }`, both stored to: b is nowhere.
    const unit = stored(part(8, ...local(0)), { locals: [i64(5n)] });
    assert.equal(unit.bitField(0, 6).readBits(6), 5n);
    assert.equal(reasonOf(unit.bitField(6, 37).readBits(37)), "misdescribed");
    assert.equal(
      stored(part(8, constu, 0xc5, 0x01))
        .bitField(6, 37)
        .readBits(37),
      3n,
    );
  });
});

/** Every operation against the arithmetic that the standard describes, done here with bigints. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { codeOffset } from "../../engine/bytes/offsets";
import { ByteWriter } from "../../engine/bytes/writer";
import { DW_OP } from "../../engine/dwarf/constants";
import type { Machine } from "../../engine/dwarf/machine";
import { Missing } from "../../engine/dwarf/missing";
import type { Place } from "../../engine/dwarf/place";
import { evaluateBytes, i32, i64, machineOf, numberOf, unitOfVersion } from "./frame";

const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
const s32 = (value: bigint): bigint => BigInt.asIntN(32, value);
const local = (index: number): number[] => [DW_OP.WASM_location, 0, index];
const { stack_value } = DW_OP;
const leb = (value: number | bigint): number[] => [...new ByteWriter().uleb(value).finish()];

const binaries: readonly [number, (a: bigint, b: bigint) => bigint | undefined][] = [
  [DW_OP.plus, (a, b) => a + b],
  [DW_OP.minus, (a, b) => a - b],
  [DW_OP.mul, (a, b) => a * b],
  [DW_OP.and, (a, b) => a & b],
  [DW_OP.or, (a, b) => a | b],
  [DW_OP.xor, (a, b) => a ^ b],
  [DW_OP.div, (a, b) => (s32(b) === 0n ? undefined : s32(a) / s32(b))],
  [DW_OP.mod, (a, b) => (b === 0n || s32(a) < 0n || s32(b) < 0n ? undefined : a % b)],
  [DW_OP.shl, (a, b) => (b >= 32n ? 0n : a << b)],
  [DW_OP.shr, (a, b) => (b >= 32n ? 0n : a >> b)],
  [DW_OP.shra, (a, b) => s32(a) >> (b >= 32n ? 32n : b)],
  [DW_OP.eq, (a, b) => (a === b ? 1n : 0n)],
  [DW_OP.ne, (a, b) => (a !== b ? 1n : 0n)],
  [DW_OP.lt, (a, b) => (s32(a) < s32(b) ? 1n : 0n)],
  [DW_OP.le, (a, b) => (s32(a) <= s32(b) ? 1n : 0n)],
  [DW_OP.gt, (a, b) => (s32(a) > s32(b) ? 1n : 0n)],
  [DW_OP.ge, (a, b) => (s32(a) >= s32(b) ? 1n : 0n)],
];

const anyInt = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer());

describe("operations of location expressions", () => {
  for (const [opcode, model] of binaries) {
    const name = Object.entries(DW_OP).find(([, value]) => value === opcode)![0];
    it(`DW_OP_${name} wraps around as an address does`, () => {
      fc.assert(
        fc.property(anyInt, anyInt, (a, b) => {
          const wanted = model(u32(BigInt(a)), u32(BigInt(b)));
          if (wanted === undefined) return;
          const place = evaluateBytes([...local(0), ...local(1), opcode, stack_value], {
            locals: [i32(a), i32(b)],
          });
          assert.equal(numberOf(place), u32(wanted));
        }),
      );
    });
  }

  it("DW_OP_neg, not and abs", () => {
    fc.assert(
      fc.property(anyInt, (a) => {
        const at = (opcode: number): bigint =>
          numberOf(evaluateBytes([...local(0), opcode, stack_value], { locals: [i32(a)] }));
        const value = BigInt(a);
        assert.equal(at(DW_OP.neg), u32(-value));
        assert.equal(at(DW_OP.not), u32(~value));
        assert.equal(at(DW_OP.abs), u32(value < 0n ? -value : value));
      }),
    );
  });

  it("division by zero is malformed, not a number", () => {
    const place = evaluateBytes([DW_OP.lit1, DW_OP.lit0, DW_OP.div, stack_value]);
    assert.ok(place instanceof Missing && place.reason === "malformed");
  });

  it("constants of every form", () => {
    for (const [bytes, wanted] of [
      [[DW_OP.lit31], 31n],
      [[DW_OP.const1u, 0xff], 0xffn],
      [[DW_OP.const1s, 0xff], -1n],
      [[DW_OP.const2u, 0xfe, 0xff], 0xfffen],
      [[DW_OP.const2s, 0xfe, 0xff], -2n],
      [[DW_OP.const4u, 1, 2, 3, 0x84], 0x84030201n],
      [[DW_OP.const4s, 0xfd, 0xff, 0xff, 0xff], -3n],
      [[DW_OP.const8u, 1, 0, 0, 0, 0, 0, 0, 0x80], 0x8000000000000001n],
      [[DW_OP.const8s, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -1n],
      [[DW_OP.constu, 0x80, 0x01], 128n],
      [[DW_OP.consts, 0x7f], -1n],
      [[DW_OP.constx, 1], 0x2000n],
    ] as const) {
      assert.equal(numberOf(evaluateBytes([...bytes, stack_value]), 64), BigInt.asUintN(64, wanted));
    }
  });

  it("stack shuffling: dup, drop, over, pick, swap, rot", () => {
    const run = (...operations: number[]): bigint =>
      numberOf(evaluateBytes([DW_OP.lit1, DW_OP.lit2, DW_OP.lit3, ...operations, stack_value]));
    assert.equal(run(DW_OP.dup, DW_OP.plus), 6n);
    assert.equal(run(DW_OP.drop), 2n);
    assert.equal(run(DW_OP.over), 2n);
    assert.equal(run(DW_OP.pick, 2), 1n);
    assert.equal(run(DW_OP.swap), 2n);
    assert.equal(run(DW_OP.rot), 2n);
    assert.equal(run(DW_OP.rot, DW_OP.drop, DW_OP.drop), 3n);
  });

  it("branches: the taken way and the other", () => {
    const choose = (condition: number): bigint =>
      numberOf(
        evaluateBytes([condition, DW_OP.bra, 4, 0, DW_OP.lit10, DW_OP.skip, 1, 0, DW_OP.lit20, stack_value]),
      );
    assert.equal(choose(DW_OP.lit0), 10n);
    assert.equal(choose(DW_OP.lit1), 20n);
  });

  it("an endless loop ends with a reason", () => {
    const place = evaluateBytes([DW_OP.skip, 0xfd, 0xff]);
    assert.ok(place instanceof Missing && place.reason === "malformed");
  });

  it("an i64 local keeps its 64 bits through arithmetic", () => {
    const place = evaluateBytes([...local(0), DW_OP.lit1, DW_OP.minus, stack_value], {
      locals: [i64(0x1_0000_0000n)],
    });
    assert.equal(numberOf(place, 64), 0xffff_ffffn);
  });

  it("DWARF 4's spelling of a sign extension gives all 64 bits", () => {
    const widen = [...local(0), DW_OP.dup, DW_OP.constu, 31, DW_OP.shr, DW_OP.lit0, DW_OP.not, DW_OP.mul];
    const place = evaluateBytes([...widen, DW_OP.constu, 32, DW_OP.shl, DW_OP.or, stack_value], {
      locals: [i32(-5)],
    });
    assert.equal(numberOf(place, 64), BigInt.asUintN(64, -5n));
  });

  it("what lies at a bare local that can be an address is in memory: arguments passed by pointer, arrays", () => {
    const argument = evaluateBytes(local(0), { locals: [i32(0x1000)] });
    assert.ok(!(argument instanceof Missing) && argument.kind === "memory");
    assert.equal(argument.address, 0x1000);
    assert.equal(numberOf(evaluateBytes([...local(0), stack_value], { locals: [i32(0x1000)] })), 0x1000n);
  });

  it("a local that the code has assigned since is of another value", () => {
    const locals = [i32(0x1000), i32(0x2000), i32(0x3000)];
    // Local 1 by local.set at 0x20, local 2 by local.tee at 0x20.
    const machine: Machine = {
      ...machineOf({ locals }),
      localWrittenSince: (index, from, by) =>
        index >= (by === "overlooked" ? 2 : 1) && from !== "first" && from <= 0x20,
    };
    const place = (index: number, value: boolean, from: number, throughout = false): Place | Missing =>
      evaluateBytes(
        [...local(index), ...(value ? [stack_value] : [])],
        {},
        { machine, holds: { from: codeOffset(from), throughout, isLast: () => true } },
      );
    const known = (...at: Parameters<typeof place>): boolean => !(place(...at) instanceof Missing);
    for (const value of [true, false]) {
      assert.ok(known(0, value, 0x10));
      assert.equal(known(1, value, 0x10), value); // the location of a value would have ended
      assert.ok(!known(2, value, 0x10));
      assert.ok(known(2, value, 0x21));
      // Said of the whole scope, the location of a value does not end either.
      assert.ok(known(0, value, 0x10, true));
      assert.ok(!known(1, value, 0x10, true));
      assert.ok(known(1, value, 0x21, true));
    }
  });

  it("an operand that the code has popped since is no more", () => {
    const known = (index: number, from: number): boolean => {
      const holds = { from: codeOffset(from), throughout: false, isLast: () => true };
      const machine: Machine = {
        ...machineOf({ operands: [i32(7), i32(8)] }),
        operandPoppedSince: (operand, since) => operand >= 1 && since < 0x20,
      };
      const place = evaluateBytes([DW_OP.WASM_location, 2, index, stack_value], {}, { machine, holds });
      if (place instanceof Missing) assert.equal(place.reason, "optimized-out");
      return !(place instanceof Missing);
    };
    assert.ok(known(0, 0x10));
    assert.ok(!known(1, 0x10));
    assert.ok(known(1, 0x20));
  });

  it("a bare local that cannot be an address is a register", () => {
    const place = evaluateBytes(local(0), { locals: [i64(7n)] });
    assert.ok(!(place instanceof Missing) && place.kind === "register");
    assert.equal(numberOf(place), 7n);
  });

  it("a Wasm location that is added to is an address", () => {
    const place = evaluateBytes([...local(0), DW_OP.plus_uconst, ...leb(16)], { locals: [i32(0x1000)] });
    assert.ok(!(place instanceof Missing) && place.kind === "memory");
    assert.equal(place.address, 0x1010);
  });

  it("deref and deref_size read memory", () => {
    const memory = [0x11, 0x22, 0x33, 0x44];
    const at = [DW_OP.const2u, 0x00, 0x10];
    assert.equal(numberOf(evaluateBytes([...at, DW_OP.deref, stack_value], { memory })), 0x44332211n);
    assert.equal(numberOf(evaluateBytes([...at, DW_OP.deref_size, 2, stack_value], { memory })), 0x2211n);
  });

  it("each piece is missing on its own", () => {
    const place = evaluateBytes([...local(0), DW_OP.piece, 4, DW_OP.piece, 2, ...local(9), DW_OP.piece, 2], {
      locals: [i32(1)],
    });
    assert.ok(!(place instanceof Missing) && place.kind === "composite");
    const [first, second, third] = place.pieces.map(({ place }) => place);
    assert.ok(!(first instanceof Missing));
    assert.ok(second instanceof Missing && second.reason === "optimized-out");
    assert.ok(third instanceof Missing && third.reason === "local-not-recorded");
  });

  it("a piece that LLVM wrote no value for takes nothing from the others", () => {
    const wide = [stack_value, DW_OP.piece, 16];
    const place = evaluateBytes([DW_OP.lit7, stack_value, DW_OP.piece, 4, ...wide, DW_OP.lit9, ...wide]);
    assert.ok(!(place instanceof Missing) && place.kind === "composite");
    const [first, second, third] = place.pieces.map(({ place }) => place);
    assert.equal(numberOf(first!), 7n);
    assert.ok(second instanceof Missing && second.reason === "malformed");
    assert.equal(numberOf(third!), 9n);
  });

  it("a constant that its piece has no room for is missing: which of its bytes are meant is not said", () => {
    // clang 22 -O1 of `std::string v = "rgd"`: three letters, a terminator (0), seven bytes, the size (3).
    const word = [DW_OP.constu, 0xf2, 0xce, 0x91, 0x03, stack_value];
    const size = [DW_OP.constu, 0x80, 0x80, 0x80, 0x18, stack_value];
    const piece = (bytes: number) => [DW_OP.piece, bytes];
    const place = evaluateBytes([
      ...word,
      ...piece(3),
      ...word,
      ...piece(1),
      ...piece(7),
      ...size,
      ...piece(1),
    ]);
    assert.ok(!(place instanceof Missing) && place.kind === "composite");
    const [letters, terminator, , length] = place.pieces.map(({ place }) => place);
    assert.equal(numberOf(letters!) & 0xffffffn, 0x646772n);
    for (const part of [terminator, length])
      assert.ok(part instanceof Missing && part.reason === "malformed");
    // An i32 of −2147483632, which LLVM writes with the sign of 64 bits, has room in four bytes.
    const negative = [DW_OP.constu, 0x90, 0x80, 0x80, 0x80, 0xf8, 0xff, 0xff, 0xff, 0xff, 0x01, stack_value];
    const whole = evaluateBytes([...negative, ...piece(4)]);
    assert.ok(!(whole instanceof Missing) && whole.kind === "composite");
    assert.ok(!(whole.pieces[0]!.place instanceof Missing));
  });

  it("says why: discarded, thread-local, another machine's register, cut off", () => {
    for (const [bytes, reason] of [
      [[DW_OP.addr, 0xff, 0xff, 0xff, 0xff], "discarded"],
      [[DW_OP.addr, 0xfe, 0xff, 0xff, 0xff], "discarded"],
      [[DW_OP.addr, 0, 0, 0, 0], "discarded"],
      [[DW_OP.addr, 0, 0, 0, 0, DW_OP.plus_uconst, 8], "discarded"],
      [[DW_OP.WASM_location, 3, 0xff, 0xff, 0xff, 0xff, DW_OP.lit8, DW_OP.plus], "thread-local"],
      [[DW_OP.lit8, DW_OP.form_tls_address], "thread-local"],
      [[DW_OP.breg0, 0], "unsupported-operation"],
      [[0x01], "unsupported-operation"],
      [[DW_OP.const4u, 1], "malformed"],
      [[DW_OP.plus], "malformed"],
      [[], "optimized-out"],
      [[DW_OP.entry_value, 3, ...local(0), stack_value], "no-caller"],
      [[DW_OP.fbreg, 0], "frame-base-unknown"],
    ] as const) {
      const place = evaluateBytes(bytes);
      assert.ok(place instanceof Missing, bytes.join());
      assert.equal(place.reason, reason);
    }
  });

  it("a thread-local lies at its offset from the thread's base, or where a static would without threads", () => {
    const located = (index: readonly number[], more: object): number => {
      const place = evaluateBytes(
        [DW_OP.WASM_location, 3, ...index, DW_OP.addr, 0, 0x10, 0, 0, DW_OP.plus],
        {},
        { machine: { ...machineOf({ globals: [i32(0), i32(0x2000)] }), ...more } },
      );
      assert.ok(!(place instanceof Missing) && place.kind === "memory");
      return place.address;
    };
    assert.equal(located([1, 0, 0, 0], {}), 0x3000);
    assert.equal(located([0xff, 0xff, 0xff, 0xff], { threadLocalsAreStatic: true }), 0x1000);
    const first = evaluateBytes([DW_OP.WASM_location, 3, 1, 0, 0, 0, DW_OP.addr, 0, 0, 0, 0, DW_OP.plus], {
      globals: [i32(0), i32(0x2000)],
    });
    assert.ok(!(first instanceof Missing) && first.kind === "memory" && first.address === 0x2000);
  });

  it("before DWARF 4 constants are values, and a local alone is not known to be a value or an address", () => {
    const unit = unitOfVersion(3);
    const evaluate3 = (expression: readonly number[]): Place | Missing =>
      evaluateBytes(expression, { locals: [i32(0x1000)] }, { unit });
    assert.equal(numberOf(evaluate3([DW_OP.consts, 10])), 10n);
    const pieces = evaluate3([DW_OP.lit7, DW_OP.piece, 4, DW_OP.addr, 0, 0x20, 0, 0, DW_OP.piece, 4]);
    assert.ok(!(pieces instanceof Missing) && pieces.kind === "composite");
    const [first, second] = pieces.pieces.map(({ place }) => place);
    assert.ok(!(first instanceof Missing) && first?.kind === "value");
    assert.ok(!(second instanceof Missing) && second?.kind === "memory");
    const local0 = evaluate3(local(0));
    assert.ok(local0 instanceof Missing && local0.reason === "unsupported-operation");
    const address = evaluate3([DW_OP.addr, 0, 0x20, 0, 0, DW_OP.plus_uconst, 4]);
    assert.ok(!(address instanceof Missing) && address.kind === "memory");
  });

  it("random bytes give a place or a reason, never an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const place = evaluateBytes([...bytes], {
          locals: [i32(0x1000)],
          memory: [1, 2, 3, 4, 5, 6, 7, 8],
        });
        assert.ok(place instanceof Missing || typeof place.kind === "string");
      }),
      { numRuns: 2000 },
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FormatError } from "../../engine/bytes/errors";
import { bodyOffset, functionIndex } from "../../engine/bytes/offsets";
import { ByteReader } from "../../engine/bytes/reader";
import { MemorySource } from "../../engine/bytes/source";
import { FunctionCode } from "../../engine/wasm/function-code";
import { readInstructions } from "../../engine/wasm/instructions";
import { WasmModule } from "../../engine/wasm/module";
import { body, moduleOf, vectorSection } from "./support/module-builder";

const walk = (...bytes: number[]) => [...readInstructions(new ByteReader(Uint8Array.from(bytes), "test"))];

function codeOf(...code: number[]): FunctionCode {
  const types = vectorSection(1, [0x60, 1, 0x7e, 0]);
  const module = moduleOf(types, vectorSection(3, [0]), vectorSection(10, body(...code)));
  return FunctionCode.of(WasmModule.open(new MemorySource("test.wasm", module)), functionIndex(0))!;
}

describe("walking a function's body", () => {
  it("gives offsets from the body's first byte, locals included", () => {
    const code = codeOf(2, 2, 0x7f, 1, 0x7c, 0x20, 0, 0x1a, 0x0b);
    assert.deepEqual(
      [...code.instructions()].map(({ offset, length, mnemonic }) => [offset, length, mnemonic]),
      [
        [5, 2, "local.get"],
        [7, 1, "drop"],
        [8, 1, "end"],
      ],
    );
    assert.equal(code.localCount, 4);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((i) => code.localType(i)),
      ["i64", "i32", "i32", "f64", undefined],
    );
  });

  it("finds the instruction at an offset, and none inside of one", () => {
    const code = codeOf(0, 0x41, 0x80, 0x01, 0x1a, 0x0b);
    assert.equal(code.instructionAt(bodyOffset(1))?.mnemonic, "i32.const");
    assert.equal(code.instructionAt(bodyOffset(2)), undefined);
    assert.equal(code.instructionAt(bodyOffset(4))?.mnemonic, "drop");
    assert.equal(code.instructionAt(bodyOffset(0)), undefined, "declarations are no instruction");
    assert.equal(code.instructionAt(bodyOffset(99)), undefined);
  });

  it("finds each instruction as walking gives it, whatever it steps over", () => {
    const immediates = [
      [0x02, 0x40, 0x04, 0x7f, 0x05, 0x0b, 0x0e, 2, 0, 1, 0, 0x0c, 0x80, 0x01, 0x0b], // nesting, br_table, br
      [0x41, 0xff, 0x00, 0x42, 0x80, 0x80, 0x80, 0x80, 0x10, 0x43, 1, 2, 3, 4, 0x44, 1, 2, 3, 4, 5, 6, 7, 8], // numbers
      [
        0x28, 2, 0x80, 0x01, 0x28, 0x42, 1, 0x80, 0x01, 0x11, 0, 0, 0x1c, 1, 0x7f, 0xd0, 0x70, 0x23, 5, 0x10,
        7,
      ],
      [
        0xfd,
        12,
        ...Array(16).fill(9),
        0xfd,
        21,
        3,
        0xfd,
        84,
        0,
        0,
        1,
        0xfc,
        10,
        0,
        0,
        0xfe,
        3,
        0,
        0xfb,
        2,
        1,
        1,
      ],
      [0x1f, 0x40, 2, 0, 1, 0, 2, 0, 0x0b, 0xe3, 1, 1, 0, 2, 3, 0x0b],
    ];
    const code = codeOf(0, ...immediates.flat());
    const all = [...code.instructions()];
    assert.equal(all.length, 28);
    for (let at = 0; at <= code.bytes.length; at++) {
      const expected = all.find(({ offset }) => offset === at);
      assert.deepEqual(code.instructionAt(bodyOffset(at)), expected, `offset ${at}`);
    }
  });

  it("holds four billion declared locals without allocating them", () => {
    const code = codeOf(1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b);
    assert.equal(code.localCount, 2 ** 32);
    assert.equal(code.localType(2 ** 31), "i32");
  });

  it("tracks nesting, with else and end at their block's depth", () => {
    const depths = walk(0x02, 0x40, 0x04, 0x40, 0x01, 0x05, 0x01, 0x0b, 0x0b, 0x0b).map(
      ({ mnemonic, depth }) => `${mnemonic} ${depth}`,
    );
    assert.deepEqual(depths, ["block 0", "if 1", "nop 2", "else 1", "nop 2", "end 1", "end 0", "end 0"]);
  });

  it("tracks nesting of the legacy exceptions, where delegate closes its try", () => {
    const depths = walk(0x06, 0x40, 0x01, 0x07, 0, 0x01, 0x19, 0x0b, 0x06, 0x40, 0x18, 0, 0x01).map(
      ({ mnemonic, depth }) => `${mnemonic} ${depth}`,
    );
    assert.deepEqual(depths, [
      "try 0",
      "nop 1",
      "catch 0",
      "nop 1",
      "catch_all 0",
      "end 0",
      "try 0",
      "delegate 0",
      "nop 0",
    ]);
  });

  it("reads every kind of immediate", () => {
    const [load] = walk(0x28, 0x42, 3, 0x80, 0x80, 0x80, 0x80, 0x10);
    assert.deepEqual(load?.immediates, [{ kind: "memarg", align: 2, memory: 3, offset: 2n ** 32n }]);
    const [table] = walk(0x0e, 2, 1, 0, 3);
    assert.deepEqual(table?.immediates, [{ kind: "labels", labels: [1, 0], otherwise: 3 }]);
    const [tryTable] = walk(0x1f, 0x7f, 2, 0x01, 5, 0, 0x02, 1);
    assert.deepEqual(tryTable?.immediates, [
      { kind: "block", type: { kind: "result", type: "i32" } },
      {
        kind: "catches",
        clauses: [
          { keyword: "catch_ref", tag: 5, label: 0 },
          { keyword: "catch_all", tag: undefined, label: 1 },
        ],
      },
    ]);
    const [nan] = walk(0x43, 1, 0, 0xa0, 0x7f);
    assert.ok(nan?.immediates[0]?.kind === "f32" && nan.immediates[0].bits === 0x7fa00001);
    const [cast] = walk(0xfb, 24, 1, 2, 0x6e, 0x80, 0x01);
    assert.deepEqual(cast?.immediates.slice(1), [
      { kind: "label", value: 2 },
      { kind: "bare heap", type: "any" },
      { kind: "bare heap", type: "128" },
    ]);
  });

  it("reads numbers that linkers padded to five bytes", () => {
    const [constant, call] = walk(0x41, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x10, 0x85, 0x80, 0x80, 0x80, 0x00);
    assert.deepEqual(constant?.immediates, [{ kind: "i32", value: -1 }]);
    assert.deepEqual(call?.immediates, [{ kind: "function", value: 5 }]);
  });

  it("stops at an unknown instruction with its place, after those before it", () => {
    const given: string[] = [];
    assert.throws(
      () => {
        for (const { mnemonic } of readInstructions(new ByteReader(Uint8Array.of(0x01, 0xff), "body", 0)))
          given.push(mnemonic);
      },
      (error) => error instanceof FormatError && error.where.offset === 1 && /0xff/.test(error.message),
    );
    assert.deepEqual(given, ["nop"]);
  });

  it("refuses counts that the bytes cannot hold", () => {
    assert.throws(() => walk(0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f, 0), /cannot fit/);
    assert.throws(() => codeOf(0xff, 0xff, 0x03, 1, 0x7f), /cannot fit/);
  });
});

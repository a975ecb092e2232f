import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { bodyOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { readCoreDump } from "../../engine/coredump/reader";
import { FunctionCode } from "../../engine/wasm/function-code";
import type { Instruction } from "../../engine/wasm/instructions";
import { WasmModule } from "../../engine/wasm/module";
import { type ImmediateKind, type Opcode, opcodes } from "../../engine/wasm/opcodes";
import { endsStraightCode, stackEffect } from "../../engine/wasm/operands";
import { type Height, stackStateAt, stackStates } from "../../engine/wasm/operands-height";
import { dumpPath, fixtures, modulePath } from "../fixtures/index";
import { body, isValid, moduleOf, section, vectorSection } from "./support/module-builder";

const i32 = 0x7f;
const end = 0x0b;
const open = (bytes: Uint8Array): WasmModule => WasmModule.open(new MemorySource("test", bytes));

/** Everything that an index immediate of 0 may name, and one function with `code`. */
function moduleWith(code: readonly number[], results: readonly number[] = []): Uint8Array {
  return moduleOf(
    vectorSection(1, [0x60, 1, i32, results.length, ...results]),
    vectorSection(3, [0]),
    vectorSection(4, [0x70, 0, 4]),
    vectorSection(5, [0x03, 1, 1]),
    vectorSection(6, [i32, 1, 0x41, 0, end]),
    vectorSection(7, new ByteWriter().name("f").u8(0).uleb(0)),
    vectorSection(9, [1, 0, 1, 0]),
    section(12, [1]),
    vectorSection(10, body(0, ...code, end)),
    vectorSection(11, [1, 1, 0]),
  );
}

/** Constants of every type that V8's validator is offered as operands. */
const constants = [
  [0x41, 0],
  [0x42, 0],
  [0x43, 0, 0, 0, 0],
  [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  [0xfd, 12, ...new Array<number>(16).fill(0)],
  [0xd0, 0x70],
];

function encoded(opcode: Opcode, align: number): number[] {
  const out = new ByteWriter();
  if (opcode.code > 0xff) out.u8(opcode.code >> 16).uleb(opcode.code & 0xffff);
  else out.u8(opcode.code);
  const immediates: Partial<Record<ImmediateKind, number[]>> = {
    memarg: [align, 0],
    f32: [0, 0, 0, 0],
    f64: [0, 0, 0, 0, 0, 0, 0, 0],
    v128: new Array<number>(16).fill(0),
    lanes: new Array<number>(16).fill(0),
    types: [1, i32],
    "bare heap": [0x70],
    block: [0x40],
  };
  for (const kind of opcode.immediates) out.bytes(immediates[kind] ?? [0]);
  return [...out.finish()];
}

/** Whether V8 accepts the instruction with some `pops` constants before it and `pushes` drops behind it. */
function validates(opcode: Opcode, pops: number, pushes: number): boolean {
  if (pops < 0 || pushes < 0) return false;
  const drops = new Array<number>(pushes).fill(0x1a);
  const aligns = opcode.immediates.includes("memarg") ? [0, 1, 2, 3, 4] : [0];
  for (let choice = 0; choice < constants.length ** pops; choice++) {
    const operands: number[] = [];
    for (let i = 0, left = choice; i < pops; i++, left = Math.floor(left / constants.length))
      operands.push(...constants[left % constants.length]!);
    for (const align of aligns) {
      if (isValid(moduleWith([...operands, ...encoded(opcode, align), ...drops]).slice())) return true;
    }
  }
  return false;
}

/** What Node's V8 does not accept without flags. */
const unknownToV8 = (opcode: Opcode): boolean =>
  opcode.code >> 16 === 0xfb || // GC
  (opcode.code >= 0xfd0100 && opcode.code <= 0xfdffff) || // relaxed SIMD
  (opcode.code >= 0xd3 && opcode.code <= 0xe6) || // typed references, stack switching
  /^i64\.(add128|sub128|mul_wide_[su])$/.test(opcode.mnemonic);

const instructionOf = (opcode: Opcode): Instruction => ({
  offset: bodyOffset(0),
  length: 0,
  opcode,
  mnemonic: opcode.mnemonic,
  immediates: [],
  depth: 0,
});

describe("operands of instructions", () => {
  const anyModule = open(moduleWith([]));
  const plain = [...opcodes.values()].filter((opcode) => opcode.structure === "plain");

  it("are counted as V8's validator counts them", () => {
    let compared = 0;
    for (const opcode of plain) {
      if (unknownToV8(opcode) || endsStraightCode(opcode.mnemonic)) continue;
      if (/^br_|^call/.test(opcode.mnemonic)) continue;
      const effect = stackEffect(anyModule, instructionOf(opcode));
      assert.ok(effect !== undefined, opcode.mnemonic);
      const { pops, pushes } = effect;
      assert.ok(validates(opcode, pops, pushes), `${opcode.mnemonic} ${pops} -> ${pushes}`);
      assert.ok(!validates(opcode, pops - 1, pushes - 1), `${opcode.mnemonic} takes fewer than ${pops}`);
      compared++;
    }
    assert.ok(compared > 450, String(compared));
  }).timeout(60000);

  it("are counted for every instruction, but for those whose types are not kept", () => {
    const uncounted = plain.filter((opcode) => stackEffect(anyModule, instructionOf(opcode)) === undefined);
    assert.deepEqual(uncounted.map((opcode) => opcode.mnemonic).sort(), [
      "array.new_fixed",
      "call",
      "call_indirect",
      "call_ref",
      "cont.bind",
      "resume",
      "resume_throw",
      "resume_throw_ref",
      "return_call",
      "return_call_indirect",
      "return_call_ref",
      "struct.new",
      "suspend",
      "switch",
      "throw",
    ]);
  });
});

describe("the operand stack's height", () => {
  /** Heights before each instruction of function 0. */
  function heights(bytes: Uint8Array): Height[] {
    const module = open(bytes);
    const code = FunctionCode.of(module, functionIndex(0))!;
    return [...stackStates(module, code)].map(({ height }) => height);
  }

  it("starts again at each branch of a block, and behind it", () => {
    const code = [0x41, 1, 0x41, 2, 0x04, i32, 0x41, 3, 0x05, 0x00, 0x1a, 0x0b, 0x1a, 0x1a];
    assert.deepEqual(heights(moduleWith(code)), [0, 1, 2, 1, 2, 1, "unreachable", "unreachable", 2, 1, 0]);
  });

  it("counts parameters of blocks as theirs", () => {
    const module = moduleOf(
      vectorSection(1, [0x60, 0, 0], [0x60, 2, i32, i32, 1, i32]),
      vectorSection(3, [0]),
      vectorSection(10, body(0, 0x41, 0, 0x41, 0, 0x41, 0, 0x02, 1, 0x6a, 0x0b, 0x1a, 0x1a, end)),
    );
    assert.deepEqual(heights(module), [0, 1, 2, 3, 3, 2, 2, 1, 0]);
  });

  it("knows what a caught exception and a structure are made of", () => {
    const module = moduleOf(
      vectorSection(1, [0x60, 0, 0], [0x60, 2, i32, i32, 0], [0x5f, 3, i32, 0, i32, 0, i32, 0]),
      vectorSection(3, [0]),
      vectorSection(13, [0, 1]),
      vectorSection(
        10,
        body(
          0,
          ...[0x06, 0x40, 0x41, 1, 0x41, 2, 0x08, 0, 0x07, 0, 0x1a, 0x1a, 0x19, 0x0b],
          ...[0x41, 1, 0x41, 2, 0x41, 3, 0xfb, 0, 2, 0x1a, end],
        ),
      ),
    );
    const expected = [0, 0, 1, 2, "unreachable", 2, 1, 0, 0, 0, 1, 2, 3, 1, 0];
    assert.deepEqual(heights(module), expected);
  });

  it("is unknown, not guessed, behind what does not add up, until the block around it ends", () => {
    assert.deepEqual(heights(moduleWith([0x02, 0x40, 0x1a, 0x01, 0x0b, 0x01])), [
      0,
      0,
      "unknown",
      "unknown",
      0,
      0,
    ]);
    assert.deepEqual(heights(moduleWith([0x02, 0x40, 0x41, 1, 0x0b, 0x01])), [0, 0, 1, "unknown", "unknown"]);
  });

  for (const fixture of fixtures) {
    it(`is the number of results at the end of every function of ${fixture.name}`, () => {
      const module = open(readFileSync(modulePath(fixture)));
      for (let index = module.importedFunctionCount; index < module.functionCount; index++) {
        const code = FunctionCode.of(module, functionIndex(index))!;
        let last: Height = "unknown";
        for (const { height, instruction } of stackStates(module, code)) {
          assert.notEqual(height, "unknown", `function ${index} at ${instruction.offset}`);
          last = height;
        }
        if (last !== "unreachable") {
          assert.equal(last, module.functionType(functionIndex(index))?.results.length, `function ${index}`);
        }
      }
    }).timeout(60000);

    it(`is what V8 recorded for the callers in ${fixture.name}'s dump, less the arguments`, () => {
      const module = open(readFileSync(modulePath(fixture)));
      const dump = readCoreDump(new MemorySource("dump", readFileSync(dumpPath(fixture))));
      const callers = dump.threads[0]!.frames.slice(1);
      assert.ok(callers.length > 0 || fixture.name.startsWith("c-traps/"));
      for (const frame of callers.slice(0, 100)) {
        const code = FunctionCode.of(module, frame.functionIndex)!;
        const state = stackStateAt(module, code, frame.offset)!;
        assert.equal(
          state.height,
          frame.stack.length + state.effect!.pops,
          `function ${frame.functionIndex}`,
        );
      }
    });
  }
});

/**
 * Random programs trap under V8, and the operands that are worked out of their dumps are held against what a
 * twin of each program, which calls the host with its operands instead of trapping, tells.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { captureAtTrap } from "../../capture/inspector/capture";
import { MemorySource } from "../../engine/bytes/source";
import { ByteWriter } from "../../engine/bytes/writer";
import { openCrash } from "../../engine/postmortem/crash";
import { operandsAt } from "../../engine/postmortem/operands";
import { integer } from "../../engine/postmortem/reason/registers";
import { body, moduleOf, vectorSection } from "../wasm/support/module-builder";

const i32 = 0x7f;
/** Parameters of the program; one more local is its scratch. */
const parameters = 6;
const scratch = parameters;

/** What the generated code may do: how many operands it takes and leaves, and its bytes. */
type Piece = readonly [pops: number, pushes: number, code: readonly number[]];

const local = fc.nat(parameters - 1);
const piece: fc.Arbitrary<Piece> = fc.oneof(
  local.map((index): Piece => [0, 1, [0x20, index]]),
  fc.nat(63).map((value): Piece => [0, 1, [0x41, value]]),
  fc.constant<Piece>([0, 1, [0x23, 0]]),
  fc.constant<Piece>([1, 0, [0x24, 0]]),
  local.map((index): Piece => [1, 1, [0x22, index]]),
  local.map((index): Piece => [1, 0, [0x21, index]]),
  fc.constantFrom(0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1).map((unary): Piece => [1, 1, [unary]]),
  fc.constantFrom(0x6a, 0x6b, 0x6c, 0x71, 0x73, 0x74, 0x75, 0x77, 0x48, 0x4b).map((b): Piece => [2, 1, [b]]),
  fc.nat(31).map((offset): Piece => [1, 1, [0x41, 0xff, 0x07, 0x71, 0x28, 2, offset]]),
  fc.constant<Piece>([2, 0, [0x21, scratch, 0x41, 0xff, 0x07, 0x71, 0x20, scratch, 0x36, 2, 0]]),
  fc.tuple(local, local).map(([a, b]): Piece => [1, 0, [0x04, 0x40, 0x20, a, 0x21, b, 0x0b]]),
  fc.constant<Piece>([0, 0, [0x10, 1]]),
);

/** Code in its order, less the pieces that would take more than there is. */
function joined(pieces: readonly Piece[]): number[] {
  let height = 0;
  return pieces.flatMap(([pops, pushes, code]) => {
    if (pops > height) return [];
    height += pushes - pops;
    return code;
  });
}

/** What makes one operand, and what then changes the state that it was made from. */
const operand = fc
  .tuple(
    fc.oneof(
      local.map((index) => [0x20, index]),
      fc.constant([0x23, 0]),
      fc.nat(15).map((offset) => [0x41, 0, 0x28, 2, offset]),
      fc.tuple(local, local).map(([a, b]) => [0x20, a, 0x20, b, 0x6b]),
    ),
    fc.array(
      fc.oneof(
        fc.tuple(local, local).map(([a, b]) => [0x20, a, 0x21, b]),
        local.map((index) => [0x41, 5, 0x21, index]),
        fc.constantFrom([0x41, 9, 0x24, 0], [0x10, 1], [0x01]),
        fc.nat(15).map((offset) => [0x41, 0, 0x41, 17, 0x36, 2, offset]),
        fc.tuple(local, local, local).map(([a, b, c]) => [0x20, a, 0x04, 0x40, 0x20, b, 0x21, c, 0x0b]),
      ),
      { maxLength: 2 },
    ),
  )
  .map(([made, after]) => [...made, ...after.flat()]);

/** Code that leaves at least three operands. */
const program = fc
  .tuple(fc.array(piece, { maxLength: 30 }), fc.array(operand, { minLength: 3, maxLength: 3 }))
  .map(([before, operands]) => [...joined(before), ...operands.flat()]);

const beyond = [0x41, 0x80, 0x80, 0xc0, 0x00, 0x72]; // i32.or with 1 MiB: outside of memory
const below = (code: readonly number[]): number[] => [0x21, scratch, ...code, 0x20, scratch];

/** Trapping instructions: what makes the operands bad, the instruction, and how many operands it takes. */
const traps: readonly { name: string; spoil: number[]; trap: number[]; takes: number }[] = [
  { name: "i32.div_s", spoil: [0x41, 0, 0x6c], trap: [0x6d], takes: 2 },
  { name: "i32.load", spoil: beyond, trap: [0x28, 2, 4], takes: 1 },
  { name: "i32.store", spoil: below(beyond), trap: [0x36, 2, 8], takes: 2 },
  { name: "memory.fill", spoil: below(beyond), trap: [0xfc, 11, 0], takes: 3 },
  { name: "call_indirect", spoil: beyond, trap: [0x11, 2, 0], takes: 1 },
  {
    name: "i32.atomic.rmw.add",
    spoil: below([...beyond, 0x41, 0x7c, 0x71]),
    trap: [0xfe, 0x1e, 2, 0],
    takes: 2,
  },
];

/** Function 0 logs its argument, function 1 changes global 0 and memory, function 2 is the program. */
function moduleOfProgram(code: readonly number[]): Uint8Array {
  const change = [0x23, 0, 0x41, 3, 0x6a, 0x24, 0, 0x41, 0, 0x41, 0, 0x28, 2, 0, 0x41, 5, 0x6a, 0x36, 2, 0];
  const data = Array.from({ length: 64 }, (_, i) => (i * 7) & 255);
  return moduleOf(
    vectorSection(1, [0x60, 6, i32, i32, i32, i32, i32, i32, 0], [0x60, 1, i32, 0], [0x60, 0, 0]),
    vectorSection(2, new ByteWriter().name("e").name("log").u8(0).uleb(1)),
    vectorSection(3, [2], [0]),
    vectorSection(4, [0x70, 0, 4]),
    vectorSection(5, [1, 1, 1]),
    vectorSection(6, [i32, 1, 0x41, 33, 0x0b]),
    vectorSection(7, new ByteWriter().name("f").u8(0).uleb(2)),
    vectorSection(10, body(0, ...change, 0x0b), body(1, 1, i32, ...code, 0x00, 0x0b)),
    vectorSection(11, [0, 0x41, 0, 0x0b, data.length, ...data]),
  ).slice();
}

function run(bytes: Uint8Array, given: readonly number[], log: (value: number) => void): void {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { e: { log } });
  (instance.exports["f"] as unknown as (...given: number[]) => void)(...given);
}

describe("operands worked out of a dump", () => {
  for (const { name, spoil, trap, takes } of traps) {
    it(`are never wrong at ${name}, whatever ran before it`, async () => {
      let known = 0;
      const samples = fc.sample(fc.tuple(program, fc.array(fc.integer(), { minLength: 6, maxLength: 6 })), {
        numRuns: 40,
        seed: 7,
      });
      for (const [code, given] of samples) {
        const truth: number[] = [];
        const telling = new Array<number[]>(takes).fill([0x10, 0]).flat();
        assert.throws(
          () => run(moduleOfProgram([...code, ...spoil, ...telling]), given, (value) => truth.unshift(value)),
          /unreachable/,
        );
        const bytes = moduleOfProgram([...code, ...spoil, ...trap]);
        const { dump, thrown } = await captureAtTrap(() => run(bytes, given, () => undefined));
        if (/unreachable/.test(String(thrown))) continue; // a fill of no bytes
        const module = { path: "program.wasm", source: new MemorySource("program.wasm", bytes) };
        const crash = openCrash({ dump: new MemorySource("dump", dump!), main: { module } });
        const operands = operandsAt(crash.threads[0]!.frames(0, 1)[0]!.physical);
        assert.equal(operands.length, takes);
        operands.forEach((operand, i) => {
          if (operand === undefined) return;
          assert.equal(Number(integer(operand, true)), truth[i], `operand ${i} of ${bytes.join(" ")}`);
          known++;
        });
      }
      assert.ok(known > 5, `${known} operands were known`);
    }).timeout(60000);
  }
});

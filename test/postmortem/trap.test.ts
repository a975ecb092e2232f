/** What is said of the traps of real programs, held against what their sources did. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { openCrash, openStackTraces } from "../../engine/postmortem/crash";
import type { Crash, TrapKind } from "../../engine/postmortem/model";
import { operandsAt } from "../../engine/postmortem/operands";
import { integer } from "../../engine/postmortem/reason/registers";
import { instructionOf } from "../../engine/postmortem/reason/trap";
import { dumpPath, type ExpectedValue, expected, fixtures, modulePath } from "../fixtures/index";

function crashOf(fixture: (typeof fixtures)[number]): Crash {
  const source = (path: string) => new MemorySource(path, readFileSync(path));
  const path = modulePath(fixture);
  return openCrash({ dump: source(dumpPath(fixture)), main: { module: { path, source: source(path) } } });
}

/** The operands under the names that expected.json gives them. */
function namedOperands(crash: Crash): Record<string, number | undefined> {
  const frame = crash.threads[0]!.frames(0, 1)[0]!.physical;
  const instruction = instructionOf(frame)!;
  const { mnemonic } = instruction;
  const operands = operandsAt(frame).map((register) => {
    if (register === undefined) return undefined;
    const view = new DataView(register.bytes.buffer);
    if (register.type === "f32") return view.getFloat32(0, true);
    if (register.type === "f64") return view.getFloat64(0, true);
    return Number(integer(register, true));
  });
  const [first, second, third] = operands;
  const unsigned = (value: number | undefined) => (value === undefined ? undefined : value >>> 0);
  if (mnemonic.includes("call_indirect")) return { slot: operands.at(-1) };
  if (/div|rem/.test(mnemonic)) return { dividend: first, divisor: second };
  if (mnemonic.includes("trunc")) return { operand: first };
  if (mnemonic.startsWith("memory."))
    return { destination: unsigned(first), value: second, bytes: unsigned(third) };
  const memarg = instruction.immediates.find((immediate) => immediate.kind === "memarg");
  const offset = memarg?.kind === "memarg" ? Number(memarg.offset) : 0;
  const bytes = Number(/(\d+) bytes? at/.exec(crash.reason.trap)?.[1]);
  return { address: first === undefined ? undefined : unsigned(first)! + offset, value: second, bytes };
}

const asNumber = (value: ExpectedValue): number => {
  if (typeof value === "number") return value;
  if (typeof value === "object" && "float" in value && value.float === "NaN") return Number.NaN;
  throw new Error(`not a number: ${JSON.stringify(value)}`);
};

describe("operands of real traps", () => {
  for (const fixture of fixtures) {
    const truth = expected(fixture).trap.operands;
    if (truth === undefined) continue;
    it(`are all known and right: ${fixture.name}`, () => {
      const found = namedOperands(crashOf(fixture));
      for (const [name, value] of Object.entries(truth)) assert.equal(found[name], asNumber(value), name);
    });
  }
});

describe("the statement about a trap", () => {
  const shapes = "memory access out of bounds: reading 4 bytes at 0x7fff0040 in read_through";
  const statements: Readonly<Record<string, RegExp | string>> = {
    "c-shapes-o0-dwarf4": shapes,
    "c-shapes-o0-dwarf5": shapes,
    "c-shapes-o2-dwarf4": shapes,
    "c-shapes-o2-dwarf5": shapes,
    "cpp-shapes": "indirect call to null: table slot 0 is empty in dispatch",
    "c-traps/unreachable": "unreachable executed in reach",
    "c-traps/divide_by_zero": "integer divide by zero: 1234 / 0 in divide_by_zero",
    "c-traps/divide_by_zero_i64": "integer divide by zero: 12345678901234 % 0 in divide_by_zero_i64",
    "c-traps/divide_overflow": "integer overflow: -2147483648 / -1 in divide_overflow",
    "c-traps/float_to_int":
      "invalid conversion to integer (i32.trunc_f64_s): 3000000000 is not representable in float_to_int",
    "c-traps/float_nan_to_int":
      "invalid conversion to integer (i32.trunc_f32_u): NaN is not representable in float_nan_to_int",
    "c-traps/load_out_of_bounds":
      "memory access out of bounds: reading 4 bytes at 0x2000c in load_out_of_bounds",
    "c-traps/store_out_of_bounds":
      "memory access out of bounds: writing 8 bytes at 0xfffffff8 in store_out_of_bounds",
    "c-traps/memory_copy_out_of_bounds":
      /^memory\.copy: 100 bytes at 0x1ffb8 from 0x[0-9a-f]+ are out of bounds in memory_copy_out_of_bounds/,
    "c-traps/memory_fill_out_of_bounds":
      "memory.fill: 2000000 bytes at 0x40 are out of bounds in memory_fill_out_of_bounds",
    "c-traps/call_null": "indirect call to null: table slot 0 is empty in call_null",
    "c-traps/call_wrong_type":
      "indirect call to a function of another type: table slot 2 holds half in call_wrong_type",
    "c-traps/call_out_of_bounds":
      /^indirect call out of bounds: index 1000, the table has \d+ entries in call_/,
    "c-traps/stack_exhausted":
      "memory access out of bounds: writing 4 bytes at 0x100000fcc in stack_exhausted",
    "c-traps/assertion": "unreachable executed in abort",
    "c-traps/abort": "unreachable executed in abort",
  };
  for (const fixture of fixtures) {
    const statement = statements[fixture.name];
    if (statement === undefined) continue;
    it(`names what the program did: ${fixture.name}`, () => {
      const said = crashOf(fixture).reason.trap.replace(/ \(function \d+\)$/, "");
      if (typeof statement === "string") assert.equal(said, statement);
      else assert.match(said, statement);
    });
  }

  it("says how large the memory was", () => {
    const load = fixtures.find(({ name }) => name === "c-traps/load_out_of_bounds")!;
    assert.deepEqual(crashOf(load).reason.details, [
      "base 0x20000 + offset 12",
      "the memory has 0x10000 bytes (1 page)",
    ]);
  });
});

describe("a trap of which only the engine's words are known", () => {
  // V8, SpiderMonkey, JavaScriptCore, in this order where all three have one.
  const words: Partial<Record<TrapKind, readonly string[]>> = {
    unreachable: ["unreachable", "unreachable executed", "Unreachable code should not be executed"],
    "integer-divide-by-zero": [
      "divide by zero",
      "integer divide by zero",
      "Division by zero",
      "remainder by zero",
    ],
    "integer-overflow": ["divide result unrepresentable", "integer overflow", "Integer overflow"],
    "invalid-conversion": [
      "float unrepresentable in integer range",
      "invalid conversion to integer",
      "Out of bounds Trunc operation",
    ],
    "memory-out-of-bounds": ["memory access out of bounds", "Out of bounds memory access"],
    "table-out-of-bounds": [
      "table index is out of bounds",
      "Out of bounds call_indirect",
      "Out of bounds table access",
    ],
    "indirect-call-to-null": ["indirect call to null", "call_indirect to a null table entry"],
    "indirect-call-type-mismatch": [
      "indirect call signature mismatch",
      "call_indirect to a signature that does not match",
    ],
    "null-reference": [
      "dereferencing a null pointer",
      "dereferencing null pointer",
      "call_reference to a null reference",
    ],
    "cast-failure": ["illegal cast", "bad cast", "ref.cast failed to cast reference to target heap type"],
    "stack-overflow": ["Maximum call stack size exceeded", "too much recursion", "Stack overflow"],
    "unaligned-atomic": ["operation does not support unaligned accesses", "unaligned memory access"],
  };
  const { module } = fixtures.map((fixture) => ({ module: modulePath(fixture) }))[0]!;
  const source = new MemorySource(module, readFileSync(module));
  for (const [kind, texts] of Object.entries(words))
    it(`is told by them: ${kind}`, () => {
      for (const text of texts) {
        const log = `RuntimeError: ${text}\n<?>.wasm-function[200]@[wasm code]`;
        const { crash } = openStackTraces(log, "log", { main: { module: { path: module, source } } });
        assert.equal(crash.reason.kind, kind, text);
      }
    });
});

/** Recovery in functions with exceptions, with several memories and with a memory that threads share. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, it } from "mocha";
import { random } from "../../bench/recovery/random";
import { attempt } from "../../engine/bytes/errors";
import { bodyOffset, functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { writeCoreDump } from "../../engine/coredump/writer";
import { Missing } from "../../engine/dwarf/missing";
import { fromBytes } from "../../engine/dwarf/stack-value";
import { openCrash } from "../../engine/postmortem/crash";
import type { Crash } from "../../engine/postmortem/model";
import { evaluateTo } from "../../engine/postmortem/recovery/evaluation";
import { StackPointer } from "../../engine/postmortem/recovery/stack-pointer";
import { Budget, recovering, Unrecoverable } from "../../engine/postmortem/recovery/unrecoverable";
import { FunctionCode } from "../../engine/wasm/function-code";
import { WasmModule } from "../../engine/wasm/module";
import { body, moduleOf, vectorSection } from "../wasm/support/module-builder";
import { compareRegisters, type Score } from "./support/recovered";

const fixtures = join(__dirname, "../fixtures");
const packed = (file: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(gunzipSync(readFileSync(join(fixtures, "exceptions", `${file}.gz`))));

describe("a program that throws", () => {
  for (const [encoding, program] of [
    ["try and catch", "exceptions"],
    ["try_table", "exceptions-exnref"],
  ] as const) {
    it(`has its registers right or not at all, in try blocks and in handlers: ${encoding}`, () => {
      const module = WasmModule.open(new MemorySource(program, packed(`${program}.wasm`)));
      const dump = readCoreDump(new MemorySource("dump", packed(`${program}.coredump`)));
      const score: Score = { exact: 0, unknown: 0, wrong: [] };
      compareRegisters(dump, module, score, program);
      assert.deepEqual(score.wrong, []);
      assert.ok(score.exact > score.unknown, `${score.exact}, ${score.unknown} unknown`);
    });
  }
});

describe("damaged code", () => {
  for (const name of ["exceptions", "exceptions-exnref"])
    it(`is followed or given up, never anything else: ${name}`, () => {
      const dice = random(3);
      const outcomes = new Set<string>();
      for (let round = 0; round < 12; round++) {
        const bytes = packed(`${name}.wasm`);
        const sound = WasmModule.open(new MemorySource(name, bytes));
        const [first, last] = [sound.importedFunctionCount, sound.functionCount - 1].map(
          (index) => sound.body(functionIndex(index))!.fileStart,
        );
        for (let i = 0; i < 200; i++)
          bytes[first! + Math.floor(dice() * (last! - first!))] = Math.floor(dice() * 256);
        const module = WasmModule.open(new MemorySource(name, bytes));
        const pointer = new StackPointer(module);
        for (let index = module.importedFunctionCount; index < module.functionCount; index++) {
          const found = attempt(() => {
            const code = FunctionCode.of(module, functionIndex(index));
            const instructions = [...(code?.instructions() ?? [])];
            const at = instructions[Math.floor(dice() * instructions.length)]?.offset;
            if (code === undefined || at === undefined) return "nothing";
            const budget = new Budget(1_000_000);
            const state = recovering(() => evaluateTo(module, code, at, pointer, "everything", budget));
            return state instanceof Unrecoverable ? state.why : "followed";
          });
          outcomes.add(typeof found === "string" ? found : "malformed");
        }
      }
      for (const outcome of ["followed", "malformed", "its code is malformed"])
        assert.ok(outcomes.has(outcome), [...outcomes].join(", "));
    }).timeout(20_000);
});

function local(crash: Crash, frame: number, index: number): bigint | string {
  const found = crash.threads[0]!.frames(frame, 1)[0]!.physical.machine.local(index);
  return found instanceof Missing ? found.text : fromBytes(found.bytes);
}

describe("a program of several memories", () => {
  it("has in its locals what the source computed from either", () => {
    const file = (extension: string) => {
      const path = `several/log.${extension}`;
      return new MemorySource(path, readFileSync(join(fixtures, "dialects", path)));
    };
    const crash = openCrash({
      dump: file("coredump"),
      main: { module: { path: "log.wasm", source: file("wasm") } },
    });
    const [depth, from, frame, seen, kept, sum] = [0, 1, 2, 3, 4, 5];
    for (let index = 0; index <= 5; index++) {
      assert.equal(local(crash, index, depth!), BigInt(index));
      assert.equal(local(crash, index, from!), BigInt(8192 + 4 * (5 - index)));
      assert.equal(local(crash, index, frame!), BigInt(4096 - 32 * (6 - index)));
    }
    // Of the youngest, both memories still hold what it loaded; callers cannot know what their callees wrote.
    assert.deepEqual(
      [seen, kept, sum].map((index) => local(crash, 0, index!)),
      [7n, 6n, 0n],
    );
    assert.equal(typeof local(crash, 1, kept!), "string");
  });
});

describe("a memory that threads share", () => {
  const i32 = 0x7f;
  const program = moduleOf(
    vectorSection(1, [0x60, 1, i32, 0]),
    vectorSection(3, [0]),
    // Shared, 1 page.
    vectorSection(5, [0x03, 1, 1]),
    // The stack pointer: 1024.
    vectorSection(6, [i32, 1, 0x41, 0x80, 0x08, 0x0b]),
    vectorSection(
      10,
      // local 1 = the stack pointer, lowered by 16; [local 1 + 8] = the parameter; local 2 = [the parameter];
      // local 3 = [local 1 + 8]; unreachable
      body(
        ...[1, 3, i32, 0x23, 0, 0x41, 16, 0x6b, 0x22, 1, 0x24, 0, 0x20, 1, 0x20, 0, 0x36, 2, 8],
        ...[0x20, 0, 0x28, 2, 0, 0x21, 2, 0x20, 1, 0x28, 2, 8, 0x21, 3, 0x00, 0x0b],
      ),
    ),
  );
  const bytes = new Uint8Array(65536);
  const words = new DataView(bytes.buffer);
  words.setUint32(1008 + 8, 2000, true);
  words.setUint32(2000, 5, true);
  const dump = writeCoreDump({
    executable: "shared",
    threads: [
      {
        name: "main",
        frames: [
          { instance: 0, functionIndex: functionIndex(0), offset: bodyOffset(33), locals: [], stack: [] },
        ],
      },
    ],
    modules: [{ name: "m" }],
    instances: [{ module: 0, memories: [0], globals: [0] }],
    memories: [{ size: 65536, parts: [{ start: 0, bytes }], memory64: false }],
    globals: [{ type: "i32", value: 1008 }],
    notes: {},
  });
  const crash = openCrash({
    dump: new MemorySource("dump", dump),
    main: { module: { path: "m.wasm", source: new MemorySource("m.wasm", program) } },
  });

  it("tells what the function keeps in its own frame", () => {
    assert.deepEqual(
      [0, 1, 3].map((index) => local(crash, 0, index)),
      [2000n, 1008n, 2000n],
    );
  });

  it("tells nothing of what was loaded from where others may have written since", () => {
    assert.match(String(local(crash, 0, 2)), /recorded none/);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { attempt, FormatError } from "../../engine/bytes/errors";
import { codeOffset, functionIndex } from "../../engine/bytes/offsets";
import { ByteReader } from "../../engine/bytes/reader";
import { MemorySource } from "../../engine/bytes/source";
import { disassembleFunction, functionHeader } from "../../engine/wasm/disassembly";
import { readInstructions } from "../../engine/wasm/instructions";
import { WasmModule } from "../../engine/wasm/module";
import { fixture, loadModule } from "../fixtures/index";
import { sampleModule } from "./support/module-builder";
import { mutated } from "./support/mutations";

/** Asks a module everything; anything but a FormatError is a failure. */
function interrogate(bytes: Uint8Array, functions: number): void {
  const module = attempt(() => WasmModule.open(new MemorySource("fuzz.wasm", bytes)));
  if (module instanceof FormatError) return;
  const questions: (() => unknown)[] = [
    () => module.buildId,
    () => module.externalDebugInfo,
    () => module.exports,
    () => module.globals.map((_, i) => module.globalName(i)),
    () => module.memories,
    () => Array.from({ length: 20 }, (_, slot) => module.tableEntry(0, slot)),
    () => module.functionAt(codeOffset(bytes.length >> 1)),
    () => module.moduleName,
  ];
  for (let i = 0; i < functions; i++) {
    const index = functionIndex(i);
    questions.push(
      () => module.functionName(index),
      () => module.localName(index, 1),
      () => module.functionType(index),
      () => functionHeader(module, index),
      () => disassembleFunction(module, index),
    );
  }
  for (const question of questions) attempt(question);
}

describe("a damaged module", () => {
  it("gives a typed error or an answer, whatever was damaged", () => {
    fc.assert(
      fc.property(mutated(sampleModule()), (bytes) => interrogate(bytes, 6)),
      { numRuns: 2000 },
    );
  });

  for (const name of ["c-shapes-o2-dwarf5", "rust-classic"]) {
    it(`made from ${name} does as well`, () => {
      const whole = loadModule(fixture(name));
      fc.assert(
        fc.property(mutated(whole), (bytes) => interrogate(bytes, 25)),
        { numRuns: 60 },
      );
    }).timeout(60000);
  }
});

describe("walking arbitrary bytes", () => {
  it("ends, with instructions that lie side by side", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        let end = 0;
        const outcome = attempt(() => {
          for (const { offset, length } of readInstructions(new ByteReader(bytes, "fuzz"))) {
            assert.equal(offset, end);
            assert.ok(length > 0);
            end = offset + length;
          }
        });
        assert.ok(outcome instanceof FormatError || end === bytes.length);
      }),
      { numRuns: 3000 },
    );
  });
});

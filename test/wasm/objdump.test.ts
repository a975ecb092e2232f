/** Instruction boundaries and names of real modules, held against llvm-objdump's. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { functionIndex } from "../../engine/bytes/offsets";
import { MemorySource } from "../../engine/bytes/source";
import { FunctionCode } from "../../engine/wasm/function-code";
import { WasmModule } from "../../engine/wasm/module";
import { fixtures, modulePath } from "../fixtures/index";
import { inTextFormat, llvm } from "./support/llvm";

/** "file offset mnemonic" of every instruction, by our walker. */
function ours(path: string): string[] {
  const module = WasmModule.open(new MemorySource(path, readFileSync(path)));
  const lines: string[] = [];
  for (let index = module.importedFunctionCount; index < module.functionCount; index++) {
    const code = FunctionCode.of(module, functionIndex(index))!;
    for (const { offset, mnemonic } of code.instructions())
      lines.push(`${code.body.fileStart + offset} ${mnemonic}`);
  }
  assert.deepEqual(module.problems, []);
  return lines;
}

describe("walking real modules", () => {
  for (const fixture of fixtures) {
    it(`finds the instructions of ${fixture.name} where llvm-objdump does`, function () {
      const path = modulePath(fixture);
      const { stdout } = llvm(this, "llvm-objdump", ["-d", path]);
      const theirs = [...stdout.matchAll(/^ *([0-9a-f]+): (?:[0-9a-f]{2} ?)+ *\t(\S+)/gm)].map(
        ([, offset, mnemonic]) => `${Number.parseInt(offset!, 16)} ${inTextFormat(mnemonic!)}`,
      );
      assert.ok(theirs.length > 0);
      const mine = ours(path);
      const first = mine.findIndex((line, i) => line !== theirs[i]);
      assert.deepEqual(mine.slice(first, first + 5), first < 0 ? [] : theirs.slice(first, first + 5));
      assert.equal(mine.length, theirs.length);
    }).timeout(60000);
  }
});

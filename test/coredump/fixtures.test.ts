/** Dumps of real crashes, held against the modules that crashed. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { readCoreDump } from "../../engine/coredump/reader";
import { FunctionCode } from "../../engine/wasm/function-code";
import { WasmModule } from "../../engine/wasm/module";
import { expected, fixtures, loadDump, loadModule } from "../fixtures/index";

describe("the dump of a real crash", () => {
  for (const fixture of fixtures) {
    it(`of ${fixture.name} agrees with its module, frame by frame`, () => {
      const dump = readCoreDump(new MemorySource(fixture.dump, loadDump(fixture)));
      const module = WasmModule.open(new MemorySource(fixture.module, loadModule(fixture)));
      assert.deepEqual(dump.problems, []);
      assert.equal(dump.notes.error, expected(fixture).trap.error);
      assert.equal(dump.notes.buildId, module.buildId);
      assert.equal(dump.memories[0]?.gapsAreZero, true);
      const [thread] = dump.threads;
      assert.ok(thread !== undefined && thread.frames.length > 0);
      thread.frames.forEach((frame, i) => {
        const code = FunctionCode.of(module, frame.functionIndex);
        const instruction = code?.instructionAt(frame.offset);
        assert.ok(code !== undefined && instruction !== undefined, `frame ${i} stands on an instruction`);
        if (i > 0) assert.match(instruction.mnemonic, /^call/, `frame ${i} stands on a call`);
        assert.equal(frame.locals.length, code.localCount);
        frame.locals.forEach((local, at) => {
          if (local.type === "missing") return;
          assert.equal(local.type, code.localType(at), `local ${at} of frame ${i}`);
        });
      });
    });
  }
});

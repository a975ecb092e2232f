/** Positions worked out where a dump tells none, beside those that V8 recorded of the same frames. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MemorySource } from "../../engine/bytes/source";
import { withDeducedPositions } from "../../engine/coredump/deduction";
import { unknownOffset } from "../../engine/coredump/placement";
import { readCoreDump } from "../../engine/coredump/reader";
import { WasmModule } from "../../engine/wasm/module";
import { fixtures, loadDump, loadModule } from "../fixtures";

describe("a position that is deduced", () => {
  let deduced = 0;
  let all = 0;
  for (const fixture of fixtures) {
    it(`is the recorded one: ${fixture.name}`, () => {
      const module = WasmModule.open(new MemorySource(fixture.module, loadModule(fixture)));
      const { threads } = readCoreDump(new MemorySource(fixture.dump, loadDump(fixture)));
      const recorded = threads[0]!.frames;
      const erased = recorded.map((frame) => ({ ...frame, offset: unknownOffset }));
      withDeducedPositions(erased, () => module).forEach(({ offset }, index) => {
        all++;
        if (offset === unknownOffset) return;
        deduced++;
        assert.equal(offset, recorded[index]!.offset, `frame ${index}`);
      });
    });
  }

  it("is found for most frames of real crashes", () => {
    assert.ok(deduced > all / 2, `${deduced} of ${all}`);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { address } from "../../engine/bytes/offsets";
import type { CoreMemory } from "../../engine/coredump/model";
import { Missing } from "../../engine/dwarf/missing";
import { readableBytes, readMemory } from "../../engine/postmortem/memory";

/** 100 bytes, of which 10..19 and 20..29 and 50..59 were recorded; each byte's value is its address. */
function partial(gapsAreZero: boolean): CoreMemory {
  return {
    size: 100,
    gapsAreZero,
    ranges: [10, 20, 50].map((start) => ({ start: address(start), length: 10 })),
    read: (at, length) => Uint8Array.from({ length }, (_, i) => at + i),
  };
}
const reason = (result: Uint8Array | Missing) => (result instanceof Missing ? result.reason : [...result]);

describe("memory of a partial dump", () => {
  it("gives bytes within and across recorded ranges", () => {
    assert.deepEqual(reason(readMemory(partial(false), address(12), 3)), [12, 13, 14]);
    assert.deepEqual(reason(readMemory(partial(false), address(18), 4)), [18, 19, 20, 21]);
  });

  it("never shows a byte that was not recorded as zero", () => {
    assert.equal(reason(readMemory(partial(false), address(28), 4)), "memory-not-recorded");
    assert.equal(reason(readMemory(partial(false), address(40), 1)), "memory-not-recorded");
  });

  it("shows zeros where the dump says that it left out zeros", () => {
    assert.deepEqual(reason(readMemory(partial(true), address(28), 4)), [28, 29, 0, 0]);
    assert.deepEqual(reason(readMemory(partial(true), address(48), 4)), [0, 0, 50, 51]);
  });

  it("says when an address is outside of memory", () => {
    assert.equal(reason(readMemory(partial(true), address(98), 4)), "out-of-bounds");
    assert.equal(reason(readMemory(partial(true), address(-1), 4)), "out-of-bounds");
  });

  it("tells a memory view how far it may read", () => {
    assert.equal(readableBytes(partial(false), address(15), 100), 15);
    assert.equal(readableBytes(partial(false), address(30), 100), 0);
    assert.equal(readableBytes(partial(true), address(90), 100), 10);
  });
});

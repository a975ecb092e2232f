/** What of a memory is left out as zero: just what a look at every byte says. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { type Run, runsWithoutZeros } from "../../engine/coredump/zero-runs";

/** The definition: one byte after another. */
function byDefinition(bytes: Uint8Array, minimumGap: number): Run[] {
  const runs: { start: number; end: number }[] = [];
  bytes.forEach((byte, at) => {
    if (byte === 0) return;
    const last = runs.at(-1);
    if (last !== undefined && at - last.end < minimumGap) last.end = at + 1;
    else runs.push({ start: at, end: at + 1 });
  });
  return runs;
}

describe("runs without zeros", () => {
  const stretch = fc.tuple(fc.constantFrom(0, 0, 1, 0x80, 255), fc.nat({ max: 90 }));
  it("are those that a look at every byte gives, wherever the bytes lie in their buffer", () => {
    fc.assert(
      fc.property(
        fc.array(stretch, { maxLength: 12 }),
        fc.nat({ max: 17 }),
        fc.integer({ min: 1, max: 70 }),
        (stretches, offset, gap) => {
          const content = stretches.flatMap(([value, length]) => Array<number>(length).fill(value));
          const bytes = Uint8Array.from([...Array<number>(offset).fill(9), ...content, 9]).subarray(
            offset,
            offset + content.length,
          );
          assert.deepEqual(runsWithoutZeros(bytes, gap), byDefinition(bytes, gap));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("of a page of zeros are none", () => {
    assert.deepEqual(runsWithoutZeros(new Uint8Array(65_536), 64), []);
    assert.deepEqual(runsWithoutZeros(new Uint8Array(0), 64), []);
  });
});

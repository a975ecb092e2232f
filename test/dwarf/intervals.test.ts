import assert from "node:assert/strict";
import * as fc from "fast-check";
import { describe, it } from "mocha";
import { IntervalTable } from "../../engine/dwarf/intervals";

type Interval = readonly [low: number, high: number];

/** The tightest by the rule: starts last, and among those that start alike ends first. */
function expected(intervals: readonly Interval[], point: number): Interval | undefined {
  return intervals
    .filter(([low, high]) => low <= point && point < high)
    .toSorted((a, b) => b[0] - a[0] || a[1] - b[1])[0];
}

function holds(scale: number) {
  const interval = fc
    .tuple(fc.nat(30), fc.integer({ min: 1, max: 10 }))
    .map(([low, size]): Interval => [low * scale, (low + size) * scale]);
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), fc.nat(40), (intervals, at) => {
      const table = new IntervalTable(intervals.flatMap(([low, high], i) => [low, high, i]));
      const found = table.find(at * scale);
      const got = found < 0 ? undefined : [table.low(found), table.high(found)];
      assert.deepEqual(got, expected(intervals, at * scale));
      if (found >= 0) assert.deepEqual(intervals[table.payload(found)], got);
    }),
  );
}

describe("the table of intervals", () => {
  it("finds the tightest interval at a point, in whatever order they were given", () => holds(1));
  it("does so for addresses near the end of what a number holds", () => holds(2 ** 46));
});

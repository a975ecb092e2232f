/**
 * A table of half-open intervals, looked up by point: functions by pc, line sequences, units' ranges.
 * Flat arrays, since a large module has a hundred thousand of them.
 */
export class IntervalTable {
  private readonly lows: Float64Array;
  private readonly highs: Float64Array;
  /** What each interval carries. */
  private readonly payloads: Uint32Array;
  /** The largest `high` of an interval and all before it: where a search backwards may stop. */
  private readonly reach: Float64Array;

  /** @param flat low, high, payload of each interval, in any order */
  constructor(flat: readonly number[]) {
    const count = Math.floor(flat.length / 3);
    this.lows = new Float64Array(count);
    this.highs = new Float64Array(count);
    this.payloads = new Uint32Array(count);
    this.reach = new Float64Array(count);
    // Linkers lay code out in the order in which producers describe it, so this is mostly sorted already.
    const order = isSorted(flat, count) ? undefined : sortedOrder(flat, count);
    let reach = 0;
    for (let i = 0; i < count; i++) {
      const from = 3 * (order === undefined ? i : order[i]!);
      const high = flat[from + 1]!;
      if (high > reach) reach = high;
      this.lows[i] = flat[from]!;
      this.highs[i] = high;
      this.payloads[i] = flat[from + 2]!;
      this.reach[i] = reach;
    }
  }

  get size(): number {
    return this.lows.length;
  }
  low(index: number): number {
    return this.lows[index]!;
  }
  high(index: number): number {
    return this.highs[index]!;
  }
  payload(index: number): number {
    return this.payloads[index]!;
  }

  /** Index of the last interval that starts at `point` or before it; -1 when there is none. */
  lastStartingBy(point: number): number {
    let low = 0;
    let high = this.lows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.lows[middle]! <= point) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Index of the interval that covers `point`, the one that starts last when several do; -1 when none does. */
  find(point: number): number {
    for (let i = this.lastStartingBy(point); i >= 0 && this.reach[i]! > point; i--) {
      if (this.highs[i]! > point) return i;
    }
    return -1;
  }
}

/** By start; among equal starts the widest comes first, so that a search meets the tightest one first. */
function compare(flat: readonly number[], a: number, b: number): number {
  return flat[3 * a]! - flat[3 * b]! || flat[3 * b + 1]! - flat[3 * a + 1]! || a - b;
}

function isSorted(flat: readonly number[], count: number): boolean {
  for (let i = 1; i < count; i++) {
    if (flat[3 * i]! <= flat[3 * i - 3]! && compare(flat, i - 1, i) > 0) return false;
  }
  return true;
}

function sortedOrder(flat: readonly number[], count: number): Uint32Array {
  const lows = new Float64Array(count);
  for (let i = 0; i < count; i++) lows[i] = flat[3 * i]!;
  const order = ascending(lows);
  // Few start alike: only they are compared with each other.
  for (let start = 0, end = 1; end <= count; end++) {
    if (end < count && lows[order[end]!] === lows[order[start]!]) continue;
    if (end - start > 1) order.subarray(start, end).sort((a, b) => compare(flat, a, b));
    start = end;
  }
  return order;
}

/**
 * The indexes of `values` by ascending value, those of equal ones in their order. The engine's own sort of
 * numbers is many times faster than one that asks back for each comparison: `value * count + index` orders by both.
 *
 * @param values whole numbers, none below 0
 */
export function ascending(values: ArrayLike<number>): Uint32Array {
  const count = values.length;
  const order = new Uint32Array(count);
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i++) keys[i] = values[i]! * count + i;
  keys.sort();
  if (count === 0 || keys[count - 1]! <= Number.MAX_SAFE_INTEGER) {
    for (let i = 0; i < count; i++) order[i] = keys[i]! % count;
    return order;
  }
  for (let i = 0; i < count; i++) order[i] = i;
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}

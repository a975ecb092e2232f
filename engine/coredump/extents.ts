/**
 * Which bytes of a file hold which bytes of memory, when data segments may come in any order and overlap:
 * a later segment wins, as it does at instantiation.
 */

/** Bytes of memory and where a copy of them stands. */
export interface Extent {
  /** First address. */
  readonly start: number;
  /** Bytes. */
  readonly length: number;
  /** Offset of the copy, in the space of the source that holds it. */
  readonly from: number;
}

/**
 * Extents that do not overlap, ascending, which say the same as `written` applied one after another.
 * Costs O(n log n) at worst; nothing but a pass when they ascend already, as producers write them.
 */
export function settleExtents(written: readonly Extent[]): readonly Extent[] {
  const given = written.filter((extent) => extent.length > 0);
  const ascending = given.every((extent, i) => i === 0 || end(given[i - 1]!) <= extent.start);
  return ascending ? given : sweep(given);
}

const end = (extent: Extent): number => extent.start + extent.length;

/** Walks along the addresses; at each the latest of the extents that cover it wins. */
function sweep(given: readonly Extent[]): Extent[] {
  const byStart = given.map((_, order) => order).sort((a, b) => given[a]!.start - given[b]!.start);
  const covering = new LatestFirst();
  const settled: Extent[] = [];
  let next = 0;
  let at = 0;
  while (next < byStart.length || !covering.isEmpty) {
    if (covering.isEmpty) at = Math.max(at, given[byStart[next]!]!.start);
    while (next < byStart.length && given[byStart[next]!]!.start <= at) covering.add(byStart[next++]!);
    const winner = given[covering.latest]!;
    if (end(winner) <= at) {
      covering.removeLatest();
      continue;
    }
    const stop = next < byStart.length ? Math.min(end(winner), given[byStart[next]!]!.start) : end(winner);
    append(settled, { start: at, length: stop - at, from: winner.from + (at - winner.start) });
    at = stop;
  }
  return settled;
}

/** Joins a piece with the one before it when they are neighbours in memory and in the file. */
function append(settled: Extent[], piece: Extent): void {
  const last = settled[settled.length - 1];
  if (last !== undefined && end(last) === piece.start && last.from + last.length === piece.from) {
    settled[settled.length - 1] = { ...last, length: last.length + piece.length };
  } else {
    settled.push(piece);
  }
}

/** A binary heap of positions, the greatest on top. */
class LatestFirst {
  private readonly heap: number[] = [];

  get isEmpty(): boolean {
    return this.heap.length === 0;
  }

  get latest(): number {
    return this.heap[0]!;
  }

  add(order: number): void {
    const heap = this.heap;
    let at = heap.push(order) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (heap[parent]! >= order) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = order;
  }

  removeLatest(): void {
    const heap = this.heap;
    const moved = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! > heap[child]!) child++;
      if (heap[child]! <= moved) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
  }
}

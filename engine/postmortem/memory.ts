/**
 * Reads of a recorded memory: all the bytes that were asked for, or the reason why not. A byte that the
 * dump does not have is never a zero, unless the dump says that what it left out was zero.
 */
import { type Address, address } from "../bytes/offsets";
import type { CoreMemory, MemoryRange } from "../coredump/model";
import { type Missing, missing } from "../dwarf/missing";

/** Largest read in bytes that is answered in one piece. */
const MAX_READ = 64 * 1024 * 1024;

/** `length` bytes from `at`; Missing when any of them is out of bounds or was not recorded. */
export function readMemory(memory: CoreMemory, at: Address, length: number): Uint8Array | Missing {
  if (at < 0 || at + length > memory.size) return missing("out-of-bounds", hexRange(at, length));
  if (length > MAX_READ) return missing("too-large", `${length} bytes`);
  const first = firstRangeEndingAfter(memory.ranges, at);
  const range = memory.ranges[first];
  if (range !== undefined && range.start <= at && at + length <= range.start + range.length) {
    return memory.read(at, length);
  }
  return assemble(memory, first, at, length);
}

/** How many bytes from `at` are known, at most `length`: what a memory view may show before a hole. */
export function readableBytes(memory: CoreMemory, at: Address, length: number): number {
  const end = Math.min(at + length, memory.size);
  if (at < 0 || end <= at) return 0;
  if (memory.gapsAreZero) return end - at;
  let known = at as number;
  for (let i = firstRangeEndingAfter(memory.ranges, at); i < memory.ranges.length && known < end; i++) {
    const range = memory.ranges[i]!;
    if (range.start > known) break;
    known = range.start + range.length;
  }
  return Math.min(known, end) - at;
}

function assemble(memory: CoreMemory, first: number, at: Address, length: number): Uint8Array | Missing {
  const end = at + length;
  const bytes = new Uint8Array(length);
  let covered = 0;
  for (let i = first; i < memory.ranges.length; i++) {
    const range = memory.ranges[i]!;
    if (range.start >= end) break;
    const from = Math.max(at, range.start);
    const to = Math.min(end, range.start + range.length);
    bytes.set(memory.read(address(from), to - from), from - at);
    covered += to - from;
  }
  if (covered < length && !memory.gapsAreZero) return missing("memory-not-recorded", hexRange(at, length));
  return bytes;
}

/** Index of the first range that ends after `at` (ranges ascend and do not overlap). */
function firstRangeEndingAfter(ranges: readonly MemoryRange[], at: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle]!;
    if (range.start + range.length <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hexRange(at: number, length: number): string {
  return `0x${at.toString(16)}..0x${(at + length).toString(16)}`;
}

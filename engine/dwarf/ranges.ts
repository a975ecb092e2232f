/**
 * Range lists: .debug_ranges of DWARF 2 to 4 (DWARF 4 §2.17.3) and .debug_rnglists of DWARF 5 (§7.25).
 */
import { attempt } from "../bytes/errors";
import { codeOffset } from "../bytes/offsets";
import type { ByteReader } from "../bytes/reader";
import { DW_RLE } from "./constants";
import { addAddress, allOnes, isDiscardedCode, isTombstone, readAddress } from "./encoding";
import { ListBounds, type ListContext } from "./list-bounds";
import type { CodeRange } from "./model";

/**
 * Reads a list; tombstones and empty ranges are left out.
 *
 * @param reader stands at the list's first entry
 */
export function readRangeList(reader: ByteReader, context: ListContext): RangeList {
  const ranges = new RangeList();
  readInto(ranges, reader, context);
  return ranges;
}

/** The ranges at the beginning of a list, as far as the reader's bytes go. */
export function readBeginning(reader: ByteReader, context: ListContext): RangeList {
  const ranges = new RangeList();
  attempt(() => readInto(ranges, reader, context));
  return ranges;
}

function readInto(ranges: RangeList, reader: ByteReader, context: ListContext): void {
  if (context.encoding.version >= 5) readRnglist(reader, context, ranges);
  else readRanges(reader, context, ranges);
}

/** Ranges of code: in large programs a unit has thousands. */
export class RangeList {
  /** Low and high of each range, in the order of the list; there is room for more. */
  numbers = new Float64Array(2);
  /** How many numbers there are. */
  length = 0;
  /** From where to where the ranges are, all together. */
  low = Number.POSITIVE_INFINITY;
  high = 0;

  /** Makes room for so many numbers more. */
  reserve(more: number): void {
    if (this.length + more <= this.numbers.length) return;
    const larger = new Float64Array(Math.max(this.length + more, 2 * this.numbers.length));
    larger.set(this.numbers);
    this.numbers = larger;
  }

  /** Adds a range, unless it is empty or of discarded code. */
  add(low: number, high: number, addressSize: number): this {
    if (low >= high || isDiscardedCode(low, addressSize)) return this;
    this.reserve(2);
    this.numbers[this.length++] = low;
    this.numbers[this.length++] = high;
    if (low < this.low) this.low = low;
    if (high > this.high) this.high = high;
    return this;
  }

  covers(pc: number): boolean {
    const { numbers, length } = this;
    if (pc < this.low || pc >= this.high) return false;
    for (let i = 0; i < length; i += 2) if (numbers[i]! <= pc && pc < numbers[i + 1]!) return true;
    return false;
  }

  toArray(): CodeRange[] {
    return Array.from({ length: this.length / 2 }, (_, i) => ({
      low: codeOffset(this.numbers[2 * i]!),
      high: codeOffset(this.numbers[2 * i + 1]!),
    }));
  }
}

/** DWARF 2 to 4: pairs of addresses; (0, 0) ends the list and (all ones, a) makes `a` the base. */
function readRanges(reader: ByteReader, context: ListContext, ranges: RangeList): void {
  const size = context.encoding.addressSize;
  let base = context.baseAddress;
  for (;;) {
    if (size === 4 && base === 0) readPlainRanges(reader, ranges);
    const begin = readAddress(reader, size);
    const end = readAddress(reader, size);
    if (begin === 0 && end === 0) return;
    if (begin === allOnes(size)) base = end;
    else if (!isTombstone(base, size) && !isTombstone(begin, size))
      ranges.add(addAddress(base, begin, size), addAddress(base, end, size), size);
  }
}

/**
 * Pairs as units have them, one for each function: 4-byte addresses, base 0. Stops at a pair that is no range.
 * A lookup passes over all units, so this runs a hundred thousand times, most of them before it is compiled:
 * it calls nothing.
 */
function readPlainRanges(reader: ByteReader, ranges: RangeList): void {
  const { bytes, base } = reader;
  let at = reader.position - base;
  ranges.reserve((bytes.length - at) >> 2);
  const { numbers } = ranges;
  let { length, low: first, high: last } = ranges;
  for (; at + 8 <= bytes.length; at += 8) {
    const low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
    const high =
      (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24)) >>> 0;
    if (low === 0xffff_ffff || (low === 0 && high === 0)) break;
    if (low >= high || low === 0 || low === 0xffff_fffe) continue; // of discarded code, or empty
    numbers[length++] = low;
    numbers[length++] = high;
    if (low < first) first = low;
    if (high > last) last = high;
  }
  ranges.length = length;
  ranges.low = first;
  ranges.high = last;
  reader.position = base + at;
}

function readRnglist(reader: ByteReader, context: ListContext, ranges: RangeList): void {
  const size = context.encoding.addressSize;
  const bounds = new ListBounds(reader, context);
  for (;;) {
    const start = reader.position;
    const kind = reader.u8();
    if (kind === DW_RLE.end_of_list) return;
    const bounded = bounds.read(kind);
    if (bounded === undefined) reader.fail(`Range list entry of unknown kind ${kind}`, undefined, start);
    if (bounded) ranges.add(bounds.low, bounds.high, size);
  }
}

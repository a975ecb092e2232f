/**
 * Linear memories of a dump: sizes from the memory section, bytes from the active segments of the data
 * section. Only the segments' headers are read; the bytes stay in the file.
 */
import { attempt, FormatError } from "../bytes/errors";
import { type Address, address } from "../bytes/offsets";
import { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import { constantOffset, readConstant } from "../wasm/constant";
import type { MemoryType } from "../wasm/types";
import { type Extent, settleExtents } from "./extents";
import type { CoreMemory, MemoryRange } from "./model";

/** An active segment: which memory, and where its bytes stand in the data section. */
export interface DataSegment extends Extent {
  readonly memory: number;
}

/** Enough for a segment's mode, memory, constant offset and length. */
const longestHeader = 64;

/**
 * Reads the headers of a data section.
 * @param source contents of the section
 * @returns the segments up to the first malformed one, and what was wrong with it
 */
export function readDataSegments(source: ByteSource): {
  segments: DataSegment[];
  problem: FormatError | undefined;
} {
  const segments: DataSegment[] = [];
  const outcome = attempt(() => {
    const start = headerAt(source, 0);
    let left = start.uleb();
    for (let at = start.position; left > 0; left--) at = readSegment(source, at, segments);
  });
  return { segments, problem: outcome instanceof FormatError ? outcome : undefined };
}

function headerAt(source: ByteSource, at: number): ByteReader {
  return new ByteReader(source.read(at, Math.min(longestHeader, source.size - at)), source.name, at);
}

/** Adds the segment at `at` and gives the offset after it. */
function readSegment(source: ByteSource, at: number, segments: DataSegment[]): number {
  const reader = headerAt(source, at);
  const mode = reader.uleb();
  if (mode > 2) reader.fail(`Unknown data segment mode ${mode}`, undefined, at);
  const memory = mode === 2 ? reader.uleb() : 0;
  const start = mode === 1 ? undefined : constantOffset(readConstant(reader, () => undefined));
  const size = reader.uleb();
  const from = reader.position;
  const length = Math.min(size, source.size - from);
  if (mode !== 1) {
    if (start === undefined)
      return reader.fail("The address of a data segment is no constant", undefined, at);
    segments.push({ memory, start, length, from });
  }
  if (length < size) {
    reader.fail(
      `A data segment of ${size} bytes ends after ${length}`,
      "The dump is truncated: memory behind this point is not known.",
      from,
    );
  }
  return from + size;
}

/** A memory whose bytes are read from the dump when they are asked for. */
export class RecordedMemory implements CoreMemory {
  readonly ranges: readonly MemoryRange[];
  readonly memory64: boolean;
  readonly shared: boolean;
  private readonly extents: readonly Extent[];

  /**
   * @param source contents of the data section
   * @param size size at the crash, in bytes; the segments lie inside it
   */
  constructor(
    private readonly source: ByteSource | undefined,
    readonly size: number,
    segments: readonly Extent[],
    readonly gapsAreZero: boolean,
    type?: Pick<MemoryType, "addressType" | "shared">,
  ) {
    this.memory64 = type?.addressType === "i64";
    this.shared = type?.shared === true;
    this.extents = settleExtents(segments);
    this.ranges = join(this.extents);
  }

  read(at: Address, length: number): Uint8Array {
    if (length === 0) return new Uint8Array(0);
    let index = this.extentAt(at);
    let extent = this.extents[index];
    if (extent === undefined || this.source === undefined || at >= extent.start + extent.length) {
      throw new RangeError(`Memory at 0x${at.toString(16)} is not recorded`);
    }
    const skip = at - extent.start;
    if (skip + length <= extent.length) return this.source.read(extent.from + skip, length);
    if (at + length > this.size) throw new RangeError(`Memory ends at 0x${this.size.toString(16)}`);
    const joined = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (extent === undefined || extent.start > at + filled) {
        throw new RangeError(`Memory at 0x${(at + filled).toString(16)} is not recorded`);
      }
      const offset = at + filled - extent.start;
      const part = Math.min(extent.length - offset, length - filled);
      joined.set(this.source.read(extent.from + offset, part), filled);
      filled += part;
      extent = this.extents[++index];
    }
    return joined;
  }

  /** Position of the last extent that starts at or before `at`; -1 when there is none. */
  private extentAt(at: number): number {
    let low = 0;
    let high = this.extents.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.extents[middle]!.start <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** A memory of which nothing is lost: what is not recorded is zero. */
export const zeroFilled = (memory: CoreMemory): CoreMemory => resized(memory, memory.size, true);

/** A memory with its true size, inside which its ranges lie, and what is known of the rest. */
export function resized(memory: CoreMemory, size: number, gapsAreZero: boolean): CoreMemory {
  const { ranges, memory64 = false, shared = false } = memory;
  return { size, ranges, memory64, shared, gapsAreZero, read: (at, length) => memory.read(at, length) };
}

/** Neighbouring extents as one range. */
function join(extents: readonly Extent[]): MemoryRange[] {
  const ranges: { start: Address; length: number }[] = [];
  for (const { start, length } of extents) {
    const last = ranges[ranges.length - 1];
    if (last !== undefined && last.start + last.length === start) last.length += length;
    else ranges.push({ start: address(start), length });
  }
  return ranges;
}

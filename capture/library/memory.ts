/** The memories of a dump: what of each goes into it, without stretches of zeros, and the sections that say so. */
import { runsWithoutZeros } from "../../engine/coredump/zero-runs";
import { section, sleb, uleb, vector } from "./encoding";
import type { CaptureOptions, Range } from "./model";
import { lengthOf, type MemoryPiece, type Piece } from "./pieces";

/** Zeros shorter than this cost less to write than the header of one more segment. */
const SMALLEST_GAP = 64;
/** Engines and tools refuse modules with more data segments than this. */
const MOST_SEGMENTS = 100_000;
/** Bytes that addresses of 32 bits reach. */
const NARROW = 2 ** 32;
const PAGE = 65_536;

export interface MemorySections {
  /** The memory section; nothing where there is no memory. */
  readonly types: Piece;
  /** The data section; nothing where all is zero. */
  readonly data: readonly Piece[];
  /** Whether all of every memory is there, so that what is left out is zero. */
  readonly whole: boolean;
}

export function memorySections(
  memories: readonly WebAssembly.Memory[],
  { ranges, memoryLimit = Infinity }: CaptureOptions,
): MemorySections {
  const all = ranges ? [] : withoutZeros(memories);
  const whole = !ranges && lengthOf(all) <= memoryLimit;
  const segments = whole ? all : chosen(memories, ranges ?? [{ start: 0, length: Infinity }], memoryLimit);
  const types = memories.map(({ buffer: { byteLength: size } }) => {
    const wide = size > NARROW ? 4 : 0;
    // Pages of another size than the usual are recorded as pages of one byte (custom page sizes proposal).
    return size % PAGE ? [wide + 8, ...uleb(size), 0] : [wide, ...uleb(size / PAGE)];
  });
  const pieces = segments.flatMap((segment): Piece[] => {
    const { memory, start, length } = segment;
    const index = memories.indexOf(memory);
    const address = memory.buffer.byteLength > NARROW ? [0x42, ...sleb(start)] : [0x41, ...sleb(start | 0)];
    return [[...(index ? [2, ...uleb(index)] : [0]), ...address, 0x0b, ...uleb(length)], segment];
  });
  const count = uleb(segments.length);
  return {
    types: types.length > 0 ? section(5, vector(types)) : [],
    data: pieces.length > 0 ? [[11, ...uleb(lengthOf([count, ...pieces])), ...count], ...pieces] : [],
    whole,
  };
}

function withoutZeros(memories: readonly WebAssembly.Memory[]): MemoryPiece[] {
  for (let gap = SMALLEST_GAP; ; gap *= 4) {
    const segments = memories.flatMap((memory) =>
      runsWithoutZeros(new Uint8Array(memory.buffer), gap).map(({ start, end }) => ({
        memory,
        start,
        length: end - start,
      })),
    );
    if (segments.length <= MOST_SEGMENTS) return segments;
  }
}

/** Ranges in order, joined, inside of each memory, and no longer in all than the limit. */
function chosen(
  memories: readonly WebAssembly.Memory[],
  ranges: readonly Range[],
  limit: number,
): MemoryPiece[] {
  const pieces: MemoryPiece[] = [];
  let left = limit;
  for (const memory of memories) {
    let at = 0;
    for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
      const start = Math.max(at, range.start);
      const length = Math.min(range.start + range.length, memory.buffer.byteLength, start + left) - start;
      if (!(length > 0)) continue;
      pieces.push({ memory, start, length });
      at = start + length;
      left -= length;
    }
  }
  return pieces;
}

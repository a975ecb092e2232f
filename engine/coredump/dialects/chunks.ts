/**
 * Data as runtimes write it that have the whole memory: they look at it in chunks and write one segment for each,
 * less the zeros at its ends. What is not recorded is then known to be zero.
 */
import type { ByteSource } from "../../bytes/source";
import type { DataSegment } from "../memory";

/** Bytes of a chunk: Wasmtime's and WasmEdge's are the same. */
export const chunk = 4096;

/** Segments whose bytes are looked at; a producer that does not trim is found out by far fewer. */
const examined = 16;

/** @param data contents of the data section, where the segments stand */
export function areTrimmedChunks(data: ByteSource | undefined, segments: readonly DataSegment[]): boolean {
  return (
    segments.every((segment, i) => fitsChunk(segment, segments[i - 1])) &&
    (data === undefined || segments.slice(0, examined).every((segment) => isTrimmed(data, segment)))
  );
}

/** Neither the first nor the last byte is zero. */
function isTrimmed(data: ByteSource, { from, length }: DataSegment): boolean {
  return data.read(from, 1)[0] !== 0 && data.read(from + length - 1, 1)[0] !== 0;
}

function fitsChunk(segment: DataSegment, before: DataSegment | undefined): boolean {
  const index = Math.floor(segment.start / chunk);
  const fits = segment.length > 0 && Math.floor((segment.start + segment.length - 1) / chunk) === index;
  if (before === undefined || before.memory !== segment.memory) return fits;
  return fits && Math.floor(before.start / chunk) < index;
}

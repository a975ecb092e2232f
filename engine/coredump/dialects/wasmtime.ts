/**
 * Recognises Wasmtime's dumps, which name no producer. It matters because Wasmtime leaves out the zeros of a
 * memory that it has whole, so that what is not recorded is known to be zero.
 */
import type { ByteSource } from "../../bytes/source";
import type { Section } from "../../wasm/sections";
import type { DataSegment } from "../memory";
import type { CoreThread } from "../model";

const sectionOrder = ["core", "memory", "global", "data", "coremodules", "coreinstances", "corestack"];

/** Wasmtime looks at memory in chunks of this many bytes and writes one trimmed segment for each. */
const chunk = 4096;

/** Segments whose bytes are looked at; a producer that does not trim is found out by far fewer. */
const examined = 16;

/**
 * Whether sections, thread, frames and segments all are as Wasmtime, and no other known producer, lays them
 * out.
 * @param data contents of the data section, where the segments stand
 */
export function isWasmtime(
  sections: readonly Section[],
  threads: readonly CoreThread[],
  data: ByteSource | undefined,
  segments: readonly DataSegment[],
): boolean {
  const order = sections.map((section) => section.name);
  const [thread] = threads;
  return (
    order.join() === sectionOrder.join() &&
    thread?.name === "main" &&
    thread.frames.every((frame) => frame.locals.length === 0 && frame.stack.length === 0) &&
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

/**
 * Recognises Wasmtime's dumps, which name no producer. It matters because Wasmtime leaves out the zeros of a
 * memory that it has whole, so that what is not recorded is known to be zero.
 */
import type { Section } from "../../wasm/sections";
import type { DataSegment } from "../memory";
import type { CoreThread } from "../model";

const sectionOrder = ["core", "memory", "global", "data", "coremodules", "coreinstances", "corestack"];

/** Wasmtime looks at memory in chunks of this many bytes and writes one trimmed segment for each. */
const chunk = 4096;

/** Whether sections, thread, frames and segments all are as Wasmtime, and no other known producer, lays them out. */
export function isWasmtime(
  sections: readonly Section[],
  threads: readonly CoreThread[],
  segments: readonly DataSegment[],
): boolean {
  const order = sections.map((section) => section.name);
  const [thread] = threads;
  return (
    order.join() === sectionOrder.join() &&
    thread?.name === "main" &&
    thread.frames.every((frame) => frame.locals.length === 0 && frame.stack.length === 0) &&
    segments.every((segment, i) => isTrimmedChunk(segment, segments[i - 1]))
  );
}

function isTrimmedChunk(segment: DataSegment, before: DataSegment | undefined): boolean {
  const index = Math.floor(segment.start / chunk);
  const fits = segment.length > 0 && Math.floor((segment.start + segment.length - 1) / chunk) === index;
  if (before === undefined || before.memory !== segment.memory) return fits;
  return fits && Math.floor(before.start / chunk) < index;
}

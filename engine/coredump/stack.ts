/** The `corestack` section: one thread's frames and their values (Coredump.md), in the layout of a dialect. */
import { attempt, FormatError } from "../bytes/errors";
import { bodyOffset, functionIndex } from "../bytes/offsets";
import type { ByteReader } from "../bytes/reader";
import { readCount } from "../wasm/types";
import { valueTag } from "./encoding";
import type { CoreFrame, CoreThread, RecordedValue } from "./model";

/** How frames are encoded. The specification's own answers stand first. */
export interface FrameLayout {
  /** How indices and counts are written: as Wasm's u32 (LEB128), or as four bytes, little-endian. */
  readonly numbers: "leb" | "fixed";
  /** What stands before a frame's values; a `tag` is the byte 0. */
  readonly head: readonly ("tag" | "instance" | "function" | "offset")[];
  /**
   * The lists of values: each behind its own count; both counts before both lists; both counts but only
   * the locals; or locals alone.
   */
  readonly lists: "each" | "counts-first" | "operands-counted" | "locals";
  /** How values are written: integers as SLEB128 or in their full width, or as words without a type. */
  readonly values: "sleb" | "fixed" | "words";
  /** A word after each frame that means nothing. */
  readonly reserved?: true;
  /** A word between the number of frames and the first, with the frames' size in bytes. */
  readonly sized?: true;
  /** Fewer frames may follow than are announced: the producer leaves some out. */
  readonly mayEndEarly?: true;
}

/** Coredump.md since 2023-05-09. */
export const specifiedLayout: FrameLayout = {
  numbers: "leb",
  head: ["tag", "instance", "function", "offset"],
  lists: "each",
  values: "sleb",
};

/** Coredump.md puts this byte before every record. */
export function expectRecord(reader: ByteReader, what: string): void {
  const start = reader.position;
  const tag = reader.u8();
  if (tag !== 0) reader.fail(`A ${what} starts with 0x${tag.toString(16)} instead of 0x00`, undefined, start);
}

/**
 * Reads a thread.
 * @returns the thread with the frames up to the first malformed one, and what was wrong with that
 */
export function readThread(
  reader: ByteReader,
  layout: FrameLayout,
): { thread: CoreThread; problem: FormatError | undefined } {
  let name = "";
  const frames: CoreFrame[] = [];
  const outcome = attempt(() => {
    expectRecord(reader, "corestack");
    name = reader.name();
    const count = readNumber(reader, layout);
    if (layout.sized) readNumber(reader, layout);
    for (let left = count; left > 0; left--) {
      if (layout.mayEndEarly && reader.atEnd) return;
      frames.push(readFrame(reader, layout));
    }
    if (!reader.atEnd) reader.fail(`${reader.remaining} bytes follow the last frame`);
  });
  return { thread: { name, frames }, problem: outcome instanceof FormatError ? outcome : undefined };
}

const readNumber = (reader: ByteReader, { numbers }: FrameLayout): number =>
  numbers === "leb" ? reader.uleb() : reader.u32();

function readFrame(reader: ByteReader, layout: FrameLayout): CoreFrame {
  const head = { instance: 0, function: 0, offset: 0 };
  for (const field of layout.head) {
    if (field === "tag") expectRecord(reader, "frame");
    else head[field] = readNumber(reader, layout);
  }
  const { locals, stack } = readLists(reader, layout);
  if (layout.reserved) readNumber(reader, layout);
  return {
    instance: head.instance,
    functionIndex: functionIndex(head.function),
    offset: bodyOffset(head.offset),
    locals,
    stack,
  };
}

function readLists(reader: ByteReader, layout: FrameLayout): Pick<CoreFrame, "locals" | "stack"> {
  const localCount = readLength(reader, layout);
  switch (layout.lists) {
    case "each": {
      const locals = readValues(reader, layout, localCount);
      return { locals, stack: readValues(reader, layout, readLength(reader, layout)) };
    }
    case "counts-first": {
      const stackCount = readLength(reader, layout);
      const locals = readValues(reader, layout, localCount);
      return { locals, stack: readValues(reader, layout, stackCount) };
    }
    case "operands-counted":
      readNumber(reader, layout);
      return { locals: readValues(reader, layout, localCount), stack: [] };
    case "locals":
      return { locals: readValues(reader, layout, localCount), stack: [] };
  }
}

function readLength(reader: ByteReader, layout: FrameLayout): number {
  if (layout.numbers === "leb") return readCount(reader, "values");
  const count = reader.u32();
  if (count > reader.remaining) reader.fail(`${count} values cannot fit into ${reader.remaining} bytes`);
  return count;
}

function readValues(reader: ByteReader, layout: FrameLayout, count: number): RecordedValue[] {
  const values: RecordedValue[] = [];
  for (let left = count; left > 0; left--) {
    values.push(layout.values === "words" ? { type: "i32", value: reader.i32() } : readValue(reader, layout));
  }
  return values;
}

function readValue(reader: ByteReader, { values }: FrameLayout): RecordedValue {
  const start = reader.position;
  const tag = reader.u8();
  switch (tag) {
    case valueTag.missing:
      return { type: "missing" };
    case valueTag.i32: {
      const value = values === "fixed" ? reader.i32() : reader.sleb();
      // Producers that think of u32 write the upper half as positive numbers.
      if (value < -0x8000_0000 || value > 0xffff_ffff) reader.fail(`${value} is no i32`, undefined, start);
      return { type: "i32", value: value | 0 };
    }
    case valueTag.i64: {
      const value = values === "fixed" ? reader.i64() : reader.slebBig();
      if (value < -(2n ** 63n) || value >= 2n ** 64n) reader.fail(`${value} is no i64`, undefined, start);
      return { type: "i64", value: BigInt.asIntN(64, value) };
    }
    case valueTag.f32: {
      const bits = reader.u32();
      reader.position -= 4;
      return { type: "f32", value: reader.f32(), bits };
    }
    case valueTag.f64: {
      const bits = reader.u64();
      reader.position -= 8;
      return { type: "f64", value: reader.f64(), bits };
    }
    default:
      return reader.fail(`Unknown value type 0x${tag.toString(16)}`, undefined, start);
  }
}

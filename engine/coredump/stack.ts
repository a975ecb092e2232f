/** The `corestack` section: one thread's frames and their values (Coredump.md). */
import { attempt, FormatError } from "../bytes/errors";
import { bodyOffset, functionIndex } from "../bytes/offsets";
import type { ByteReader } from "../bytes/reader";
import { readCount } from "../wasm/types";
import { valueTag } from "./encoding";
import type { CoreFrame, CoreThread, RecordedValue } from "./model";

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
export function readThread(reader: ByteReader): { thread: CoreThread; problem: FormatError | undefined } {
  let name = "";
  const frames: CoreFrame[] = [];
  const outcome = attempt(() => {
    expectRecord(reader, "corestack");
    name = reader.name();
    for (let left = reader.uleb(); left > 0; left--) frames.push(readFrame(reader));
    if (!reader.atEnd) reader.fail(`${reader.remaining} bytes follow the last frame`);
  });
  return { thread: { name, frames }, problem: outcome instanceof FormatError ? outcome : undefined };
}

function readFrame(reader: ByteReader): CoreFrame {
  expectRecord(reader, "frame");
  return {
    instance: reader.uleb(),
    functionIndex: functionIndex(reader.uleb()),
    offset: bodyOffset(reader.uleb()),
    locals: readValues(reader),
    stack: readValues(reader),
  };
}

function readValues(reader: ByteReader): RecordedValue[] {
  const values: RecordedValue[] = [];
  for (let left = readCount(reader, "values"); left > 0; left--) values.push(readValue(reader));
  return values;
}

function readValue(reader: ByteReader): RecordedValue {
  const start = reader.position;
  const tag = reader.u8();
  switch (tag) {
    case valueTag.missing:
      return { type: "missing" };
    case valueTag.i32: {
      const value = reader.sleb();
      // Producers that think of u32 write the upper half as positive numbers.
      if (value < -0x8000_0000 || value > 0xffff_ffff) reader.fail(`${value} is no i32`, undefined, start);
      return { type: "i32", value: value | 0 };
    }
    case valueTag.i64: {
      const value = reader.slebBig();
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

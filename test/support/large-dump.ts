/**
 * A dump of a memory that had grown to a gigabyte: the Rust classic's, with its memory's size raised and one more range
 * at its end. The file's size is what such a dump has; the range's bytes are written by whoever needs them, and are
 * holes of the file by themselves.
 */
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { ByteReader } from "../../engine/bytes/reader";
import { ByteWriter } from "../../engine/bytes/writer";

const MEMORY_SECTION = 5;
const DATA_SECTION = 11;
const PAGE = 65536;

/** Where in the file the added range's bytes are. */
export interface LargeDump {
  readonly start: number;
  readonly size: number;
}

/**
 * @param dump one of specification's encoding, with one memory and ranges in front of `from`
 * @param from address of the added range
 * @param pages of the memory, 64 KiB each
 */
export function writeLargeDump(path: string, dump: Uint8Array, from: number, pages: number): LargeDump {
  const size = pages * PAGE - from;
  const segment = new ByteWriter().u8(0).u8(0x41).sleb(from).u8(0x0b).uleb(size).finish();
  const before: Uint8Array[] = [dump.subarray(0, 8)];
  let written = 0;
  const file = openSync(path, "w");
  try {
    let start = 0;
    for (const { id, contents } of sectionsOf(dump)) {
      const content = id === MEMORY_SECTION ? new ByteWriter().uleb(1).u8(0).uleb(pages).finish() : contents;
      const longer = id === DATA_SECTION;
      const body = longer ? withSegment(content, segment) : content;
      before.push(
        new ByteWriter()
          .u8(id)
          .uleb(body.length + (longer ? size : 0))
          .finish(),
        body,
      );
      for (const bytes of before.splice(0)) {
        writeSync(file, bytes, 0, bytes.length, written);
        written += bytes.length;
      }
      if (!longer) continue;
      start = written;
      written += size;
    }
    ftruncateSync(file, written);
    return { start, size };
  } finally {
    closeSync(file);
  }
}

function* sectionsOf(dump: Uint8Array): Iterable<{ id: number; contents: Uint8Array }> {
  const reader = new ByteReader(dump, "dump");
  reader.skip(8);
  while (!reader.atEnd) {
    const id = reader.u8();
    yield { id, contents: reader.take(reader.uleb()) };
  }
}

/** The section's segments and one more, whose bytes follow. */
function withSegment(section: Uint8Array, segment: Uint8Array): Uint8Array {
  const reader = new ByteReader(section, "data");
  const count = reader.uleb();
  return new ByteWriter()
    .uleb(count + 1)
    .bytes(reader.take(reader.remaining))
    .bytes(segment)
    .finish();
}

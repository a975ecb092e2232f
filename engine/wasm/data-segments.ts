/**
 * The data segments that fill a memory when a module is instantiated (binary format, "Data Section"): where they
 * go and how long they are. Their bytes are passed over unread.
 */
import { FormatError } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";
import { type Constant, constantOffset, readConstant } from "./constant";

export interface DataSegment {
  /** Index in the module, by which the name section names it. */
  readonly index: number;
  readonly memory: number;
  /** First byte's address; undefined where it depends on an import. */
  readonly offset: number | undefined;
  /** Bytes. */
  readonly size: number;
  /** Where its bytes begin, in the section's contents. */
  readonly at: number;
}

/** Bytes that are read for a segment's flags, memory, offset expression and size. */
const HEADER = 64;
/** Segments beyond these are of no program that a linker made. */
const MOST = 100_000;

/**
 * The active segments of a data section, in order.
 * @param source the section's contents
 * @param value initial value of a global that an offset names
 * @throws FormatError where the section is malformed
 */
export function readActiveData(
  source: ByteSource,
  value: (index: number) => Constant | undefined,
): DataSegment[] {
  const header = (at: number): ByteReader =>
    new ByteReader(source.read(at, Math.min(HEADER, source.size - at)), "data", at);
  const segments: DataSegment[] = [];
  const first = header(0);
  const count = first.uleb();
  if (count > MOST || count > source.size) first.fail(`${count} data segments are too many`, undefined, 0);
  let at = first.position;
  for (let index = 0; index < count; index++) {
    const reader = header(at);
    const flags = reader.uleb();
    if (flags > 2) reader.fail(`Unknown data segment ${flags}`, undefined, at);
    const memory = flags === 2 ? reader.uleb() : 0;
    const offset = flags === 1 ? undefined : constantOffset(readConstant(reader, value));
    const size = reader.uleb();
    if (size > source.size - reader.position) {
      throw new FormatError(
        `Data segment ${index} has ${size} bytes, more than are left`,
        { section: "data", offset: at },
        "The file may be truncated.",
      );
    }
    if (flags !== 1) segments.push({ index, memory, offset, size, at: reader.position });
    at = reader.position + size;
  }
  return segments;
}

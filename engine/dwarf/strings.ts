/**
 * Text: .debug_str and .debug_line_str by offset, .debug_str_offsets by index (DWARF 5 §7.26, §7.27).
 */
import type { ByteSource } from "../bytes/source";
import { readGrowing } from "./sections";

/** The NUL-terminated text at an offset of a string section. */
export function stringAt(source: ByteSource, offset: number): string {
  return readGrowing(source, offset, (reader) => reader.cstring(), 64);
}

/**
 * Slot `index` of a table of section offsets: .debug_str_offsets, or the offsets before a list section's
 * lists.
 *
 * @param base where slot 0 is, in bytes from the section's start
 * @param offsetSize bytes of a slot
 */
export function offsetAt(source: ByteSource, base: number, index: number, offsetSize: number): number {
  return readGrowing(source, base + index * offsetSize, (reader) => reader.unsigned(offsetSize), offsetSize);
}

/**
 * The DWARF sections of a module by name, and the one way in which variable-length things are read from
 * them: through a window that starts small and grows only when it was too short.
 */
import { FormatError } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import type { ByteSource } from "../bytes/source";

/** Where the sections come from: a Wasm module's custom sections, a .dwo file, a test. */
export interface DwarfSections {
  /** A section by its full name, e.g. `.debug_info`; undefined when the module has none. */
  section(name: string): ByteSource | undefined;
}

/** What is asked of a Wasm module: its custom sections (engine/wasm/module.ts has them). */
export interface HasCustomSections {
  customSection(name: string): ByteSource | undefined;
}

/** The DWARF sections of a Wasm module, which keeps them as custom sections of the same names. */
export function dwarfSectionsOf(module: HasCustomSections): DwarfSections {
  return { section: (name) => module.customSection(name) };
}

/**
 * Parses something of unknown length at `offset` of a section, reading no more than about four times of what
 * it takes: `parse` runs on a window, and again on a larger one when the window was too short.
 *
 * @param source the section
 * @param offset bytes from its start
 * @param parse must have no effect when it throws
 * @param window bytes to try first
 */
export function readGrowing<T>(
  source: ByteSource,
  offset: number,
  parse: (reader: ByteReader) => T,
  window = 256,
): T {
  const available = source.size - offset;
  if (!(offset >= 0 && available >= 0)) {
    throw new FormatError(`Offset 0x${offset.toString(16)} lies outside`, { section: source.name, offset });
  }
  for (let length = Math.min(window, available); ; length = Math.min(length * 4, available)) {
    try {
      return parse(new ByteReader(source.read(offset, length), source.name, offset));
    } catch (error) {
      const isTooShort = error instanceof FormatError && error.where.section === source.name;
      if (!isTooShort || length === available) throw error;
    }
  }
}

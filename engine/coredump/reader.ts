/** Reads core dumps, whoever wrote them. */
import { attempt, FormatError } from "../bytes/errors";
import type { ByteSource } from "../bytes/source";
import { readSections, type Section } from "../wasm/sections";
import { type ReadOptions, readByBestDialect } from "./dialects/detect";
import type { CoreDump } from "./model";

/**
 * Opens a core dump: threads, modules, instances and globals are read, memory stays in `source`.
 * Sections may come in any order. Unsound parts are left out and listed in `problems`. Frames stand right only
 * where the modules are given: producers count code offsets from different places.
 * @throws FormatError with advice when the file is not WebAssembly, is a module instead of a dump, or is
 *   written in a dialect that is not known
 */
export function readCoreDump(source: ByteSource, options: ReadOptions = {}): CoreDump {
  const { sections, problems } = readSections(source);
  if (!hasDumpSections(sections)) {
    const isModule = sections.some(({ id }) => id === 1 || id === 10);
    throw new FormatError(
      isModule
        ? `${source.name} is a WebAssembly module, not a core dump`
        : `${source.name} is no core dump: it has neither a "core" nor a "corestack" section`,
      { section: source.name, offset: 0 },
      isModule
        ? "Give this file as the program, and the core dump as the core file."
        : "Give the file that the crashed program's runtime wrote.",
    );
  }
  return readByBestDialect({ source, sections, problems }, options);
}

/** Whether a file is a core dump, told from its section headers; false for anything else, whatever it is. */
export function isCoreDump(source: ByteSource): boolean {
  const file = attempt(() => readSections(source));
  return !(file instanceof FormatError) && hasDumpSections(file.sections);
}

function hasDumpSections(sections: readonly Section[]): boolean {
  return sections.some(({ id, name }) => id === 0 && (name === "core" || name === "corestack"));
}

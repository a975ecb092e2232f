/**
 * A module as a rewriter sees it: the preamble and the sections one after another, headers included, so that every byte
 * of the file belongs to exactly one part. And the sections that a rewriter puts in.
 */
import { FormatError } from "../bytes/errors";
import { ByteWriter } from "../bytes/writer";
import type { Section, WasmModule } from "../wasm/module";

export interface ModulePart {
  readonly section: Section;
  /** Offset of the section's id in the file. */
  readonly start: number;
  /** Offset of the first byte after it. */
  readonly end: number;
}

/** Bytes of magic number and version. */
export const PREAMBLE = 8;

/**
 * The parts in the order of the file.
 * @throws FormatError when the file is damaged or cut off: what was rewritten from it would look whole
 */
export function partsOf(module: WasmModule): readonly ModulePart[] {
  const problem = module.problems[0];
  if (problem !== undefined) throw problem;
  let start = PREAMBLE;
  return module.sections.map((section) => {
    const part = { section, start, end: section.start + section.size };
    start = part.end;
    return part;
  });
}

/** A custom section, header and all (Wasm spec §5.5.3). */
export function customSection(name: string, contents: ByteWriter): Uint8Array {
  const named = new ByteWriter().name(name).bytes(contents.finish());
  return new ByteWriter().u8(0).uleb(named.length).bytes(named.finish()).finish();
}

export const isCustom = ({ section }: ModulePart, name: string): boolean =>
  section.id === 0 && section.name === name;

/** DWARF in Wasm (WebAssembly/tool-conventions, Dwarf.md): each of its sections is a custom section of the same name. */
export const isDwarf = ({ section }: ModulePart): boolean =>
  section.id === 0 && section.name.startsWith(".debug_");

/**
 * Relocations count sections and refer to their bytes: where some change, the others would be relocated wrongly.
 * @param verb what is done to modules, for the message
 */
export function refuseObjectFile(module: WasmModule, parts: readonly ModulePart[], verb: string): void {
  const found = parts.find((part) => isCustom(part, "linking") || part.section.name.startsWith("reloc."));
  if (found === undefined) return;
  throw new FormatError(
    `${module.name} is an object file, or a module with relocations`,
    { section: module.name, offset: found.start },
    `${verb} the linked module, linked without --emit-relocs.`,
  );
}

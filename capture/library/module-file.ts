/** What a module says of itself: its name, its build id, and where in its file functions are. */
import type { ProgramInstance } from "./model";

type ModuleOwner = Pick<ProgramInstance, "module">;

/** The contents of a module's first custom section of a name; undefined without one. */
export function customSection({ module }: ModuleOwner = {}, name: string): Uint8Array | undefined {
  const [section] = module ? WebAssembly.Module.customSections(module, name) : [];
  return section && new Uint8Array(section);
}

/** The build id, lower-case hex (tool-conventions, BuildId.md: a length and bytes). */
export function buildIdOf(program: ModuleOwner | undefined): string | undefined {
  const section = customSection(program, "build_id");
  if (section === undefined) return undefined;
  const [length, start] = uleb(section, 0);
  const id = start + length === section.length ? section.subarray(start) : section;
  return Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The name that the module's name section gives to the module itself; undefined when it gives none. */
export function moduleNameOf(program: ProgramInstance): string | undefined {
  const section = customSection(program, "name");
  if (section?.[0] !== 0) return undefined; // the module's name is the first subsection
  const [length, start] = uleb(section, uleb(section, 1)[1]);
  return new TextDecoder().decode(section.subarray(start, start + length));
}

const codeSection = 10;

/** Where the function's body begins that a file offset lies in; undefined outside of all. */
export function bodyStart(bytes: Uint8Array, offset: number): number | undefined {
  for (let at = 8; at < bytes.length; ) {
    const isCode = bytes[at] === codeSection;
    const [size, from] = uleb(bytes, at + 1);
    at = from + size;
    if (!isCode) continue;
    for (let [, body] = uleb(bytes, from); body < at; ) {
      const [length, start] = uleb(bytes, body);
      body = start + length;
      if (offset < body) return offset < start ? undefined : start;
    }
  }
  return undefined;
}

/** An unsigned number and the offset after it. */
export function uleb(bytes: Uint8Array, at: number): readonly [number, number] {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, at];
  }
}

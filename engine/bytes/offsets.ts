/**
 * Offsets of different spaces, as different types.
 *
 * A core dump's reader juggles five number lines: bytes of a file, bytes of a Wasm module's code section
 * (what DWARF calls a "pc" in Wasm), bytes of a function's body, bytes of a DWARF section, and addresses of
 * linear memory. Mixing two of them gives a value that is plausible and wrong, so each has a brand that the
 * compiler checks and that costs nothing at run time.
 */

declare const space: unique symbol;
type Offset<Space extends string> = number & { readonly [space]: Space };

/** Bytes from the start of a file (a module or a core dump). */
export type FileOffset = Offset<"file">;
/** Bytes from the start of the code section's contents (after id and size): a DWARF address in Wasm. */
export type CodeOffset = Offset<"code section">;
/** Bytes from the start of a function's body, i.e. from the byte after the body-size LEB (Coredump.md's `codeoffset`). */
export type BodyOffset = Offset<"function body">;
/** Bytes from the start of a DWARF section, e.g. `.debug_info`. */
export type SectionOffset = Offset<"dwarf section">;
/** A linear memory address in bytes. Memory64 addresses are held too, up to 2^53. */
export type Address = Offset<"linear memory">;
/** A function index, imported functions counted first (the Wasm spec's `funcidx`). */
export type FunctionIndex = Offset<"function index">;

export const fileOffset = (n: number): FileOffset => n as FileOffset;
export const codeOffset = (n: number): CodeOffset => n as CodeOffset;
export const bodyOffset = (n: number): BodyOffset => n as BodyOffset;
export const sectionOffset = (n: number): SectionOffset => n as SectionOffset;
export const address = (n: number): Address => n as Address;
export const functionIndex = (n: number): FunctionIndex => n as FunctionIndex;

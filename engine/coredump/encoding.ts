/**
 * The names and numbers of the core dump format that its reader and its writer share
 * (WebAssembly/tool-conventions, Coredump.md).
 */
import { type BodyOffset, bodyOffset } from "../bytes/offsets";

/** Stands for a position that is not known: it lies outside of every body. */
export const unknownOffset: BodyOffset = bodyOffset(0xffff_ffff);

/** The custom section where our own producer adds what the specification has no place for. */
export const notesSection = "wasm-postmortem.notes";

/** The custom section where our own producer adds tables, which the specification has no place for (tables.ts). */
export const tablesSection = "wasm-postmortem.tables";

/** In `coreinstances`, in place of an index: this memory or global of the module is not in the dump. */
export const absentIndex = 0xffffffff;

/** The byte before each value of a frame. The specification has no tag for v128 and references. */
export const valueTag = { missing: 0x01, i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const;

/** Bytes of a Wasm page, unless the memory says otherwise. */
export const pageSize = 65536;

/** Bits of a memory's limits (Wasm spec, binary format of limits; 0x08 is the custom page sizes proposal). */
export const limitsFlag = { hasMaximum: 0x01, shared: 0x02, memory64: 0x04, customPageSize: 0x08 } as const;

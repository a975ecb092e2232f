/**
 * Places as text. DAP passes addresses as strings that clients do arithmetic on (VS Code reads them as
 * BigInt), and WebAssembly has two spaces of them, both starting at 0: linear memory, and the code.
 *
 *   memory   0x10a4                  an address of linear memory, up to 2^53, of the crash frame's memory
 *   memory   0x600000000010a4        of another memory: its position in the dump plus 1, times 2^53, is added
 *   code     0x4000000200000123      bit 62 set, then the module's id in 30 bits, then 32 bits of offset
 *
 * The code form is the one that LLDB uses for WebAssembly; the offset counts from the start of the module's
 * file, as `wasm-objdump` and the stack traces of JavaScript engines print it. The two never meet, so an
 * instruction's place is never taken for data.
 */
import { type Address, address, type FileOffset, fileOffset } from "../../engine/bytes/offsets";
import { errors } from "../protocol/errors";

const CODE = 1n << 62n;
const MEMORY_SHIFT = 53n;
const ADDRESS_MASK = (1n << MEMORY_SHIFT) - 1n;
const MODULE_SHIFT = 32n;
const OFFSET_MASK = 0xffff_ffffn;
const MODULE_MASK = 0x3fff_ffffn;

/** A memory as references name it: 0 is the crash frame's, any other its position in the dump plus 1. */
export type MemoryNumber = number;
/** Stands for a memory that the dump does not have, and for those past the last that can be numbered. */
export const ABSENT_MEMORY: MemoryNumber = 511;

export const memoryReference = (at: Address, memory: MemoryNumber = 0): string =>
  `0x${((BigInt(memory) << MEMORY_SHIFT) | BigInt(at)).toString(16)}`;

export const codeReference = (moduleId: number, offset: FileOffset): string =>
  `0x${(CODE | (BigInt(moduleId) << MODULE_SHIFT) | BigInt(offset)).toString(16)}`;

/**
 * An address of a linear memory, written in hexadecimal or decimal.
 * @throws AdapterError when it is none, or the place of an instruction
 */
export function parseMemoryReference(text: string): { memory: MemoryNumber; at: Address } {
  const value = parseInteger(text);
  if (value === undefined || value < 0n) throw errors.badMemoryReference(text);
  if (value >= CODE) throw errors.codeIsNotMemory(text);
  return { memory: Number(value >> MEMORY_SHIFT), at: address(Number(value & ADDRESS_MASK)) };
}

/**
 * The place of an instruction, as `codeReference` writes it.
 * @throws AdapterError when it is anything else
 */
export function parseCodeReference(text: string): { moduleId: number; offset: FileOffset } {
  const value = parseInteger(text);
  if (value === undefined || value >> 62n !== 1n) throw errors.badCodeReference(text);
  return {
    moduleId: Number((value >> MODULE_SHIFT) & MODULE_MASK),
    offset: fileOffset(Number(value & OFFSET_MASK)),
  };
}

function parseInteger(text: string): bigint | undefined {
  return /^\s*(0x[0-9a-f]+|\d+)\s*$/i.test(text) ? BigInt(text.trim().toLowerCase()) : undefined;
}

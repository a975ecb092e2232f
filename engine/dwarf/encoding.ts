/**
 * What decides how wide things are in a unit: DWARF version, address size, 32- or 64-bit format (DWARF 5 §7.4).
 */
import type { ByteReader } from "../bytes/reader";

export interface Encoding {
  /** DWARF version, 2 to 5. */
  readonly version: number;
  /** Bytes of an address: 4 or 8. */
  readonly addressSize: number;
  /** Bytes of a section offset: 4, or 8 in the 64-bit format. */
  readonly offsetSize: number;
}

/** An initial length (§7.4): what follows it, and how wide offsets are from here on. */
export interface InitialLength {
  /** Bytes that follow the length field. */
  readonly length: number;
  readonly offsetSize: 4 | 8;
}

export function readInitialLength(reader: ByteReader): InitialLength {
  const start = reader.position;
  const length = reader.u32();
  if (length < 0xfffffff0) return { length, offsetSize: 4 };
  if (length === 0xffffffff) return { length: reader.u64Number(), offsetSize: 8 };
  return reader.fail(`The unit length 0x${length.toString(16)} is reserved`, undefined, start);
}

/** The address with all bits set, as a number: 2^64 stands for the 8-byte one. */
export const allOnes = (size: number): number => (size === 4 ? 0xffff_ffff : 2 ** 64);

/**
 * An address of 4 or 8 bytes as a number. No Wasm address is past 2^53, so an 8-byte one that is can only be
 * a tombstone (`isTombstone`): 2^64 stands for all ones, 2^63 for any other.
 */
export function readAddress(reader: ByteReader, size: number): number {
  if (size !== 8) return reader.unsigned(size);
  const value = reader.u64();
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  return value === 0xffff_ffff_ffff_ffffn ? 2 ** 64 : 2 ** 63;
}

/** `base + offset` as the target's addresses wrap around. */
export function addAddress(base: number, offset: number, size: number): number {
  const sum = base + offset;
  return size === 4 && sum >= 0x100000000 ? sum - 0x100000000 : sum;
}

/**
 * Whether an address marks code or data that the linker discarded: all ones, or all ones less one, which
 * linkers write where all ones means something else (.debug_ranges, .debug_loc).
 */
export function isTombstone(address: number, size: number): boolean {
  return address >= (size === 4 ? 0xffff_fffe : Number.MAX_SAFE_INTEGER);
}

/**
 * Whether an address cannot be where a function's code starts in this module: a tombstone, or 0, which in
 * Wasm is the code section's function count and what linkers without tombstones leave behind.
 */
export function isDiscardedCode(address: number, size: number): boolean {
  return address === 0 || isTombstone(address, size);
}

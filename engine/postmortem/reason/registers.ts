/** Reading a frame's registers and memory as the plain numbers and texts that runtimes pass around. */
import { address } from "../../bytes/offsets";
import { decodeUtf8 } from "../../bytes/reader";
import type { Machine, Register } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { fromBytes } from "../../dwarf/stack-value";

/** Text longer than this is no message of a runtime. */
const LONGEST_TEXT = 64 * 1024;

/** An i32 or i64 register, unsigned, as a number; undefined when not known or past 2^53. */
export function unsigned(register: Register | Missing | undefined): number | undefined {
  const value = integer(register, false);
  return value === undefined || value > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(value);
}

/** An i32 or i64 register; undefined when it is not known or no integer. */
export function integer(register: Register | Missing | undefined, signed: boolean): bigint | undefined {
  if (register === undefined || register instanceof Missing) return undefined;
  if (register.type !== "i32" && register.type !== "i64") return undefined;
  return littleEndian(register.bytes, signed);
}

export function littleEndian(bytes: Uint8Array, signed: boolean): bigint {
  const value = fromBytes(bytes);
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}

export function readU32(machine: Machine, at: number): number | undefined {
  const bytes = machine.memory(address(at), 4);
  return bytes instanceof Missing ? undefined : Number(littleEndian(bytes, false));
}

/** UTF-8 text; undefined when it is not there, or is no text (control characters, malformed UTF-8). */
export function readText(machine: Machine, at: number, length: number): string | undefined {
  if (length > LONGEST_TEXT) return undefined;
  const bytes = machine.memory(address(at), length);
  if (bytes instanceof Missing) return undefined;
  const text = decodeUtf8(bytes);
  for (const c of text)
    if (c === "\uFFFD" || (c < " " && c !== "\n" && c !== "\t" && c !== "\r")) return undefined;
  return text;
}

/** Text up to a NUL byte, at most `limit` bytes. */
export function readCString(machine: Machine, at: number, limit = 4096): string | undefined {
  if (at === 0) return undefined;
  for (let length = 0; length < limit; length++) {
    const byte = machine.memory(address(at + length), 1);
    if (byte instanceof Missing) return undefined;
    if (byte[0] === 0) return readText(machine, at, length);
  }
  return undefined;
}

/** `type_info` as objects and vtables refer to it (Itanium C++ ABI 2.5.2, 2.9.5). */
import { type Address, address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { fromBytes } from "../../dwarf/stack-value";
import { textAt } from "../text";

/** Bytes of a mangled name that are compared. */
const NAME_LIMIT = 1024;

/** An address in memory; undefined where there is no memory, or none that it could be. */
export function word(machine: Machine, at: number): Address | undefined {
  const bits = bitsAt(machine, at);
  return bits === undefined || bits > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : address(Number(bits));
}

/** A word of memory; undefined where there is none. */
export function bitsAt(machine: Machine, at: number): bigint | undefined {
  if (at <= 0 || !Number.isSafeInteger(at)) return undefined;
  const bytes = machine.memory(address(at), machine.addressSize);
  return bytes instanceof Missing ? undefined : fromBytes(bytes);
}

/** The mangled name in the type_info that a vtable refers to; undefined in programs without such. */
export function typeInfoName(machine: Machine, vtable: number): string | undefined {
  const info = word(machine, vtable - machine.addressSize);
  return info ? nameOfTypeInfo(machine, info) : undefined;
}

/** The mangled name that a type_info's second word points at. */
export function nameOfTypeInfo(machine: Machine, at: number): string | undefined {
  const name = word(machine, at + machine.addressSize);
  if (!name) return undefined;
  const found = textAt(machine, name, 1, NAME_LIMIT);
  return found instanceof Missing || found.more || found.bytes.length === 0
    ? undefined
    : String.fromCharCode(...found.bytes);
}

/** Enumerations (DWARF 5 §5.7): the enumerator's name, flags as `A | B`, and plain numbers for what has no name. */
import { DW_AT, DW_TAG } from "../dwarf/constants";
import { Missing, missing } from "../dwarf/missing";
import { fromBytes } from "../dwarf/stack-value";
import { valueBits } from "./base";
import { wideConstant } from "./constants";
import { type Presentation, unavailable } from "./presentation";
import type { Storage } from "./storage";
import type { EnumerationType } from "./types";

interface Enumerator {
  /** Undefined where the debug information has lost it. */
  readonly name: string | undefined;
  /** Cut to the enumeration's width, so that the sign of its form does not matter. */
  readonly bits: bigint;
}

export function presentEnumeration(type: EnumerationType, storage: Storage): Presentation {
  const size = type.size;
  if (size === undefined || size > 16) return unavailable(missing("incomplete-type", type.name));
  const bytes = storage.read(size);
  if (bytes instanceof Missing) return unavailable(bytes);
  const width = valueBits(type, storage);
  const value = BigInt.asUintN(width, fromBytes(bytes));
  return {
    summary(style) {
      if (style.hex) return `0x${value.toString(16)}`;
      const { enumerators, negative } = readEnumerators(type, width);
      const name = nameAmong(enumerators, value, type);
      if (name !== undefined) return type.flavour.enumerator(name);
      const signed = type.signed ?? negative;
      return flags(enumerators, value) ?? (signed ? BigInt.asIntN(width, value) : value).toString();
    },
  };
}

/** The name of the enumerator that a value is; undefined when it is none, or a sum of several. */
export function enumeratorOf(type: EnumerationType, storage: Storage): string | Missing | undefined {
  const { size } = type;
  if (size === undefined || size > 16) return missing("incomplete-type", type.name);
  const bytes = storage.read(size);
  if (bytes instanceof Missing) return bytes;
  const width = valueBits(type, storage);
  const value = BigInt.asUintN(width, fromBytes(bytes));
  return nameAmong(readEnumerators(type, width).enumerators, value, type);
}

/**
 * The first name of a number. Zig gives no number two names: where two have the same, the debug information has lost the
 * sign of one, as that of Zig 0.11 does.
 */
function nameAmong(
  enumerators: readonly Enumerator[],
  value: bigint,
  { flavour }: EnumerationType,
): string | undefined {
  const named = enumerators.filter(({ bits }) => bits === value);
  return flavour.name === "zig" && named.length > 1 ? undefined : named[0]?.name;
}

function readEnumerators(
  type: EnumerationType,
  width: number,
): { enumerators: Enumerator[]; negative: boolean } {
  const values: { name: string | undefined; value: bigint }[] = [];
  for (const child of type.entry.children()) {
    if (child.tag !== DW_TAG.enumerator) continue;
    const value = wideConstant(child, DW_AT.const_value, type.signed ?? true);
    if (value !== undefined) values.push({ name: child.name, value });
  }
  const negative = values.some(({ value }) => value < 0n);
  const whole = 8 * (type.size ?? 0);
  const enumerators = values
    .filter(({ value }) => fits(value, width, whole, type.signed ?? negative))
    .map(({ name, value }) => ({ name, bits: BigInt.asUintN(width, value) }));
  return { enumerators, negative };
}

/** Whether a bit-field of `width` bits can hold an enumerator of an enumeration of `whole` bits. */
function fits(value: bigint, width: number, whole: number, signed: boolean): boolean {
  const cut = signed ? BigInt.asIntN : BigInt.asUintN;
  return width >= whole || cut(width, value) === cut(whole, value);
}

/** `A | B`, when the enumerators are single bits and combinations of them, and they make up the whole value. */
function flags(enumerators: readonly Enumerator[], value: bigint): string | undefined {
  const single = enumerators.filter(({ bits }) => bits !== 0n && (bits & (bits - 1n)) === 0n);
  const all = single.reduce((union, { bits }) => union | bits, 0n);
  const areFlags = single.length >= 2 && enumerators.every(({ bits }) => (bits & ~all) === 0n);
  if (!areFlags || value === 0n || (value & ~all) !== 0n || consecutive(enumerators)) return undefined;
  const names: string[] = [];
  let seen = 0n;
  for (const { name, bits } of single) {
    if ((value & bits) === 0n || (seen & bits) !== 0n) continue;
    if (name === undefined) return undefined;
    seen |= bits;
    names.push(name);
  }
  return names.join(" | ");
}

/** Whether this is a plain count 0, 1, 2 (or 1, 2), whose values happen to be bits. */
function consecutive(enumerators: readonly Enumerator[]): boolean {
  return enumerators.every(({ bits }) => bits < 4n);
}

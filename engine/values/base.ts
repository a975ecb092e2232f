/** Base types (DWARF 5 §5.1): integers of any size, booleans, characters, floating-point and complex numbers. */
import { DW_ATE } from "../dwarf/constants";
import { Missing } from "../dwarf/missing";
import { fromBytes } from "../dwarf/stack-value";
import { BINARY_FORMATS, binaryFloatText, withoutIntegerBit } from "./binary-floats";
import { type Presentation, unavailable } from "./presentation";
import type { Storage } from "./storage";
import { quoteCharacter } from "./text";
import { type BaseType, strip, type Type } from "./types";

export function presentBase(type: BaseType, storage: Storage): Presentation {
  const size = type.size ?? 0;
  if (size === 0) return { summary: () => type.name };
  const bytes = storage.read(size);
  if (bytes instanceof Missing) return unavailable(bytes);
  return { summary: (style) => baseText(type, bytes, style.hex, valueBits(type, storage)) };
}

function baseText(type: BaseType, bytes: Uint8Array, hex: boolean, bits: number): string {
  const unsigned = BigInt.asUintN(bits, fromBytes(bytes));
  const value = isSigned(type) ? BigInt.asIntN(bits, unsigned) : unsigned;
  const hexText = `0x${unsigned.toString(16).padStart(hex ? Math.ceil(bits / 4) : 1, "0")}`;
  switch (type.encoding) {
    case DW_ATE.boolean:
      return unsigned > 1n ? `true (${unsigned})` : unsigned === 1n ? "true" : "false";
    case DW_ATE.signed_char:
    case DW_ATE.unsigned_char: {
      if (bytes.length > 1) return hex ? hexText : value.toString();
      const text = type.flavour.character(byteCharacter(Number(unsigned)), value);
      const number = value.toString();
      return hex && text.startsWith(number) ? hexText + text.slice(number.length) : text;
    }
    case DW_ATE.UTF:
    case DW_ATE.UCS:
    case DW_ATE.ASCII:
      if (unsigned > 0x10ffffn) return hexText;
      return type.flavour.character(
        bytes.length === 1 ? byteCharacter(Number(unsigned)) : quoteCharacter(Number(unsigned)),
        value,
      );
    case DW_ATE.float:
      return floatText(type, bytes) ?? hexText;
    case DW_ATE.imaginary_float: {
      const text = floatText(type, bytes);
      return text === undefined ? hexText : `${text}i`;
    }
    case DW_ATE.complex_float: {
      const half = bytes.length / 2;
      const real = floatText(type, bytes.subarray(0, half));
      const imaginary = floatText(type, bytes.subarray(half));
      if (real === undefined || imaginary === undefined) return hexText;
      return imaginary.startsWith("-") ? `${real} - ${imaginary.slice(1)}i` : `${real} + ${imaginary}i`;
    }
    case DW_ATE.signed:
    case DW_ATE.unsigned: {
      if (hex) return hexText;
      const character = CHARACTERS.test(type.name) && unsigned <= 0x10ffffn;
      return character ? type.flavour.character(quoteCharacter(Number(unsigned)), value) : value.toString();
    }
    default:
      // Addresses, and decimal or fixed-point numbers, whose scale would have to be guessed.
      return hexText;
  }
}

/** A byte of a string: above ASCII it is part of a character, so it is written as a byte. */
function byteCharacter(byte: number): string {
  return byte < 0x80 ? quoteCharacter(byte) : `'\\x${byte.toString(16)}'`;
}

/** IEEE 754 of 2, 4, 8 or 16 bytes, or x87's of 10, as its shortest text; undefined for other widths. */
function floatText(type: BaseType, bytes: Uint8Array): string | undefined {
  const size = type.bits === undefined ? bytes.length : type.bits / 8;
  const own = fromBytes(bytes.subarray(0, size));
  const bits = size === 10 ? withoutIntegerBit(own) : own;
  const format = BINARY_FORMATS[size];
  return format && bits !== undefined ? type.flavour.float(binaryFloatText(bits, format)) : undefined;
}

export function isSigned(type: BaseType): boolean {
  return (
    type.encoding === DW_ATE.signed ||
    type.encoding === DW_ATE.signed_char ||
    type.encoding === DW_ATE.signed_fixed
  );
}

/** C's characters that are typedefs of integers there, and types of their own in C++. */
const CHARACTERS = /^(wchar_t|char(8|16|32)_t)$/;
const TYPEDEFS = 8;

/**
 * A type as the language's character, so that a run of it is text: `char`, `wchar_t`, `char16_t`, also where C makes
 * them by a typedef; undefined for every other type.
 */
export function characterType(declared: Type): BaseType | undefined {
  const type = strip(declared);
  if (type.kind !== "base" || type.flavour.name === "rust" || type.flavour.name === "zig") return undefined;
  const plain = type.encoding === DW_ATE.signed_char || type.encoding === DW_ATE.unsigned_char;
  if (type.encoding === DW_ATE.UTF || (plain && type.name === "char")) return type;
  let named: Type = declared;
  for (let depth = 0; depth < TYPEDEFS && named.kind === "alias" && !isCharacterName(named); depth++)
    named = named.target;
  return isCharacterName(named) ? { ...type, name: named.entry?.name ?? named.name } : undefined;
}

/** Whether a type has the name of a character, or is that name with a qualifier. */
const isCharacterName = (type: Type): boolean =>
  CHARACTERS.test(type.entry?.name ?? type.name) && (type.kind === "alias" || type.kind === "base");

/** A value as a whole number, where its type has such values. */
export function integerOf(declared: Type, storage: Storage): bigint | Missing | undefined {
  const type = strip(declared);
  if (type.kind !== "base" && type.kind !== "enumeration" && type.kind !== "pointer") return undefined;
  if (type.kind === "base" && NOT_WHOLE.has(type.encoding)) return undefined;
  if (type.size === undefined || type.size === 0 || type.size > 16) return undefined;
  const bytes = storage.read(type.size);
  if (bytes instanceof Missing) return bytes;
  const cut = signedness(type) ? BigInt.asIntN : BigInt.asUintN;
  return cut(valueBits(type, storage), fromBytes(bytes));
}

/** How many of the lowest bits are the value: a bit-field's, its type's own, or all. */
export function valueBits(type: Type, storage: Storage): number {
  const narrowed = type.kind === "base" || type.kind === "enumeration" ? type.bits : undefined;
  return storage.bits ?? narrowed ?? 8 * (type.size ?? 0);
}

const NOT_WHOLE: ReadonlySet<number> = new Set([
  DW_ATE.float,
  DW_ATE.complex_float,
  DW_ATE.imaginary_float,
  DW_ATE.packed_decimal,
  DW_ATE.numeric_string,
  DW_ATE.edited,
  DW_ATE.signed_fixed,
  DW_ATE.unsigned_fixed,
  DW_ATE.decimal_float,
]);

/** Whether a type's whole numbers have a sign. */
export function signedness(type: Type): boolean {
  if (type.kind === "base") return isSigned(type);
  return type.kind === "enumeration" && type.signed === true;
}

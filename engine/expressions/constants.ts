/** Literals as scalars, with the types that the language gives them. */
import { cInteger, wrap } from "./c-arithmetic";
import { ExpressionError } from "./errors";
import { nearestFloat } from "./floats";
import { type NumberLiteral, readNumber } from "./literals";
import { checked } from "./rust-arithmetic";
import { type IntegerType, integer, type Scalar } from "./scalars";
import type { Session } from "./session";
import { bytesOf, type Prefix, readText } from "./text-literals";
import { wideRatio } from "./wide-floats";

/** @param sign -1n for a literal behind Rust's minus, whose range is that of the negative number */
export function numberLiteral(text: string, session: Session, position: number, sign: 1n | -1n = 1n): Scalar {
  const literal = readNumber(text, session.rules, position);
  if (literal.kind === "float") return floatLiteral(literal, session, Number(sign));
  const value = sign * literal.value;
  if (session.rules !== "c") return plainInteger(value, literal.suffix, session, position);
  const type = cTypes(literal, session.addressSize).find((candidate) => wrap(value, candidate) === value);
  if (type === undefined) throw new ExpressionError(`${text} is too large`, position);
  return integer(value, type);
}

function floatLiteral(
  { value, suffix }: NumberLiteral & { kind: "float" },
  { rules }: Session,
  sign: number,
): Scalar {
  if (suffix === "l") {
    const wide = wideRatio(value.numerator, value.denominator, { name: "long double", size: 16 });
    return { kind: "wide", ...wide };
  }
  const size = suffix === "f" || suffix === "f32" ? 4 : 8;
  const untyped = rules !== "c" && suffix === "";
  const name =
    rules === "c" ? (size === 4 ? "float" : "double") : untyped ? UNTYPED[rules].float : `f${8 * size}`;
  const magnitude = nearestFloat(value.numerator, value.denominator, size);
  return { kind: "float", value: sign * magnitude, type: { name, size, untyped } };
}

/**
 * The types that C tries for a literal, in order (C23 §6.4.4.1); one too large for all of them is `unsigned long long`
 * to clang, however it is written, and beyond that an extension of ours.
 */
function cTypes({ suffix, based }: NumberLiteral & { kind: "integer" }, addressSize: number): IntegerType[] {
  const [, sign, width] = /^([ui])(8|16|32|64|128|size)$/.exec(suffix) ?? [];
  if (width !== undefined) return [rustType(sign === "i", width, addressSize)];
  const unsignedOnly = suffix.includes("u");
  // C++'s `z` is for the types of sizes and of their differences.
  const ranks = suffix.includes("z") ? [1] : [0, 1, 2, 3].slice(suffix.split("l").length - 1);
  return ranks.flatMap((rank) => [
    ...(unsignedOnly ? [] : [cInteger(rank, true, addressSize)]),
    ...(unsignedOnly || based || rank >= 2 ? [cInteger(rank, false, addressSize)] : []),
  ]);
}

function rustType(signed: boolean, width: string, addressSize: number): IntegerType {
  const bits = width === "size" ? 8 * addressSize : Number(width);
  return { name: `${signed ? "i" : "u"}${width}`, bits, signed };
}

/** What the languages call numbers that take the type of what they meet. */
const UNTYPED = {
  rust: { integer: "{integer}", float: "{float}" },
  zig: { integer: "comptime_int", float: "comptime_float" },
} as const;

/** A literal of Rust or Zig, which has no type of its own without a suffix. */
function plainInteger(value: bigint, suffix: string, session: Session, position: number): Scalar {
  const { addressSize, rules } = session;
  const [, sign, width] = /^([ui])(8|16|32|64|128|size)$/.exec(suffix) ?? [];
  if (width !== undefined)
    return checked(value, rustType(sign === "i", width, addressSize), String(value), position);
  if (suffix !== "" || rules === "c")
    throw new ExpressionError(`the language has no suffix “${suffix}”`, position);
  const name = UNTYPED[rules].integer;
  const candidates = [32, 64, 128].map((bits) => ({ name, bits, signed: true, untyped: true }));
  candidates.push({ name, bits: 128, signed: false, untyped: true });
  const type = candidates.find((candidate) => wrap(value, candidate) === value);
  if (type === undefined) throw new ExpressionError(`${value} is too large`, position);
  return integer(value, type);
}

/** C's characters are numbers of their prefix's width; Rust's are characters, its `b'a'` a u8; Zig's plain numbers. */
export function characterLiteral(text: string, session: Session, position: number): Scalar {
  const { rules, flavour, addressSize } = session;
  const literal = readText(text, rules, position);
  const { prefix, units } = literal;
  if (rules !== "c" && prefix === "") {
    const [character, ...more] = [...new TextDecoder().decode(bytesOf(literal))];
    if (character === undefined || more.length > 0) throw severalCharacters(position);
    const code = BigInt(character.codePointAt(0)!);
    return rules === "zig" ? plainInteger(code, "", session, position) : { kind: "character", code };
  }
  // Several characters are an int in C, the last one its lowest byte.
  if (prefix === "" && units.length > 1 && units.length <= 4 && units.every((unit) => unit < 0x80))
    return integer(
      BigInt.asIntN(
        32,
        units.reduce((number, unit) => (number << 8n) | BigInt(unit), 0n),
      ),
      cInteger(0, true, addressSize),
    );
  if (units.length !== 1) throw severalCharacters(position);
  const type = UNIT_TYPES[prefix];
  const value = wrap(BigInt(units[0]!), type);
  // In C a character is an int, in C++ a char.
  const promoted = flavour.name === "c" && prefix === "";
  return integer(value, promoted ? cInteger(0, true, addressSize) : type);
}

const severalCharacters = (position: number): ExpressionError =>
  new ExpressionError("one character is expected between the quotes", position);

/** What a unit of text is, by the prefix of its literal. */
export const UNIT_TYPES: Readonly<Record<Prefix, IntegerType>> = {
  "": { name: "char", bits: 8, signed: true },
  b: { name: "u8", bits: 8, signed: false },
  c: { name: "u8", bits: 8, signed: false },
  u8: { name: "char8_t", bits: 8, signed: false },
  u: { name: "char16_t", bits: 16, signed: false },
  U: { name: "char32_t", bits: 32, signed: false },
  L: { name: "wchar_t", bits: 32, signed: true },
};

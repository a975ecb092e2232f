/** Literals as scalars, with the types that the language gives them. */
import { cInteger, wrap } from "./c-arithmetic";
import { ExpressionError } from "./errors";
import { roundTo } from "./floats";
import { type NumberLiteral, readNumber } from "./literals";
import { checked } from "./rust-arithmetic";
import { type IntegerType, integer, quotedText, type Scalar } from "./scalars";
import type { Session } from "./session";

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

function floatLiteral(literal: NumberLiteral & { kind: "float" }, { rules }: Session, sign: number): Scalar {
  const { suffix } = literal;
  const single = suffix === "f" || suffix === "f32";
  const size = single ? 4 : 8;
  const untyped = rules !== "c" && suffix === "";
  const name =
    rules === "c" ? (single ? "float" : "double") : untyped ? UNTYPED[rules].float : `f${8 * size}`;
  return { kind: "float", value: sign * roundTo(literal.value, size), type: { name, size, untyped } };
}

/** The types that C tries for a literal, in order (C23 §6.4.4.1). */
function cTypes({ suffix, based }: NumberLiteral & { kind: "integer" }, addressSize: number): IntegerType[] {
  const [, sign, width] = /^([ui])(8|16|32|64|128|size)$/.exec(suffix) ?? [];
  if (width !== undefined) return [rustType(sign === "i", width, addressSize)];
  const lowest = suffix.split("l").length - 1;
  const unsignedOnly = suffix.includes("u");
  return [0, 1, 2, 3]
    .filter((rank) => rank >= lowest)
    .flatMap((rank) => [
      ...(unsignedOnly ? [] : [cInteger(rank, true, addressSize)]),
      ...(unsignedOnly || based || rank === 3 ? [cInteger(rank, false, addressSize)] : []),
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
export function characterLiteral(code: number, prefix: string, session: Session, position: number): Scalar {
  const { rules } = session;
  if (rules === "rust" && prefix === "") return { kind: "character", code: BigInt(code) };
  if (rules === "zig" && prefix === "") return plainInteger(BigInt(code), "", session, position);
  const types: Readonly<Record<string, IntegerType>> = {
    "": { name: "char", bits: 8, signed: true },
    b: { name: "u8", bits: 8, signed: false },
    u8: { name: "char8_t", bits: 8, signed: false },
    u: { name: "char16_t", bits: 16, signed: false },
    U: { name: "char32_t", bits: 32, signed: false },
    L: { name: "wchar_t", bits: 32, signed: true },
  };
  // In C a character is an int, in C++ a char.
  if (session.flavour.name === "c" && prefix === "" && code <= 0xff)
    return integer(BigInt.asIntN(8, BigInt(code)), cInteger(0, true, session.addressSize));
  const type = types[prefix]!;
  if (code >= 2 ** type.bits || (prefix === "" && code > 0xff))
    throw new ExpressionError(`the character does not fit into ${type.name}: write U'…'`, position);
  return integer(wrap(BigInt(code), type), type);
}

export function stringLiteral(text: string): Scalar & { kind: "text" } {
  return quotedText(new TextEncoder().encode(text));
}

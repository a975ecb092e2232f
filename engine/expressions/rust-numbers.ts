/** What Rust's numbers, characters and pointers compute by methods, where the result is one for every machine. */
import type { Value } from "../values/model";
import { sizeOf } from "../values/types";
import { option } from "./composed";
import { ExpressionError } from "./errors";
import { floatBits } from "./float-bits";
import { awayFromZero, roundTo } from "./floats";
import { unified } from "./rust-arithmetic";
import { integerMethod } from "./rust-integers";
import { integer, type Scalar, scalarValue } from "./scalars";
import type { Session } from "./session";
import { sizeType } from "./sizes";

/** `self.name(operands)`; undefined where there is no such method that only computes. */
export function numberMethod(
  self: Scalar,
  name: string,
  operands: readonly Scalar[],
  session: Session,
  position: number,
): Scalar | Value | undefined {
  switch (self.kind) {
    case "integer":
      if (self.type.enumeration === true) return undefined;
      return (
        integerMethod(self, name, operands, session, position) ??
        (self.type.name === "u8"
          ? characterMethod(Number(self.value), self, name, operands, session)
          : undefined)
      );
    case "float":
      return floatMethod(self, name, operands, position);
    case "character":
      return characterMethod(Number(self.code), self, name, operands, session);
    case "pointer":
      return pointerMethod(self, name, operands, session, position);
    default:
      return undefined;
  }
}

const truth = (value: boolean): Scalar => ({ kind: "boolean", value });

const FLOAT_READS: Readonly<Record<string, (value: number) => number | boolean>> = {
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  sqrt: Math.sqrt,
  round: awayFromZero,
  fract: (value) => value - Math.trunc(value),
  recip: (value) => 1 / value,
  signum: (value) => (Number.isNaN(value) ? value : value > 0 || Object.is(value, 0) ? 1 : -1),
  is_nan: Number.isNaN,
  is_finite: Number.isFinite,
  is_infinite: (value) => Math.abs(value) === Number.POSITIVE_INFINITY,
  is_sign_negative: (value) => value < 0 || Object.is(value, -0),
  is_sign_positive: (value) => value > 0 || Object.is(value, 0),
};

function floatMethod(
  self: Scalar & { kind: "float" },
  name: string,
  operands: readonly Scalar[],
  position: number,
): Scalar | undefined {
  const { value, type } = self;
  const [operand, more] = operands;
  if (operand === undefined) {
    if (name === "to_bits") {
      const size = type.size;
      return integer(floatBits(value, size), { name: `u${8 * size}`, bits: 8 * size, signed: false });
    }
    const signOfNaN = Number.isNaN(value) && name.startsWith("is_sign");
    const read = Object.hasOwn(FLOAT_READS, name) && !signOfNaN ? FLOAT_READS[name]!(value) : undefined;
    if (read === undefined) return undefined;
    return typeof read === "boolean" ? truth(read) : { kind: "float", value: roundTo(read, type.size), type };
  }
  const other = (given: Scalar): number => {
    const [, adapted] = unified("and", self, given, position);
    if (adapted.kind !== "float")
      throw new ExpressionError("a floating-point number is expected here", position);
    return adapted.value;
  };
  const give = (result: number): Scalar => ({ kind: "float", value: result, type });
  if (name === "clamp" && more !== undefined) {
    const [low, high] = [other(operand), other(more)];
    if (!(low <= high)) throw new ExpressionError("clamp would panic: its bounds are not in order", position);
    return give(value < low ? low : value > high ? high : value);
  }
  if (more !== undefined) return undefined;
  const b = other(operand);
  if (name === "min" || name === "max") {
    if (Number.isNaN(value) || Number.isNaN(b)) return give(Number.isNaN(value) ? b : value);
    return give(name === "min" ? Math.min(value, b) : Math.max(value, b));
  }
  if (name === "copysign" && !Number.isNaN(b))
    return give(b < 0 || Object.is(b, -0) ? -Math.abs(value) : Math.abs(value));
  return undefined;
}

/** Classes of ASCII by the methods' names. */
const ASCII: Readonly<Record<string, RegExp>> = {
  is_ascii: /[\s\S]/,
  is_ascii_alphabetic: /[A-Za-z]/,
  is_ascii_alphanumeric: /[A-Za-z0-9]/,
  is_ascii_control: /\p{Cc}/u,
  is_ascii_digit: /[0-9]/,
  is_ascii_graphic: /[!-~]/,
  is_ascii_hexdigit: /[0-9A-Fa-f]/,
  is_ascii_lowercase: /[a-z]/,
  is_ascii_punctuation: /[!-/:-@[-`{-~]/,
  is_ascii_uppercase: /[A-Z]/,
  is_ascii_whitespace: /[\t\n\f\r ]/,
};
/** Unicode's properties that Rust's methods ask for. */
const UNICODE: Readonly<Record<string, RegExp>> = {
  is_alphabetic: /\p{Alphabetic}/u,
  is_numeric: /\p{N}/u,
  is_alphanumeric: /[\p{Alphabetic}\p{N}]/u,
  is_lowercase: /\p{Lowercase}/u,
  is_uppercase: /\p{Uppercase}/u,
  is_whitespace: /\p{White_Space}/u,
  is_control: /\p{Cc}/u,
};

/** Of a char, and of a u8 as far as it stands for one. */
function characterMethod(
  code: number,
  self: Scalar,
  name: string,
  operands: readonly Scalar[],
  session: Session,
): Scalar | Value | undefined {
  const text = String.fromCodePoint(code);
  const [operand, more] = operands;
  const isChar = self.kind === "character";
  const sized = (size: number): Scalar => integer(BigInt(size), sizeType(session));
  if (more !== undefined) return undefined;
  if (operand === undefined) {
    if (Object.hasOwn(ASCII, name)) return truth(code < 0x80 && ASCII[name]!.test(text));
    if (isChar && Object.hasOwn(UNICODE, name)) return truth(UNICODE[name]!.test(text));
    if (isChar && name === "len_utf8") return sized(new TextEncoder().encode(text).length);
    if (isChar && name === "len_utf16") return sized(text.length);
    const turned =
      name === "to_ascii_uppercase" ? [/[a-z]/, -32] : name === "to_ascii_lowercase" ? [/[A-Z]/, 32] : [];
    const [turns, by] = turned as [RegExp?, number?];
    if (turns === undefined) return undefined;
    const next = BigInt(code + (turns.test(text) ? by! : 0));
    return self.kind === "integer" ? integer(next, self.type) : { kind: "character", code: next };
  }
  if (!isChar || operand.kind !== "integer" || operand.value < 2n || operand.value > 36n) return undefined;
  const digit = /[0-9a-zA-Z]/.test(text) ? BigInt(Number.parseInt(text, 36)) : 99n;
  if (name === "is_digit") return truth(digit < operand.value);
  if (name !== "to_digit") return undefined;
  const found = integer(digit, { name: "u32", bits: 32, signed: false });
  return option(digit < operand.value ? scalarValue(found, session) : undefined, "u32");
}

function pointerMethod(
  self: Scalar & { kind: "pointer" },
  name: string,
  [operand, more]: readonly Scalar[],
  session: Session,
  position: number,
): Scalar | undefined {
  if (more !== undefined || self.type.form !== "pointer") return undefined;
  if (operand === undefined) return name === "addr" ? integer(self.address, sizeType(session)) : undefined;
  const sign = /^(wrapping_)?(add|offset)$/.test(name)
    ? 1n
    : /^(wrapping_)?sub$/.test(name)
      ? -1n
      : undefined;
  if (sign === undefined || operand.kind !== "integer") return undefined;
  const size = sizeOf(self.type.target);
  if (size === undefined)
    throw new ExpressionError(`the size of ${self.type.target.name} is not known`, position);
  const moved = self.address + sign * operand.value * BigInt(size);
  return { kind: "pointer", type: self.type, address: BigInt.asUintN(8 * session.addressSize, moved) };
}

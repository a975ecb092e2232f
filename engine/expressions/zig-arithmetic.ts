/**
 * Arithmetic as Zig defines it (language reference, Operators): two integers meet in the one of their types that holds
 * all of both, a literal takes the type of what it meets, and what would panic in a safe build is an error. `+%` and
 * its like wrap around; `+|` and its like stay at the end of the range.
 */
import { noOperator, wides, wrap } from "./c-arithmetic";
import { ExpressionError } from "./errors";
import { exactResult } from "./exact";
import { roundTo } from "./floats";
import { checked } from "./rust-arithmetic";
import { type FloatType, type IntegerType, integer, nameOf, type Scalar } from "./scalars";
import type { BinaryOperator } from "./syntax";
import { wideResult } from "./wide-floats";

type Integer = Scalar & { readonly kind: "integer" };
type Float = Scalar & { readonly kind: "float" };

/** An operator other than a comparison, `and` and `or`. */
export function zigBinary(operator: BinaryOperator, left: Scalar, right: Scalar, position: number): Scalar {
  if (left.kind === "integer" && right.kind === "integer")
    return operator === "<<" || operator === ">>" || operator === "<<|"
      ? shift(operator, left, right, position)
      : whole(operator, left, right, position);
  const larger = zigWides(left, right);
  if (larger !== undefined && /^[-+*/]$/.test(operator))
    return { kind: "wide", ...wideResult(operator as "+", larger.a, larger.b) };
  const floats = zigFloats(left, right);
  if (floats === undefined || !/^[-+*/]$/.test(operator)) throw noOperator(operator, left, right, position);
  const [{ value: a, type }, { value: b }] = floats;
  const value = operator === "+" ? a + b : operator === "-" ? a - b : operator === "*" ? a * b : a / b;
  return { kind: "float", value: roundTo(value, type.size), type };
}

/** Two numbers of the wider of their floating-point types; undefined where a run-time integer is among them. */
export function zigFloats(left: Scalar, right: Scalar): readonly [Float, Float] | undefined {
  const types = [left, right].flatMap((side) =>
    side.kind === "float" && side.type.untyped !== true ? [side.type] : [],
  );
  const type = types.find(({ size }) => size === 8) ?? types[0] ?? LITERAL;
  const [a, b] = [toFloat(left, type), toFloat(right, type)];
  return a && b && (left.kind === "float" || right.kind === "float") ? [a, b] : undefined;
}

/** The same of types that JavaScript has none of: `f128`, `f16`. */
export function zigWides(left: Scalar, right: Scalar): ReturnType<typeof wides> {
  const isFixed = (side: Scalar): boolean => side.kind === "integer" && side.type.untyped !== true;
  return isFixed(left) || isFixed(right) ? undefined : wides(left, right);
}

const LITERAL: FloatType = { name: "comptime_float", size: 8, untyped: true };

function toFloat(scalar: Scalar, type: FloatType): Float | undefined {
  const literal = scalar.kind === "integer" && scalar.type.untyped === true;
  if (scalar.kind !== "float" && !literal) return undefined;
  return { kind: "float", value: roundTo(scalar.value, type.size), type };
}

function whole(operator: BinaryOperator, left: Integer, right: Integer, position: number): Scalar {
  const type = meeting(left, right);
  if (type === undefined) throw noOperator(operator, left, right, position);
  const what = `${left.value} ${operator} ${right.value}`;
  checked(left.value, type, String(left.value), position);
  checked(right.value, type, String(right.value), position);
  const mode = operator[1];
  const exact = exactResult(operator[0] as BinaryOperator, left.value, right.value, position);
  if (mode === "%") return integer(wrap(exact, type), type);
  if (mode === "|") return integer(saturated(exact, type), type);
  if (operator === "/" || operator === "%") {
    const divides = left.value % right.value === 0n;
    // Where @divTrunc and @divFloor differ, Zig refuses to say which one is meant.
    if (!divides && left.value < 0n !== right.value < 0n)
      throw new ExpressionError(`${what} has no meaning in Zig: it is not said how to round`, position);
  }
  return checked(exact, type, what, position);
}

/** The type that holds all numbers of both, in which they meet; a literal's own does not count. */
export function meeting({ type: left }: Integer, { type: right }: Integer): IntegerType | undefined {
  if (left.untyped === true && right.untyped === true) return left.bits < right.bits ? right : left;
  if (left.untyped === true) return right;
  if (right.untyped === true) return left;
  const [narrow, wide] = left.bits < right.bits ? [left, right] : [right, left];
  if (wide.signed === narrow.signed) return wide;
  return wide.signed && wide.bits > narrow.bits ? wide : undefined;
}

function saturated(value: bigint, { bits, signed }: IntegerType): bigint {
  const high = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  const low = signed ? -high - 1n : 0n;
  return value < low ? low : value > high ? high : value;
}

function shift(operator: "<<" | ">>" | "<<|", left: Integer, right: Integer, position: number): Scalar {
  const { type, value } = left;
  // Beyond the type's width only 0 stays what it is; a count so large need not be computed with.
  if (operator === "<<|" && right.value >= 0n)
    return integer(saturated(value << (right.value > 256n ? 256n : right.value), type), type);
  if (right.value < 0n || right.value >= BigInt(type.bits))
    throw new ExpressionError(
      `a shift by ${right.value} overflows the ${type.bits} bits of ${nameOf(left)}`,
      position,
    );
  return integer(wrap(operator === "<<" ? value << right.value : value >> right.value, type), type);
}

/**
 * Arithmetic as C and C++ define it (C23 §6.3.1, §6.5): operands are promoted, then brought to a common type;
 * signed numbers wrap around, as they do in Wasm. What C leaves undefined and Wasm would trap on is an error.
 */
import { type Complex, complexResult, complexType } from "./complex";
import { ExpressionError } from "./errors";
import { exactResult } from "./exact";
import { roundTo } from "./floats";
import { type FloatType, type IntegerType, integer, nameOf, type Scalar } from "./scalars";
import type { BinaryOperator } from "./syntax";
import { toNumber, type Wide, wideAs, wideFrom, wideResult } from "./wide-floats";

/** int, long, long long, __int128. */
const RANKS = ["int", "long", "long long", "__int128"] as const;

/** The integer type of a rank; `long` is as wide as an address in wasm32 and wasm64. */
export function cInteger(rank: number, signed: boolean, addressSize: number): IntegerType {
  const bits = [32, 8 * addressSize, 64, 128][rank]!;
  return { name: `${signed ? "" : "unsigned "}${RANKS[rank]}`, bits, signed };
}

function rankOf({ name, bits }: IntegerType): number {
  if (bits > 64) return 3;
  if (/\blong long\b/.test(name)) return 2;
  if (/\blong\b/.test(name)) return 1;
  return bits > 32 ? 2 : 0;
}

/** Integer promotions: what is narrower than int becomes int, also a bit-field and a truth value. */
export function promote(scalar: Scalar): Scalar {
  if (scalar.kind === "boolean") return integer(scalar.value ? 1n : 0n, cInteger(0, true, 4));
  if (scalar.kind !== "integer") return scalar;
  const { bits, signed } = scalar.type;
  if (bits < 32) return integer(scalar.value, cInteger(0, true, 4));
  // An enumeration is computed with as the integer that it is.
  const known = /^(unsigned )?(int|long|long long|__int128)$/.test(scalar.type.name);
  if (known && [32, 64, 128].includes(bits)) return scalar;
  const rank = rankOf({ name: "", bits, signed });
  return integer(scalar.value, { ...cInteger(rank, signed, 4) });
}

/** The usual arithmetic conversions of two integers. */
function common(left: IntegerType, right: IntegerType, addressSize: number): IntegerType {
  const leftRank = rankOf(left);
  const rightRank = rankOf(right);
  const rank = Math.max(leftRank, rightRank);
  if (left.signed === right.signed) return cInteger(rank, left.signed, addressSize);
  const [unsigned, unsignedRank, signedRank] = left.signed
    ? [right, rightRank, leftRank]
    : [left, leftRank, rightRank];
  if (unsignedRank >= signedRank) return cInteger(rank, false, addressSize);
  const holdsAll = cInteger(signedRank, true, addressSize).bits > unsigned.bits;
  return cInteger(rank, holdsAll, addressSize);
}

export function wrap(value: bigint, { bits, signed }: IntegerType): bigint {
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

/** An operator other than a comparison, `&&` and `||`, of two numbers. */
export function cBinary(
  operator: BinaryOperator,
  first: Scalar,
  second: Scalar,
  addressSize: number,
  position: number,
): Scalar {
  const left = promote(first);
  const right = promote(second);
  if (left.kind === "integer" && right.kind === "integer") {
    if (operator === "<<" || operator === ">>") return shift(operator, left, right.value, position);
    const type = common(left.type, right.type, addressSize);
    const value = whole(operator, wrap(left.value, type), wrap(right.value, type), type, position);
    return integer(wrap(value, type), type);
  }
  const isReal = /^[-+*/]$/.test(operator);
  const larger = isReal ? (complexes(left, right) ?? wides(left, right)) : undefined;
  if (larger?.kind === "complex")
    return { kind: "complex", ...complexResult(operator as "+", larger.a, larger.b) };
  if (larger !== undefined) return { kind: "wide", ...wideResult(operator as "+", larger.a, larger.b) };
  const floats = toFloats(left, right);
  if (floats === undefined || !isReal) throw noOperator(operator, first, second, position);
  const { type, a, b } = floats;
  const value = operator === "+" ? a + b : operator === "-" ? a - b : operator === "*" ? a * b : a / b;
  return { kind: "float", value: roundTo(value, type.size), type };
}

/** Two numbers of which one is complex, as complex ones of the wider parts; undefined for others. */
export function complexes(
  left: Scalar,
  right: Scalar,
): { kind: "complex"; a: Complex; b: Complex } | undefined {
  if (left.kind !== "complex" && right.kind !== "complex") return undefined;
  const sizes = [left, right].map((side) =>
    side.kind === "complex" ? side.type.part : side.kind === "float" ? side.type.size : 4,
  );
  const type = complexType(sizes.includes(8) ? 8 : 4);
  const as = (side: Scalar): Complex | undefined => {
    if (side.kind === "complex") return { ...side, type };
    const real = toFloat(side, { name: "", size: type.part });
    return real === undefined ? undefined : { real, imaginary: 0, type };
  };
  const [a, b] = [as(left), as(right)];
  return a === undefined || b === undefined ? undefined : { kind: "complex", a, b };
}

/** Two numbers of which the wider type is none of JavaScript's, brought to it; undefined for others. */
export function wides(left: Scalar, right: Scalar): { kind: "wide"; a: Wide; b: Wide } | undefined {
  const types = [left, right].flatMap((side) => (side.kind === "wide" ? [side.type] : []));
  // A literal of Zig's takes the type of what it meets.
  const others = [left, right].some((side) => side.kind === "float" && side.type.untyped !== true);
  const type = types.find(({ size }) => size === 16) ?? (others ? undefined : types[0]);
  if (type === undefined) return undefined;
  const as = (side: Scalar): Wide | undefined => {
    if (side.kind === "wide") return wideAs(side, type);
    return side.kind === "float" || side.kind === "integer" ? wideFrom(side.value, type) : undefined;
  };
  const [a, b] = [as(left), as(right)];
  return a === undefined || b === undefined ? undefined : { kind: "wide", a, b };
}

/** Two numbers of which one is floating-point, brought to the wider type; undefined for others. */
export function toFloats(left: Scalar, right: Scalar): { type: FloatType; a: number; b: number } | undefined {
  const types = [left, right].flatMap((side) => (side.kind === "float" ? [side.type] : []));
  const type = types.find(({ size }) => size === 8) ?? types[0];
  if (type === undefined) return undefined;
  const a = toFloat(left, type);
  const b = toFloat(right, type);
  return a === undefined || b === undefined ? undefined : { type, a, b };
}

function toFloat(scalar: Scalar, { size }: FloatType): number | undefined {
  if (scalar.kind === "float") return scalar.value;
  if (scalar.kind === "wide") return toNumber(scalar, size);
  return scalar.kind === "integer" ? roundTo(scalar.value, size) : undefined;
}

/** Two integers of their common type, for a comparison. */
export function cCommon(
  left: Scalar,
  right: Scalar,
  addressSize: number,
): readonly [bigint, bigint] | undefined {
  const a = promote(left);
  const b = promote(right);
  if (a.kind !== "integer" || b.kind !== "integer") return undefined;
  const type = common(a.type, b.type, addressSize);
  return [wrap(a.value, type), wrap(b.value, type)];
}

function whole(operator: BinaryOperator, a: bigint, b: bigint, type: IntegerType, position: number): bigint {
  const divides = (operator === "/" || operator === "%") && b !== 0n;
  if (divides && wrap(a / b, type) !== a / b)
    throw new ExpressionError(`the quotient does not fit into ${type.name}`, position);
  return exactResult(operator, a, b, position);
}

function shift(
  operator: "<<" | ">>",
  left: Scalar & { kind: "integer" },
  count: bigint,
  position: number,
): Scalar {
  const { type, value } = left;
  if (count < 0n || count >= BigInt(type.bits))
    throw new ExpressionError(
      `a shift by ${count} is undefined for the ${type.bits} bits of ${type.name}`,
      position,
    );
  return integer(wrap(operator === "<<" ? value << count : value >> count, type), type);
}

export function noOperator(operator: string, left: Scalar, right: Scalar, position: number): ExpressionError {
  return new ExpressionError(`${nameOf(left)} ${operator} ${nameOf(right)} has no meaning`, position);
}

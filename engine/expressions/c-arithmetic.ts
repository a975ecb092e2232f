/**
 * Arithmetic as C and C++ define it (C23 §6.3.1, §6.5): operands are promoted, then brought to a common type;
 * signed numbers wrap around, as they do in Wasm. What C leaves undefined and Wasm would trap on is an error.
 */
import { ExpressionError } from "./errors";
import { exactResult } from "./exact";
import { roundTo } from "./floats";
import { type FloatType, type IntegerType, integer, nameOf, type Scalar } from "./scalars";
import type { BinaryOperator } from "./syntax";

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
  const floats = toFloats(left, right);
  if (floats === undefined || !/^[-+*/]$/.test(operator)) throw noOperator(operator, first, second, position);
  const { type, a, b } = floats;
  const value = operator === "+" ? a + b : operator === "-" ? a - b : operator === "*" ? a * b : a / b;
  return { kind: "float", value: roundTo(value, type.size), type };
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

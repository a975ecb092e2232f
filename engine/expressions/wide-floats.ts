/**
 * Floating-point numbers that JavaScript has none of: C's `long double` (binary128), and binary16. Each operation is
 * computed exactly, by whole numbers, and rounded once to the nearest even (IEEE 754-2019 §4.3.1, §5.4.1).
 */
import { BINARY_FORMATS, type BinaryFormat } from "../values/binary-floats";
import { floatBits } from "./float-bits";
import { nearestFloat } from "./floats";

export interface WideType {
  readonly name: string;
  /** Bytes. */
  readonly size: 2 | 16;
}

/** A number of such a type by its IEEE 754 bits. */
export interface Wide {
  readonly bits: bigint;
  readonly type: WideType;
}

/** sign · magnitude · 2^power, or what is no such number. */
type Unpacked =
  | {
      readonly kind: "finite";
      readonly negative: boolean;
      readonly magnitude: bigint;
      readonly power: number;
    }
  | { readonly kind: "infinite"; readonly negative: boolean }
  | { readonly kind: "nan" };

const NAN: Unpacked = { kind: "nan" };

function unpack(bits: bigint, { exponentBits, fractionBits }: BinaryFormat): Unpacked {
  const fraction = BigInt.asUintN(fractionBits, bits);
  const exponent = Number(BigInt.asUintN(exponentBits, bits >> BigInt(fractionBits)));
  const negative = ((bits >> BigInt(exponentBits + fractionBits)) & 1n) === 1n;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0n ? { kind: "infinite", negative } : NAN;
  const hidden = exponent === 0 ? 0n : 1n << BigInt(fractionBits);
  const power = Math.max(exponent, 1) - (2 ** (exponentBits - 1) - 1) - fractionBits;
  return { kind: "finite", negative, magnitude: fraction | hidden, power };
}

const lengthOf = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

/** Rounds once; `sticky` is whether something below the magnitude's last bit was left off. */
function pack(value: Unpacked, { exponentBits, fractionBits }: BinaryFormat, sticky = false): bigint {
  const infinity = ((1n << BigInt(exponentBits)) - 1n) << BigInt(fractionBits);
  if (value.kind === "nan") return infinity | (1n << BigInt(fractionBits - 1));
  const sign = value.negative ? 1n << BigInt(exponentBits + fractionBits) : 0n;
  if (value.kind === "infinite") return sign | infinity;
  const lowest = 2 - 2 ** (exponentBits - 1) - fractionBits;
  // Two bits more than are kept, the last of them for all that was left off.
  let magnitude = (value.magnitude << 2n) | (sticky ? 1n : 0n);
  const excess = Math.max(lengthOf(magnitude) - (fractionBits + 1), lowest - (value.power - 2), 0);
  const power = value.power - 2 + excess;
  const unit = 1n << BigInt(excess);
  const rest = magnitude & (unit - 1n);
  magnitude >>= BigInt(excess);
  if (2n * rest > unit || (2n * rest === unit && excess > 0 && (magnitude & 1n) === 1n)) magnitude++;
  return sign | encoded(magnitude, power, fractionBits, lowest, infinity);
}

function encoded(
  magnitude: bigint,
  power: number,
  fractionBits: number,
  lowest: number,
  infinity: bigint,
): bigint {
  if (magnitude === 0n) return 0n;
  // As far to the left as the format has bits: what is exact may have come with fewer.
  const room = Math.max(0, Math.min(fractionBits + 1 - lengthOf(magnitude), power - lowest));
  const aligned = magnitude << BigInt(room);
  const steps = BigInt(power - room - lowest);
  // A magnitude that reaches the hidden bit counts as one step of the exponent by itself.
  const bits = (steps << BigInt(fractionBits)) + aligned;
  return bits >= infinity ? infinity : bits;
}

const formatOf = ({ size }: WideType): BinaryFormat => BINARY_FORMATS[size]!;

function made(value: Unpacked, type: WideType, sticky = false): Wide {
  return { bits: pack(value, formatOf(type), sticky), type };
}

/** A whole number, or a double, as the type holds it. */
export function wideFrom(value: bigint | number, type: WideType): Wide {
  if (typeof value === "number") return made(unpack(floatBits(value, 8), BINARY_FORMATS[8]!), type);
  return made(
    { kind: "finite", negative: value < 0n, magnitude: value < 0n ? -value : value, power: 0 },
    type,
  );
}

/** Another type's number. */
export const wideAs = (value: Wide, type: WideType): Wide =>
  made(unpack(value.bits, formatOf(value.type)), type);

/** The quotient of two whole numbers that are not negative, rounded once. */
export function wideRatio(numerator: bigint, denominator: bigint, type: WideType): Wide {
  const { fractionBits } = formatOf(type);
  const shift = Math.max(0, fractionBits + 4 + lengthOf(denominator) - lengthOf(numerator));
  const scaled = numerator << BigInt(shift);
  const value: Unpacked = { kind: "finite", negative: false, magnitude: scaled / denominator, power: -shift };
  return made(value, type, scaled % denominator !== 0n);
}

/** The nearest double, or float. */
export function toNumber(wide: Wide, size: 4 | 8): number {
  const value = unpack(wide.bits, formatOf(wide.type));
  if (value.kind === "nan") return Number.NaN;
  const sign = value.negative ? -1 : 1;
  if (value.kind === "infinite") return sign * Number.POSITIVE_INFINITY;
  const { magnitude, power } = value;
  return power < 0
    ? sign * nearestFloat(magnitude, 1n << BigInt(-power), size)
    : sign * nearestFloat(magnitude << BigInt(power), 1n, size);
}

/** The whole part; undefined for what has none. */
export function wholePart(wide: Wide): bigint | undefined {
  const value = unpack(wide.bits, formatOf(wide.type));
  if (value.kind !== "finite") return undefined;
  const { magnitude, power, negative } = value;
  const whole = power < 0 ? magnitude >> BigInt(-power) : magnitude << BigInt(power);
  return negative ? -whole : whole;
}

export function negated({ bits, type }: Wide): Wide {
  return { bits: bits ^ (1n << BigInt(8 * type.size - 1)), type };
}

/** `a operator b`, both of one type. */
export function wideResult(operator: "+" | "-" | "*" | "/", a: Wide, b: Wide): Wide {
  const { type } = a;
  const format = formatOf(type);
  const left = unpack(a.bits, format);
  const right = unpack((operator === "-" ? negated(b) : b).bits, format);
  if (left.kind === "nan" || right.kind === "nan") return made(NAN, type);
  switch (operator) {
    case "+":
    case "-":
      return made(sum(left, right), type);
    case "*":
      return made(product(left, right), type);
    case "/":
      return quotient(left, right, type);
  }
}

type Number_ = Exclude<Unpacked, { kind: "nan" }>;

function sum(a: Number_, b: Number_): Unpacked {
  if (a.kind === "infinite") return b.kind === "infinite" && a.negative !== b.negative ? NAN : a;
  if (b.kind === "infinite") return b;
  const power = Math.min(a.power, b.power);
  const signed = ({ negative, magnitude, power: own }: typeof a): bigint =>
    (negative ? -magnitude : magnitude) << BigInt(own - power);
  const total = signed(a) + signed(b);
  // Zeros of one sign keep it; what cancels out is positive.
  const negative = total === 0n ? a.negative && b.negative : total < 0n;
  return { kind: "finite", negative, magnitude: total < 0n ? -total : total, power };
}

function product(a: Number_, b: Number_): Unpacked {
  const negative = a.negative !== b.negative;
  const isZero = (value: Number_): boolean => value.kind === "finite" && value.magnitude === 0n;
  if (a.kind === "infinite" || b.kind === "infinite")
    return isZero(a) || isZero(b) ? NAN : { kind: "infinite", negative };
  return { kind: "finite", negative, magnitude: a.magnitude * b.magnitude, power: a.power + b.power };
}

function quotient(a: Number_, b: Number_, type: WideType): Wide {
  const negative = a.negative !== b.negative;
  if (a.kind === "infinite") return made(b.kind === "infinite" ? NAN : { kind: "infinite", negative }, type);
  if (b.kind === "infinite") return made({ kind: "finite", negative, magnitude: 0n, power: 0 }, type);
  if (b.magnitude === 0n) return made(a.magnitude === 0n ? NAN : { kind: "infinite", negative }, type);
  const shift = Math.max(0, formatOf(type).fractionBits + 4 + lengthOf(b.magnitude) - lengthOf(a.magnitude));
  const scaled = a.magnitude << BigInt(shift);
  const power = a.power - b.power - shift;
  const value: Unpacked = { kind: "finite", negative, magnitude: scaled / b.magnitude, power };
  return made(value, type, scaled % b.magnitude !== 0n);
}

/** Below 0, 0 or above as in a sort; NaN where they are not ordered. */
export function wideOrder(a: Wide, b: Wide): number {
  const [left, right] = [a, b].map(({ bits, type }) => unpack(bits, formatOf(type))) as [Unpacked, Unpacked];
  if (left.kind === "nan" || right.kind === "nan") return Number.NaN;
  const size = (value: Number_): number =>
    value.kind === "infinite" ? (value.negative ? -1 : 1) * Number.POSITIVE_INFINITY : 0;
  if (left.kind === "infinite" || right.kind === "infinite")
    return size(left) === size(right) ? 0 : size(left) - size(right);
  const difference = sum(left, { ...right, negative: !right.negative });
  if (difference.kind !== "finite" || difference.magnitude === 0n) return 0;
  return difference.negative ? -1 : 1;
}

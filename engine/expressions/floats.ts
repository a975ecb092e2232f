/** Numbers rounded to IEEE 754 types, once and to the nearest even. */

/** A number as a float of 4 or 8 bytes holds it. */
export function roundTo(value: number | bigint, size: 4 | 8): number {
  if (typeof value === "number") return size === 4 ? Math.fround(value) : value;
  if (size === 8) return Number(value);
  const magnitude = value < 0n ? -value : value;
  const excess = Math.max(0, magnitude.toString(2).length - 50);
  // The bits that fall off are kept as one: rounding twice, to 53 bits and to 24, could end a step off.
  const kept = magnitude >> BigInt(excess);
  const sticky = kept << BigInt(excess) === magnitude ? kept : kept | 1n;
  const rounded = Math.fround(Number(sticky)) * 2 ** excess;
  return Math.fround(value < 0n ? -rounded : rounded);
}

/** The nearest whole number; of two as near the one further away from zero. */
export function awayFromZero(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

/** Binary digits of the types' significands, and the exponents of their smallest steps and of what they do not reach. */
const SHAPES = {
  4: { digits: 24, lowest: -149, highest: 128 },
  8: { digits: 53, lowest: -1074, highest: 1024 },
};

/** The float nearest to a quotient of two whole numbers that are not negative, once rounded. */
export function nearestFloat(numerator: bigint, denominator: bigint, size: 4 | 8): number {
  if (numerator === 0n) return 0;
  const { digits, lowest, highest } = SHAPES[size];
  // The quotient lies between 2^(length - 1) and 2^(length + 1).
  const length = numerator.toString(2).length - denominator.toString(2).length;
  if (length > highest + 1) return Number.POSITIVE_INFINITY;
  const step = Math.max(lowest, length - digits) - 2;
  const [above, below] =
    step < 0 ? [numerator << BigInt(-step), denominator] : [numerator, denominator << BigInt(step)];
  const quotient = above / below;
  // At least one digit more than the type has, and one for all that is left of the quotient.
  return rounded((quotient << 1n) | (above % below === 0n ? 0n : 1n), step - 1, digits, lowest, highest);
}

/** `significand` × 2^`exponent`, rounded to the nearest even. */
function rounded(
  significand: bigint,
  exponent: number,
  digits: number,
  lowest: number,
  highest: number,
): number {
  const excess = Math.max(significand.toString(2).length - digits, lowest - exponent);
  const unit = 1n << BigInt(excess);
  const half = unit >> 1n;
  const rest = significand & (unit - 1n);
  let kept = significand >> BigInt(excess);
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept++;
  const power = exponent + excess;
  if (kept.toString(2).length + power > highest) return Number.POSITIVE_INFINITY;
  // Powers below the normal ones are reached in two steps, both of which are exact.
  return Number(kept) * 2 ** Math.max(power, -1000) * 2 ** Math.min(0, power + 1000);
}

/**
 * C's complex numbers (C23 §6.2.5, annex G): each part is computed as the compiler's library computes it, which follows
 * annex G where a part is infinite or no number (compiler-rt's __muldc3 and __divdc3).
 */
import { roundTo } from "./floats";

export interface ComplexType {
  readonly name: string;
  /** Bytes of each of its two parts. */
  readonly part: 4 | 8;
}

export interface Complex {
  readonly real: number;
  readonly imaginary: number;
  readonly type: ComplexType;
}

export const complexType = (part: 4 | 8): ComplexType => ({
  name: `${part === 4 ? "float" : "double"} _Complex`,
  part,
});

/** `a operator b`, both of one type. */
export function complexResult(operator: "+" | "-" | "*" | "/", a: Complex, b: Complex): Complex {
  const { type } = a;
  const round = (value: number): number => roundTo(value, type.part);
  const made = (real: number, imaginary: number): Complex => ({ real, imaginary, type });
  switch (operator) {
    case "+":
      return made(round(a.real + b.real), round(a.imaginary + b.imaginary));
    case "-":
      return made(round(a.real - b.real), round(a.imaginary - b.imaginary));
    case "*":
      return made(...product(a, b, round));
    case "/":
      return made(...quotient(a, b, round));
  }
}

type Round = (value: number) => number;

const isInfinite = (value: number): boolean => Math.abs(value) === Number.POSITIVE_INFINITY;
/** ±1 of what is infinite, ±0 of all else. */
const boxed = (value: number): number => withSign(isInfinite(value) ? 1 : 0, value);
const withSign = (magnitude: number, sign: number): number =>
  sign < 0 || Object.is(sign, -0) ? -magnitude : magnitude;
const orZero = (value: number): number => (Number.isNaN(value) ? withSign(0, value) : value);

function product(x: Complex, y: Complex, round: Round): [number, number] {
  let { real: a, imaginary: b } = x;
  let { real: c, imaginary: d } = y;
  const [ac, bd, ad, bc] = [round(a * c), round(b * d), round(a * d), round(b * c)];
  const real = round(ac - bd);
  const imaginary = round(ad + bc);
  if (!Number.isNaN(real) || !Number.isNaN(imaginary)) return [real, imaginary];
  let recalculated = false;
  if (isInfinite(a) || isInfinite(b)) {
    [a, b, c, d] = [boxed(a), boxed(b), orZero(c), orZero(d)];
    recalculated = true;
  }
  if (isInfinite(c) || isInfinite(d)) {
    [c, d, a, b] = [boxed(c), boxed(d), orZero(a), orZero(b)];
    recalculated = true;
  }
  if (!recalculated && [ac, bd, ad, bc].some(isInfinite)) {
    [a, b, c, d] = [orZero(a), orZero(b), orZero(c), orZero(d)];
    recalculated = true;
  }
  if (!recalculated) return [real, imaginary];
  const infinity = Number.POSITIVE_INFINITY;
  return [infinity * (a * c - b * d), infinity * (a * d + b * c)];
}

function quotient(x: Complex, y: Complex, round: Round): [number, number] {
  let { real: a, imaginary: b } = x;
  let { real: c, imaginary: d } = y;
  const larger = Math.max(Math.abs(c), Math.abs(d));
  const scale = larger === 0 || !Number.isFinite(larger) || Number.isNaN(c + d) ? 0 : exponentOf(larger);
  if (scale !== 0) [c, d] = [c, d].map((part) => round(scaled(part, -scale))) as [number, number];
  const denominator = round(round(c * c) + round(d * d));
  const part = (sum: number): number => round(scaled(round(sum / denominator), -scale));
  const real = part(round(round(a * c) + round(b * d)));
  const imaginary = part(round(round(b * c) - round(a * d)));
  if (!Number.isNaN(real) || !Number.isNaN(imaginary)) return [real, imaginary];
  const infinity = Number.POSITIVE_INFINITY;
  if (denominator === 0 && (!Number.isNaN(a) || !Number.isNaN(b)))
    return [withSign(infinity, c) * a, withSign(infinity, c) * b];
  if ((isInfinite(a) || isInfinite(b)) && Number.isFinite(c) && Number.isFinite(d)) {
    [a, b] = [boxed(a), boxed(b)];
    return [infinity * (a * c + b * d), infinity * (b * c - a * d)];
  }
  if (isInfinite(larger) && Number.isFinite(a) && Number.isFinite(b)) {
    [c, d] = [boxed(c), boxed(d)];
    return [0 * (a * c + b * d), 0 * (b * c - a * d)];
  }
  return [real, imaginary];
}

/** The power of 2 that a number is at least, and less than twice of. */
function exponentOf(value: number): number {
  let exponent = Math.floor(Math.log2(value));
  while (2 ** exponent > value) exponent--;
  while (value >= 2 * 2 ** exponent) exponent++;
  return exponent;
}

/** value · 2^power in steps that neither overflow nor underflow by themselves. */
function scaled(value: number, power: number): number {
  const half = Math.trunc(power / 2);
  return value * 2 ** half * 2 ** (power - half);
}

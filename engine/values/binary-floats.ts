/**
 * Binary floating-point numbers of every width (IEEE 754-2019 §3.4) as the shortest decimal text that is read back
 * as the same number: exactly, by whole numbers, since JavaScript's own numbers hold no more than 8 bytes.
 */

/** Bits of the exponent and of the fraction; the sign takes one more. */
export interface BinaryFormat {
  readonly exponentBits: number;
  readonly fractionBits: number;
}

/** By their size in bytes. */
export const BINARY_FORMATS: Readonly<Record<number, BinaryFormat>> = {
  2: { exponentBits: 5, fractionBits: 10 },
  4: { exponentBits: 8, fractionBits: 23 },
  8: { exponentBits: 11, fractionBits: 52 },
  10: { exponentBits: 15, fractionBits: 63 },
  16: { exponentBits: 15, fractionBits: 112 },
};

/** `0.1`, `-2.5`, `1e+21`, `inf`, `NaN`: written as JavaScript writes numbers, infinity as C does. */
export function binaryFloatText(bits: bigint, { exponentBits, fractionBits }: BinaryFormat): string {
  const fraction = BigInt.asUintN(fractionBits, bits);
  const exponent = Number(BigInt.asUintN(exponentBits, bits >> BigInt(fractionBits)));
  const largest = 2 ** exponentBits - 1;
  if (exponent === largest && fraction !== 0n) return "NaN";
  const sign = (bits >> BigInt(exponentBits + fractionBits)) & 1n ? "-" : "";
  if (exponent === largest) return `${sign}inf`;
  if (exponent === 0 && fraction === 0n) return `${sign}0`;
  // The number is mantissa · 2^power; a subnormal one has no hidden bit.
  const hidden = exponent === 0 ? 0n : 1n << BigInt(fractionBits);
  const power = Math.max(exponent, 1) - (2 ** (exponentBits - 1) - 1) - fractionBits;
  const { digits, point } = shortest(fraction | hidden, power, fraction === 0n && exponent > 1);
  return sign + placed(digits, point);
}

/**
 * x87's numbers of 10 bytes (Zig's `f80`) write down the bit in front of the fraction that all others leave out; undefined
 * for one whose bit is not what its exponent says, which no operation gives.
 */
export function withoutIntegerBit(bits: bigint): bigint | undefined {
  const exponent = BigInt.asUintN(15, bits >> 64n);
  const integer = (bits >> 63n) & 1n;
  if (integer !== (exponent === 0n ? 0n : 1n)) return undefined;
  return BigInt.asUintN(63, bits) | ((bits >> 64n) << 63n);
}

interface Decimal {
  readonly digits: string;
  /** Digits in front of the decimal point; negative for zeros behind it. */
  readonly point: number;
}

/**
 * The fewest digits that lie nearer to the number than to either neighbour (Steele and White's algorithm with
 * exact numbers): value, half the gap above and half the gap below are kept as counts of one common unit.
 * @param narrow whether the number below is nearer than the one above, as below a power of two
 */
function shortest(mantissa: bigint, power: number, narrow: boolean): Decimal {
  const two = (n: number): bigint => 1n << BigInt(Math.max(0, n));
  const factor = narrow ? 2n : 1n;
  let value = 2n * factor * mantissa * two(power);
  let unit = 2n * factor * two(-power);
  let above = factor * two(power);
  let below = two(power);
  // Ends count as the number itself when its last bit is even: ties are read as even.
  const even = mantissa % 2n === 0n;
  const reaches = (sum: bigint): boolean => (even ? sum >= unit : sum > unit);
  let point = Math.ceil((mantissa.toString(2).length + power) * Math.log10(2) - 1);
  if (point > 0) unit *= 10n ** BigInt(point);
  else {
    const scale = 10n ** BigInt(-point);
    value *= scale;
    above *= scale;
    below *= scale;
  }
  // The estimate may be one too low.
  while (reaches(value + above)) {
    unit *= 10n;
    point++;
  }
  let digits = "";
  for (;;) {
    value *= 10n;
    above *= 10n;
    below *= 10n;
    const digit = value / unit;
    value %= unit;
    const low = even ? value <= below : value < below;
    const high = reaches(value + above);
    if (!low && !high) {
      digits += digit;
      continue;
    }
    // As JavaScript does: to the nearer, of two as near to the even digit.
    const half = 2n * value - unit;
    const up = low && high ? half > 0n || (half === 0n && digit % 2n === 1n) : high;
    return { digits: digits + (digit + (up ? 1n : 0n)), point };
  }
}

/** Digits with their point, as JavaScript's `String` places it (ECMA-262 §6.1.6.1.20). */
function placed(digits: string, point: number): string {
  if (point > 21 || point < -5) {
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${digits[0]}${rest}e${point > 0 ? "+" : "-"}${Math.abs(point - 1)}`;
  }
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return digits.padEnd(point, "0");
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

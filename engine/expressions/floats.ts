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

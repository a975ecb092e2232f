/**
 * Punycode (RFC 3492) as Rust's v0 symbols have it: `_` instead of `-` before the digits, and digits in
 * lower case only (v0 Symbol Format, "Punycode identifiers").
 */

// RFC 3492 §5: parameters of Punycode.
const base = 36;
const tMin = 1;
const tMax = 26;
const skew = 38;
const firstDamp = 700;
const initialBias = 72;
const initialCodePoint = 0x80;

/** Longest identifier in code points; insertion is quadratic, and no identifier is that long. */
const longest = 1024;

/**
 * Decodes an identifier, e.g. `gdel_5qa` as `gödel`.
 * @returns undefined when it is malformed
 */
export function decodePunycode(encoded: string): string | undefined {
  const delimiter = encoded.lastIndexOf("_");
  const codePoints = Array.from(encoded.slice(0, Math.max(delimiter, 0)), (c) => c.codePointAt(0)!);
  const digits = encoded.slice(delimiter + 1);
  if (digits === "") return undefined;

  let codePoint = initialCodePoint;
  let insertAt = 0;
  let bias = initialBias;
  for (let next = 0; next < digits.length; ) {
    const delta = readDelta(digits, next, bias);
    const count = codePoints.length + 1;
    if (delta === undefined || count > longest) return undefined;
    bias = adapted(delta.value, count, next === 0);
    next = delta.end;

    insertAt += delta.value;
    codePoint += Math.floor(insertAt / count);
    insertAt %= count;
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint < 0xe000)) return undefined;
    codePoints.splice(insertAt, 0, codePoint);
    insertAt++;
  }
  return String.fromCodePoint(...codePoints);
}

/** A generalised variable-length integer (RFC 3492 §3.3) and where it ends. */
function readDelta(digits: string, start: number, bias: number): { value: number; end: number } | undefined {
  let value = 0;
  let weight = 1;
  for (let at = start, k = base; at < digits.length; at++, k += base) {
    const digit = "abcdefghijklmnopqrstuvwxyz0123456789".indexOf(digits[at]!);
    if (digit < 0) return undefined;
    value += digit * weight;
    if (value > 0x7fffffff) return undefined;
    const threshold = Math.min(Math.max(k - bias, tMin), tMax);
    if (digit < threshold) return { value, end: at + 1 };
    weight *= base - threshold;
  }
  return undefined;
}

/** RFC 3492 §6.1: bias adaptation. */
function adapted(delta: number, count: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? firstDamp : 2));
  rest += Math.floor(rest / count);
  let k = 0;
  while (rest > ((base - tMin) * tMax) / 2) {
    rest = Math.floor(rest / (base - tMin));
    k += base;
  }
  return k + Math.floor(((base - tMin + 1) * rest) / (rest + skew));
}

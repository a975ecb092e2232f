/** What the text of a number means: its base, its value and its suffix, as each language writes them. */
import { ExpressionError } from "./errors";
import type { Rules } from "./syntax";

export type NumberLiteral =
  | {
      readonly kind: "integer";
      readonly value: bigint;
      readonly suffix: string /** Not decimal. */;
      readonly based: boolean;
    }
  | { readonly kind: "float"; readonly value: Ratio; readonly suffix: string };

/** A number as it is written: a quotient of whole numbers, which is exact. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const PARTS =
  /^(?:0x(?<hex>[0-9a-f]*)(?:\.(?<hexFraction>[0-9a-f]*))?(?:p(?<binary>[+-]?\d+))?|0b(?<bits>[01]+)|0o(?<octal>[0-7]+)|(?<digits>\d*)(?:\.(?<fraction>\d*))?(?:e(?<decimal>[+-]?\d+))?)(?<suffix>(?:[uif](?:8|16|32|64|128|size))|[ulfz]*)$/;

/** Powers beyond which every type has overflown, or is 0: a number of them is not written out. */
const LARGEST_POWER = 20_000;

const FLOAT_SUFFIXES: Readonly<Record<Rules, readonly string[]>> = {
  c: ["", "f", "l"],
  rust: ["", "f32", "f64"],
  zig: [""],
};

/** A number's value and suffix (lower case); a leading 0 means octal in C, and nothing in Rust. */
export function readNumber(literal: string, rules: Rules, position: number): NumberLiteral {
  const text = literal.replace(/[_']/g, "").toLowerCase();
  const { hex, hexFraction, binary, bits, octal, digits, fraction, decimal, suffix } =
    PARTS.exec(text)?.groups ?? {};
  if (suffix === undefined) throw new ExpressionError(`“${literal}” is no number`, position);
  const based = hex !== undefined || bits !== undefined || octal !== undefined;
  if (hexFraction !== undefined || binary !== undefined) {
    if (rules === "rust" || (rules === "c" && binary === undefined))
      throw new ExpressionError(`the language has no number like ${literal}`, position);
    const places = BigInt(4 * (hexFraction?.length ?? 0));
    const mantissa = BigInt(`0x0${hex}${hexFraction ?? ""}`);
    return float(scaled(mantissa, 2n, powerOf(binary) - places), suffix, rules, position);
  }
  const isFloat = fraction !== undefined || decimal !== undefined || (!based && suffix.startsWith("f"));
  if (isFloat) {
    const places = BigInt(fraction?.length ?? 0);
    const mantissa = BigInt(`0${digits}${fraction ?? ""}`);
    return float(scaled(mantissa, 10n, powerOf(decimal) - places), suffix, rules, position);
  }
  const whole = text.slice(0, text.length - suffix.length);
  if (rules === "c" && /^0[0-9]+$/.test(whole)) {
    if (/[89]/.test(whole)) throw new ExpressionError(`${literal} is no octal number`, position);
    return { kind: "integer", value: BigInt(`0o${whole.slice(1)}`), suffix, based: true };
  }
  return { kind: "integer", value: BigInt(whole), suffix, based };
}

function float(value: Ratio, suffix: string, rules: Rules, position: number): NumberLiteral {
  if (FLOAT_SUFFIXES[rules].includes(suffix)) return { kind: "float", value, suffix };
  throw new ExpressionError(`the language has no suffix “${suffix}” of such a number`, position);
}

function powerOf(exponent: string | undefined): bigint {
  const power = Number(exponent ?? 0);
  return BigInt(Math.max(-LARGEST_POWER, Math.min(LARGEST_POWER, power)));
}

function scaled(mantissa: bigint, base: bigint, power: bigint): Ratio {
  return power < 0n
    ? { numerator: mantissa, denominator: base ** -power }
    : { numerator: mantissa * base ** power, denominator: 1n };
}

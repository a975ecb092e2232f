/** What the text of a literal means: numbers with their base and suffix, characters and strings with their escapes. */
import { ExpressionError } from "./errors";
import type { Rules } from "./syntax";

export type NumberLiteral =
  | {
      readonly kind: "integer";
      readonly value: bigint;
      readonly suffix: string /** Not decimal. */;
      readonly based: boolean;
    }
  | { readonly kind: "float"; readonly value: number; readonly suffix: string };

/** A number's value and suffix (lower case); a leading 0 means octal in C, and nothing in Rust. */
export function readNumber(literal: string, rules: Rules, position: number): NumberLiteral {
  const text = literal.replace(/[_']/g, "").toLowerCase();
  const based = /^0[xbo]/.test(text);
  const suffixAt = /^0x/.test(text)
    ? /(?:[ui](?:8|16|32|64|128|size)|[ul]{1,3})$/
    : /(?:[uif](?:8|16|32|64|128|size)|[ulf]+)$/;
  const suffix = suffixAt.exec(text)?.[0] ?? "";
  const digits = text.slice(0, text.length - suffix.length);
  if (!based && (/[.e]/.test(digits) || /^f/.test(suffix)))
    return { kind: "float", value: Number(digits), suffix };
  if (rules === "c" && /^0[0-9]+$/.test(digits)) {
    if (/[89]/.test(digits)) throw new ExpressionError(`${literal} is no octal number`, position);
    return { kind: "integer", value: BigInt(`0o${digits.slice(1)}`), suffix, based: true };
  }
  return { kind: "integer", value: BigInt(digits), suffix, based };
}

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

/** Code points of what stands between the quotes of a literal. */
export function codePointsOf(text: string, position: number): number[] {
  const codes: number[] = [];
  const pattern =
    /\\u\{([0-9a-fA-F_]+)\}|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]+)|\\([0-7]{1,3})|\\([\s\S])|([\s\S])/gu;
  for (const found of text.matchAll(pattern)) {
    const [, braced, short, long, hex, octal, letter, plain] = found;
    const digits = braced?.replaceAll("_", "") ?? short ?? long ?? hex;
    const code =
      plain !== undefined
        ? plain.codePointAt(0)!
        : digits !== undefined
          ? Number.parseInt(digits, 16)
          : octal !== undefined
            ? Number.parseInt(octal, 8)
            : (ESCAPES[letter!] ?? letter!.codePointAt(0)!);
    if (!(code <= 0x10ffff)) throw new ExpressionError("this is no character", position + found.index);
    codes.push(code);
  }
  return codes;
}

/** A literal without prefix and quotes, and its prefix. */
export function unquote(literal: string): { readonly prefix: string; readonly text: string } {
  const quote = literal.search(/['"]/);
  return { prefix: literal.slice(0, quote), text: literal.slice(quote + 1, -1) };
}

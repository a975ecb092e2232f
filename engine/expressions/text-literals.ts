/**
 * What stands between the quotes of characters and strings: code units of the width that the prefix asks for. An
 * escape by number is a unit as it is; everything else is a character, in UTF-8, UTF-16 or UTF-32.
 */
import { ExpressionError } from "./errors";
import type { Rules } from "./syntax";

/** C's `L`, `u`, `U` and `u8`, Rust's `b` and `c`. */
export type Prefix = "" | "u8" | "u" | "U" | "L" | "b" | "c";

export interface TextLiteral {
  readonly prefix: Prefix;
  /** Bytes of a unit. */
  readonly unit: 1 | 2 | 4;
  readonly units: readonly number[];
}

/** The letters that stand for characters behind a backslash; C also has octal numbers. */
const ESCAPES: Readonly<Record<Rules, Readonly<Record<string, number>>>> = {
  c: {
    ...{ a: 7, b: 8, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11 },
    ...{ "\\": 0x5c, "'": 0x27, '"': 0x22, "?": 0x3f },
  },
  rust: { n: 10, r: 13, t: 9, "0": 0, "\\": 0x5c, "'": 0x27, '"': 0x22 },
  zig: { n: 10, r: 13, t: 9, "\\": 0x5c, "'": 0x27, '"': 0x22 },
};

const PREFIXES: Readonly<Record<Rules, readonly string[]>> = {
  c: ["", "u8", "u", "U", "L"],
  rust: ["", "b", "c"],
  zig: [""],
};

const UNITS: Readonly<Record<Prefix, 1 | 2 | 4>> = { "": 1, u8: 1, b: 1, c: 1, u: 2, U: 4, L: 4 };

/** One character of the text, or an escape. */
const PIECE =
  /\\u\{(?<braced>[0-9a-fA-F_]{1,8})\}|\\u(?<short>[0-9a-fA-F]{4})|\\U(?<long>[0-9a-fA-F]{8})|\\x(?<hex>[0-9a-fA-F]+)|\\(?<octal>[0-7]{1,3})|\\(?<letter>[\s\S]?)|(?<plain>[\s\S])/gu;

/** The units of a string's or a character's token. @throws ExpressionError at what the language does not know */
export function readText(literal: string, rules: Rules, position: number): TextLiteral {
  const line = rules === "zig" && literal.startsWith("\\\\") ? literal.slice(2) : undefined;
  const raw = /^([a-zA-Z0-9]*?)(?:R"([^(]*)\(([\s\S]*)\)\2"|r(#*)"([\s\S]*)"\4)$/.exec(literal);
  const quote = literal.search(/['"]/);
  const prefix = line !== undefined ? "" : (raw?.[1] ?? literal.slice(0, quote));
  const known =
    PREFIXES[rules].includes(prefix) && (raw === null || (raw[2] === undefined) === (rules === "rust"));
  if (!known || (literal.startsWith("\\\\") && line === undefined) || (raw !== null && rules === "zig"))
    throw new ExpressionError("the language has no such literal", position);
  const unit = UNITS[prefix as Prefix];
  const verbatim = line ?? raw?.[3] ?? raw?.[5];
  const units =
    verbatim === undefined
      ? escaped(literal.slice(quote + 1, -1), unit, prefix, rules, position + quote + 1)
      : encoded(verbatim, unit);
  return { prefix: prefix as Prefix, unit, units };
}

function escaped(text: string, unit: 1 | 2 | 4, prefix: string, rules: Rules, position: number): number[] {
  const units: number[] = [];
  for (const found of text.matchAll(PIECE)) {
    const at = position + found.index;
    const fault = (what: string) => new ExpressionError(what, at);
    const { braced, short, long, letter, plain } = found.groups!;
    let { hex, octal } = found.groups!;
    let rest = "";
    if (plain !== undefined) {
      if (prefix === "b" && plain.codePointAt(0)! > 0x7f) throw fault("a byte is ASCII: write it as \\xNN");
      units.push(...encoded(plain, unit));
      continue;
    }
    if (hex !== undefined && rules !== "c") [hex, rest] = [hex.slice(0, 2), hex.slice(2)];
    if (octal !== undefined && rules === "rust" && octal.startsWith("0")) {
      [octal, rest] = ["0", octal.slice(1)];
    } else if (octal !== undefined && rules !== "c") throw fault(`\\${octal} is no escape`);
    if (hex?.length === 1 && rules !== "c") throw fault("\\x takes two digits");
    const number = hex === undefined ? octal && Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
    if (typeof number === "number") {
      const most = rules === "rust" && prefix === "" ? 0x7f : 2 ** (8 * unit) - 1;
      if (number > most) throw fault(`${found[0]} is more than 0x${most.toString(16)}`);
      units.push(number, ...encoded(rest, unit));
      continue;
    }
    const digits = rules === "c" ? (short ?? long) : braced?.replaceAll("_", "");
    const code = digits === undefined ? ESCAPES[rules][letter ?? ""] : Number.parseInt(digits, 16);
    if (code === undefined) throw fault(`${found[0]} is no escape`);
    if (!(code <= 0x10ffff) || (code >= 0xd800 && code < 0xe000)) throw fault("this is no character");
    units.push(...encoded(String.fromCodePoint(code), unit));
  }
  return units;
}

function encoded(text: string, unit: 1 | 2 | 4): number[] {
  if (unit === 1) return [...new TextEncoder().encode(text)];
  if (unit === 4) return [...text].map((character) => character.codePointAt(0)!);
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

/** Units as they lie in memory. */
export function bytesOf({ units, unit }: TextLiteral): Uint8Array {
  const view = new DataView(new ArrayBuffer(units.length * unit));
  units.forEach((value, i) => {
    if (unit === 1) view.setUint8(i, value);
    else if (unit === 2) view.setUint16(2 * i, value, true);
    else view.setUint32(4 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}

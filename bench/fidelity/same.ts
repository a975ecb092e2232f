/** Whether a leaf is the same value in LLDB's words: its host writes numbers, characters and texts in its own way. */
import { address } from "../../engine/bytes/offsets";
import { Missing } from "../../engine/dwarf/missing";
import { ExpressionError } from "../../engine/expressions/errors";
import { evaluateInFrame } from "../../engine/expressions/evaluate";
import type { Frame } from "../../engine/postmortem/model";
import type { Value } from "../../engine/values/model";
import type { Remote } from "./lldb";

/** @param path of the value: a variable's own name stands in an expression */
export function isSameText(ours: Value, theirs: Remote, path: string, frame: Frame): boolean {
  const text = ours.text();
  const { value } = theirs;
  if (text === theirs.description) return true;
  switch (theirs.type) {
    case "null":
      return ours.target === 0 || text === "nullptr";
    case "boolean":
      return text.split(" ")[0] === String(value) || text === String(Number(value));
    case "number":
    case "bigint":
      return isNumber(text, value as number | bigint) ?? isWhole(ours, BigInt(value as number), path, frame);
    case "string":
      return isText(ours, String(value), path, frame);
    default:
      return false;
  }
}

/** Undefined where our text is no number. */
function isNumber(text: string, value: number | bigint): boolean | undefined {
  if (/^-?\d+( '|$)/.test(text) && Number.isInteger(Number(value)))
    return BigInt(/^-?\d+/.exec(text)![0]) === BigInt(value);
  const number = Number.parseFloat(text.replace(/^(-?)inf$/, "$1Infinity"));
  if (Number.isNaN(number)) return /NaN/.test(text) ? Number.isNaN(value) : undefined;
  return Object.is(number, value) || Math.fround(number) === Number(value);
}

/** An enumerator, or what else we write by a name: its number. */
function isWhole(ours: Value, value: bigint, path: string, frame: Frame): boolean {
  const size = ours.size ?? 8;
  const found =
    ours.address === undefined ? numberBehind(path, frame) : wholeAt(frame, ours.address, ours.size);
  return found !== undefined && BigInt.asUintN(8 * size, found) === BigInt.asUintN(8 * size, value);
}

function numberBehind(path: string, frame: Frame): bigint | undefined {
  try {
    const text = /^-?\d+/.exec(evaluateInFrame(`(long long)${path}`, frame).text())?.[0];
    return text === undefined ? undefined : BigInt(text);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** The bytes at an address as an unsigned number. */
export function wholeAt(frame: Frame, at: number, size: number | undefined): bigint | undefined {
  if (size === undefined || size === 0 || size > 8) return undefined;
  const bytes = frame.physical.machine.memory(address(at), size);
  if (bytes instanceof Missing) return undefined;
  return bytes.reduceRight((whole, byte) => (whole << 8n) | BigInt(byte), 0n);
}

/** A character, as LLDB's host writes it with quotes or alone, or a text. */
function isText(ours: Value, value: string, path: string, frame: Frame): boolean {
  const text = ours.text();
  const number = /^-?\d+(?= '|$)/.exec(text)?.[0];
  const code = codeOf(value);
  if (number !== undefined && code !== undefined) {
    const size = ours.size ?? 4;
    return BigInt.asUintN(8 * size, BigInt(number)) === BigInt.asUintN(8 * size, BigInt(code));
  }
  const quoted = /["'](.*)["'](…)?$/s.exec(text);
  if (quoted !== null) {
    const [, content, more] = quoted;
    const shown = unescaped(content!.replace(/…$/, ""));
    return more === undefined && !content!.endsWith("…") ? shown === value : value.startsWith(shown);
  }
  return code !== undefined && isWhole(ours, BigInt(code), path, frame);
}

const NAMED: Readonly<Record<string, number>> = {
  "\\0": 0,
  "\\a": 7,
  "\\b": 8,
  "\\t": 9,
  "\\n": 10,
  "\\v": 11,
  "\\f": 12,
  "\\r": 13,
};

/** `'w'`, `'\\x80'`, `λ`, `U+00e90000`: the character's number. */
export function codeOf(text: string): number | undefined {
  const wide = /^U\+([0-9a-f]+)$/.exec(text)?.[1];
  if (wide !== undefined) return Number.parseInt(wide, 16);
  const character = /^'(.*)'$/s.exec(text)?.[1] ?? text;
  const hex = /^\\x([0-9a-f]{2})$/.exec(character)?.[1];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  return NAMED[character] ?? ([...character].length === 1 ? character.codePointAt(0) : undefined);
}

/** What stands for bytes that are no UTF-8 is one sign in LLDB's text. */
const unescaped = (quoted: string): string =>
  quoted
    .replace(/\\x([89a-f][0-9a-f])/g, "\ufffd")
    .replace(/\\x([0-7][0-9a-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\([0abtnvfr])/g, (named) => String.fromCharCode(NAMED[named]!))
    .replace(/\\(["'\\])/g, "$1");

/**
 * Values in a format that was asked for (`,x` of expressions, `/x` of the console): numbers in another base, characters,
 * text; of a record or an array every member in that format.
 */
import { address } from "../bytes/offsets";
import { DW_ATE } from "../dwarf/constants";
import { Missing } from "../dwarf/missing";
import { fromBytes } from "../dwarf/stack-value";
import { integerOf, valueBits } from "../values/base";
import { BINARY_FORMATS, binaryFloatText } from "../values/binary-floats";
import type { Value, ValueFormat } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { quoteCharacter, quoteUtf8, textAt } from "../values/text";
import { strip } from "../values/types";
import type { Format } from "./syntax";
import { isTyped } from "./typed";

/** Bytes that `,s` reads. */
const TEXT_LIMIT = 1024;
/** Characters of a line that is put together of members, and levels of them. */
const LINE_LIMIT = 200;
const DEPTH_LIMIT = 4;

/** One line of a value in a format; as it is by itself where the format says nothing of such a value. */
export function inFormat(value: Value, format: Format, style?: ValueFormat): string {
  return lineOf(value, format, style, LINE_LIMIT, 0);
}

function lineOf(
  value: Value,
  format: Format,
  style: ValueFormat | undefined,
  budget: number,
  depth: number,
): string {
  if (value.missing !== undefined) return value.text(style);
  const own = leaf(value, format);
  if (own !== undefined) return own;
  const plain = value.text(hexadecimal(format) ? { hex: true } : style);
  // Hexadecimal is a way of writing that lines have of their own; a pointer is followed by its own line only.
  if (hexadecimal(format) || value.children === undefined || value.target !== undefined) return plain;
  return membersOf(value, plain, format, style, budget, depth) ?? plain;
}

const hexadecimal = (format: Format): boolean => format === "x" || format === "h";

/** `Point {x: 0b01, y: 0b10}`, in the brackets that the value's own line has. */
function membersOf(
  value: Value,
  plain: string,
  format: Format,
  style: ValueFormat | undefined,
  budget: number,
  depth: number,
): string | undefined {
  const { children } = value;
  if (children === undefined) return undefined;
  const open = lastBracket(plain);
  if (open === undefined && children.indexedCount === 0) return undefined;
  const head = open === undefined ? arrayBracket(value) : plain.slice(0, open + 1);
  const close = { "{": "}", "[": "]", "(": ")" }[head.at(-1)!]!;
  if (depth === DEPTH_LIMIT) return `${head}…${close}`;
  const parts: string[] = [];
  let left = budget - head.length - 1;
  const named = children.named().filter(({ hint }) => hint !== "virtual" && hint !== "lazy");
  const most = Math.max(0, left);
  const indexed = children.indexed(0, Math.min(children.indexedCount, most));
  for (const child of [...named, ...indexed]) {
    if (left <= 0) {
      parts.push("…");
      break;
    }
    const label = /^\W?\d+\W?$/.test(child.name) ? "" : `${child.name}: `;
    const part = label + lineOf(child.value, format, style, left, depth + 1);
    parts.push(part);
    left -= part.length + 2;
  }
  if (parts.at(-1) !== "…" && children.indexedCount > indexed.length) parts.push("…");
  return `${head}${parts.join(", ")}${close}`;
}

/** What opens an array that is written as text by itself. */
const arrayBracket = (value: Value): string =>
  isTyped(value) && value.type.flavour.name === "rust" ? "[" : "{";

/** Where the last bracket opens that is inside of no other, nor of a text: that of the members. */
function lastBracket(text: string): number | undefined {
  let depth = 0;
  let last: number | undefined;
  for (const found of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{[(]|[}\])]/g)) {
    if (/[{[(]/.test(found[0][0]!)) {
      if (depth++ === 0) last = found.index;
    } else if (/[}\])]/.test(found[0][0]!)) depth--;
  }
  return last;
}

/** A value that has no members in a format; undefined where the format says nothing of it. */
function leaf(value: Value, format: Format): string | undefined {
  if (!isTyped(value)) return undefined;
  if (format === "s") return textFormat(value);
  if (format === "f") return floatFormat(value);
  const number =
    integerOf(value.type, value.storage) ?? (hexadecimal(format) ? bitsOfFloat(value) : undefined);
  if (typeof number !== "bigint") return undefined;
  const bits = valueBits(strip(value.type), value.storage);
  const unsigned = BigInt.asUintN(bits, number);
  switch (format) {
    case "d":
      return BigInt.asIntN(bits, number).toString();
    case "u":
      return unsigned.toString();
    case "b":
      return `0b${unsigned.toString(2).padStart(bits, "0")}`;
    case "o":
      return `0o${unsigned.toString(8)}`;
    case "c":
      return unsigned <= 0x10ffffn ? quoteCharacter(Number(unsigned)) : undefined;
    default:
      return isFloat(value) ? `0x${unsigned.toString(16).padStart(bits / 4, "0")}` : undefined;
  }
}

function isFloat({ type }: TypedValue): boolean {
  const own = strip(type);
  return own.kind === "base" && own.encoding === DW_ATE.float;
}

function bitsOfFloat(value: TypedValue): bigint | undefined {
  if (!isFloat(value)) return undefined;
  const bytes = value.storage.read(value.size ?? 0);
  return bytes instanceof Missing ? undefined : fromBytes(bytes);
}

/** The bits of a whole number taken for those of a floating-point number, as gdb's `/f` takes them. */
function floatFormat(value: TypedValue): string | undefined {
  if (isFloat(value) || strip(value.type).kind !== "base") return undefined;
  const number = integerOf(value.type, value.storage);
  const size = value.size ?? 0;
  const format = value.storage.bits === undefined && size >= 4 ? BINARY_FORMATS[size] : undefined;
  if (typeof number !== "bigint" || format === undefined) return undefined;
  return value.type.flavour.float(binaryFloatText(BigInt.asUintN(8 * size, number), format));
}

/** Text up to its NUL at a pointer, or in an array of bytes. */
function textFormat(value: TypedValue): string | undefined {
  const type = strip(value.type);
  if (type.kind === "pointer" && value.target !== undefined && value.target !== 0) {
    if (strip(type.target).kind === "pointer") return undefined;
    const found = textAt(value.world.frame.machine, address(value.target), 1, TEXT_LIMIT);
    return found instanceof Missing ? undefined : quoteUtf8(found.bytes, TEXT_LIMIT, found.more);
  }
  const size = type.kind === "array" && strip(type.element).size === 1 ? type.size : undefined;
  if (size === undefined) return undefined;
  const bytes = value.storage.read(Math.min(size, TEXT_LIMIT));
  if (bytes instanceof Missing) return undefined;
  const end = bytes.indexOf(0);
  return quoteUtf8(end < 0 ? bytes : bytes.subarray(0, end), TEXT_LIMIT, end < 0 && size > TEXT_LIMIT);
}

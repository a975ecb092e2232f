/** Text of a program, which may hold anything: quoted, escaped, never failing, never longer than asked. */
import { type Address, address } from "../bytes/offsets";
import type { Machine } from "../dwarf/machine";
import { Missing } from "../dwarf/missing";

/** Characters of a text that are looked at: as many as someone would copy out of a debugger. */
export const TEXT_LIMIT = 16_384;

const ESCAPES = new Map<number, string>([
  [0x00, "\\0"],
  [0x07, "\\a"],
  [0x08, "\\b"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0b, "\\v"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
  [0x5c, "\\\\"],
]);

/** A code point as it stands in a literal with the given quote. */
export function escapeCodePoint(code: number, quote: string): string {
  const known = ESCAPES.get(code);
  if (known !== undefined) return known;
  if (String.fromCharCode(code) === quote) return `\\${quote}`;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  const unprintable = (code >= 0x80 && code < 0xa0) || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff;
  const invisible =
    (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) || code === 0xfeff;
  const noCharacter = (code & 0xfffe) === 0xfffe || (code >= 0xfdd0 && code < 0xfdf0);
  return unprintable || invisible || noCharacter ? `\\u{${code.toString(16)}}` : String.fromCodePoint(code);
}

/** A character in single quotes. */
export function quoteCharacter(code: number): string {
  return `'${escapeCodePoint(code, "'")}'`;
}

/** One code point of UTF-8 at `at`: its length in bytes, and no code when the bytes are invalid. */
function decodeAt(bytes: Uint8Array, at: number): { code: number | undefined; length: number } {
  const first = bytes[at]!;
  if (first < 0x80) return { code: first, length: 1 };
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return { code: undefined, length: 1 };
  let code = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i]!;
    if ((next & 0xc0) !== 0x80) return { code: undefined, length: 1 };
    code = (code << 6) | (next & 0x3f);
  }
  const overlong = code < [0, 0, 0x80, 0x800, 0x10000][length]!;
  const valid = !overlong && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
  return valid ? { code, length } : { code: undefined, length: 1 };
}

/**
 * UTF-8 in double quotes; bytes that are none are written `\xNN`.
 * @param limit characters of text, then an ellipsis follows the quote
 * @param more whether the text goes on after `bytes`
 */
export function quoteUtf8(bytes: Uint8Array, limit: number, more = false): string {
  let text = "";
  let at = 0;
  while (at < bytes.length && text.length < limit) {
    const { code, length } = decodeAt(bytes, at);
    text +=
      code === undefined ? `\\x${bytes[at]!.toString(16).padStart(2, "0")}` : escapeCodePoint(code, '"');
    at += length;
  }
  return `"${text}"${more || at < bytes.length ? "…" : ""}`;
}

/** Whether bytes read as text: valid UTF-8 without control characters other than the usual white space. */
export function isPlainText(bytes: Uint8Array, more: boolean): boolean {
  for (let at = 0; at < bytes.length; ) {
    const { code, length } = decodeAt(bytes, at);
    // The last character may be cut where the text goes on.
    if (code === undefined) return more && at > bytes.length - 4;
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f) return false;
    at += length;
  }
  return true;
}

/** Code units of 2 or 4 bytes (wchar_t, char16_t, char32_t) in double quotes. */
export function quoteUnits(bytes: Uint8Array, size: 2 | 4, limit: number, more = false): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  let at = 0;
  for (; at + size <= bytes.length && text.length < limit; at += size) {
    let code = size === 4 ? view.getUint32(at, true) : view.getUint16(at, true);
    if (size === 2 && code >= 0xd800 && code < 0xdc00 && at + 4 <= bytes.length) {
      const low = view.getUint16(at + 2, true);
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 2;
      }
    }
    text += escapeCodePoint(code, '"');
  }
  return `"${text}"${more || at + size <= bytes.length ? "…" : ""}`;
}

export interface FoundText {
  readonly bytes: Uint8Array;
  /** Whether no NUL was met within the limit. */
  readonly more: boolean;
}

const CHUNK = 32;

/**
 * Text up to a NUL unit of `size` bytes, at most `limit` bytes of it; Missing when not even its start is there.
 */
export function textAt(machine: Machine, at: Address, size: number, limit: number): FoundText | Missing {
  const bytes: number[] = [];
  while (bytes.length < limit) {
    let chunk = machine.memory(address(at + bytes.length), CHUNK);
    if (chunk instanceof Missing) chunk = machine.memory(address(at + bytes.length), size);
    if (chunk instanceof Missing)
      return bytes.length === 0 ? chunk : { bytes: Uint8Array.from(bytes), more: true };
    for (let i = 0; i + size <= chunk.length; i += size) {
      const unit = chunk.subarray(i, i + size);
      if (unit.every((byte) => byte === 0)) return { bytes: Uint8Array.from(bytes), more: false };
      bytes.push(...unit);
    }
  }
  return { bytes: Uint8Array.from(bytes), more: true };
}

/** Cuts to a budget, with an ellipsis. */
export function cut(text: string, budget: number): string {
  return text.length <= budget ? text : `${text.slice(0, Math.max(0, budget - 1))}…`;
}

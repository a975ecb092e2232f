/** `find`: where bytes, a text, a number or a value lie in memory. */
import { type Address, address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { evaluateInFrame } from "../../expressions/evaluate";
import { splitCommas, splitFormat } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { addressOf } from "./examine";

/** Places that one search lists. */
const MOST = 100;
/** Bytes that are looked at in one piece. */
const CHUNK = 1 << 20;
const SIZES: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, g: 8 };

export const find: Command = {
  names: ["find"],
  usage: "find[/SIZE] [START, +LENGTH|END,] VALUE[, VALUE…]",
  summary:
    'Where a text, a number (b h w g: 1 2 4 8 bytes, else 4 or 8) or a value lies in memory: find "text", find 0x1234.',
  completes: "expression",
  run(context, args) {
    const { format, rest } = splitFormat(args);
    const size = SIZES[format.replace(/\d/g, "")];
    const parts = splitCommas(rest).filter((part) => part !== "");
    if (parts.length === 0)
      throw new ConsoleError("find needs a value: find VALUE, or find START, END, VALUE");
    const { machine, core } = context.selected().physical;
    const memory = memoryOf(context, core.instance);
    const ranged = parts.length >= 3;
    const start = ranged ? addressOf(parts[0]!, context) : 0;
    const end = ranged ? endOf(parts[1]!, start, context) : memory.size;
    const needle = concat(parts.slice(ranged ? 2 : 0).map((part) => bytesOf(part, size, context)));
    const found = search(machine, memory.ranges, start, Math.min(end, memory.size), needle);
    if (found.length === 0) return "Pattern not found.";
    const lines = found.slice(0, MOST).map((at) => `0x${at.toString(16)}`);
    const count =
      found.length > MOST
        ? `more than ${MOST} patterns`
        : `${found.length} pattern${found.length === 1 ? "" : "s"}`;
    return [...lines, `${count} found.`].join("\n");
  },
};

function memoryOf({ crash }: Context, instance: number) {
  const index = crash.dump.instances[instance]?.memories[0] ?? 0;
  const memory = crash.dump.memories[index];
  if (memory === undefined) throw new ConsoleError("the dump holds no memory");
  return memory;
}

function endOf(text: string, start: number, context: Context): number {
  return text.startsWith("+") ? start + addressOf(text.slice(1), context) : addressOf(text, context) + 1;
}

/** What to look for: the characters of a text, the bytes of a number, or of the value that an expression has. */
function bytesOf(text: string, size: number | undefined, context: Context): Uint8Array {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
  if (quoted !== null) return new TextEncoder().encode(quoted[1]!.replace(/\\(.)/gs, "$1"));
  if (/^-?(0x[0-9a-f]+|\d+)$/i.test(text)) {
    const number = BigInt(text.replace("-", "")) * (text.startsWith("-") ? -1n : 1n);
    const narrow = BigInt.asIntN(32, number) === number || BigInt.asUintN(32, number) === number;
    return numberBytes(number, size ?? (narrow ? 4 : 8));
  }
  const value = evaluateInFrame(text, context.selected(), context.crash.reason);
  const { address: at, size: length } = value;
  if (value.missing !== undefined) throw new ConsoleError(`${text} is ${value.text()}`);
  if (at === undefined || length === undefined || length === 0 || length > CHUNK)
    throw new ConsoleError(`${text} has no bytes in memory to look for`);
  const bytes = context.selected().physical.machine.memory(at, length);
  if (bytes instanceof Missing) throw new ConsoleError(`${text} is unavailable: ${bytes.text}`);
  return bytes;
}

function numberBytes(number: bigint, size: number): Uint8Array {
  let rest = BigInt.asUintN(64, number);
  return Uint8Array.from({ length: size }, () => {
    const byte = Number(rest & 0xffn);
    rest >>= 8n;
    return byte;
  });
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Where `needle` begins within recorded memory, at most one more than are listed. */
function search(
  machine: Machine,
  ranges: readonly { readonly start: Address; readonly length: number }[],
  start: number,
  end: number,
  needle: Uint8Array,
): number[] {
  if (needle.length === 0) throw new ConsoleError("there is nothing to look for");
  const found: number[] = [];
  for (const range of ranges) {
    const last = Math.min(end, range.start + range.length);
    for (let at = Math.max(start, range.start); at + needle.length <= last; at += CHUNK) {
      const length = Math.min(CHUNK + needle.length - 1, last - at);
      const bytes = machine.memory(address(at), length);
      if (bytes instanceof Missing) break;
      for (let i = indexOf(bytes, needle, 0); i >= 0; i = indexOf(bytes, needle, i + 1)) {
        found.push(at + i);
        if (found.length > MOST) return found;
      }
    }
  }
  return found;
}

function indexOf(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  const first = needle[0]!;
  for (
    let i = bytes.indexOf(first, from);
    i >= 0 && i + needle.length <= bytes.length;
    i = bytes.indexOf(first, i + 1)
  ) {
    let same = 1;
    while (same < needle.length && bytes[i + same] === needle[same]) same++;
    if (same === needle.length) return i;
  }
  return -1;
}

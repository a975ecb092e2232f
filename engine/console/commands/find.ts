/** `find`: where bytes, a text, a number or a value lie in memory. */
import { Missing } from "../../dwarf/missing";
import { BytesSearch, numberBytes } from "../../postmortem/memory-search";
import { splitCommas, splitFormat } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { addressOf, evaluate, keepPlace } from "../evaluate";
import { labelled, staticsOf } from "../info/meanings";

/** Places that one search lists. */
const MOST = 100;
/** Bytes of a value that can be looked for. */
const LARGEST_VALUE = 1 << 20;
const SIZES: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, g: 8 };

export const find: Command = {
  names: ["find"],
  usage: "find[/MOST SIZE] [START, +LENGTH|END,] VALUE[, VALUE…]",
  summary:
    'Where a text, a number (b h w g: 1 2 4 8 bytes, else 4 or 8) or a value lies in memory: find "text", find 0x1234, find/3b 7 for three places at most.',
  completes: "expression",
  run(context, args) {
    const { format, rest } = splitFormat(args);
    const size = SIZES[format.replace(/\d/g, "")];
    const wanted = /\d+/.exec(format);
    const most = Math.min(MOST, Math.max(1, Number(wanted?.[0] ?? MOST)));
    const parts = splitCommas(rest).filter((part) => part !== "");
    if (parts.length === 0)
      throw new ConsoleError("find needs a value: find VALUE, or find START, END, VALUE");
    const { core } = context.selected().physical;
    const memory = memoryOf(context, core.instance);
    const ranged = parts.length >= 3;
    const start = ranged ? addressOf(parts[0]!, context) : 0;
    const end = ranged ? endOf(parts[1]!, start, context) : memory.size;
    const needle = concat(parts.slice(ranged ? 2 : 0).map((part) => bytesOf(part, size, context)));
    if (needle.length === 0) throw new ConsoleError("there is nothing to look for");
    const search = new BytesSearch(memory, needle, { start, end, most });
    while (!search.step());
    const { found } = search;
    keepPlace("$numfound", Math.min(most, found.length), context);
    if (found.length === 0) return "Pattern not found.";
    const holderOf = staticsOf(context.selected());
    const lines = found.slice(0, most).map((at) => labelled(at, holderOf));
    keepPlace("$_", found[lines.length - 1]!, context);
    const count =
      found.length > most && wanted === null
        ? `more than ${most} patterns`
        : `${lines.length} pattern${lines.length === 1 ? "" : "s"}`;
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
  const value = evaluate(text, context);
  const { address: at, size: length } = value;
  if (value.missing !== undefined) throw new ConsoleError(`${text} is ${value.text()}`);
  if (at === undefined || length === undefined || length === 0 || length > LARGEST_VALUE)
    throw new ConsoleError(`${text} has no bytes in memory to look for`);
  const bytes = context.selected().physical.machine.memory(at, length);
  if (bytes instanceof Missing) throw new ConsoleError(`${text} is unavailable: ${bytes.text}`);
  return bytes;
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

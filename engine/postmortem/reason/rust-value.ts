/**
 * One argument of a Rust message as its formatter would write it, for formatters of core and alloc that are known by
 * name; those of a program's own types would have to run.
 */
import { address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { littleEndian, readText, readU32 } from "./registers";
import { floatText } from "./rust-float";
import { type Options, padNumber, padText } from "./rust-options";

/** What values are read from. */
export interface Formatting {
  readonly machine: Machine;
  functionInTable(slot: number): string | undefined;
  /** The text of a `fmt::Arguments` that is an argument itself. */
  nested(at: number): string | undefined;
}

const INTEGERS: Readonly<Record<string, readonly [size: number, signed: boolean]>> = {
  u8: [1, false],
  u16: [2, false],
  u32: [4, false],
  u64: [8, false],
  u128: [16, false],
  usize: [4, false],
  i8: [1, true],
  i16: [2, true],
  i32: [4, true],
  i64: [8, true],
  i128: [16, true],
  isize: [4, true],
};

const RADIX: Readonly<Record<string, readonly [radix: number, prefix: string]>> = {
  LowerHex: [16, "0x"],
  UpperHex: [16, "0x"],
  Octal: [8, "0o"],
  Binary: [2, "0b"],
};

const FORMATTERS = [
  /^<(?<refs>&*)(?:mut )?(?<type>(?:dyn )?[\w:]+(?:<usize>)?) as core::fmt::(?<trait>\w+)>::fmt$/,
  /<impl core::fmt::(?<trait>\w+) for (?<refs>&*)(?<type>[\w:]+)>::fmt$/,
];

/** Trait objects within each other that are followed. */
const DEEPEST = 4;

/** @param formatter the full name of the function; @param at address of the value that it is given */
export function valueText(
  from: Formatting,
  formatter: string,
  at: number,
  options: Options,
  depth = 0,
): string | undefined {
  const match = FORMATTERS.map((pattern) => pattern.exec(formatter)?.groups).find(
    (found) => found !== undefined,
  );
  if (match === undefined || options.debugHex) return undefined;
  const { refs = "", type = "", trait = "" } = match;
  const { machine } = from;
  // References to what has no size of its own are two words: the last step stays at them.
  const isFat = type === "str" || type.startsWith("dyn ");
  let place: number | undefined = at;
  for (let step = isFat ? 1 : 0; step < refs.length && place !== undefined; step++)
    place = readU32(machine, place);
  if (place === undefined || (isFat && refs === "")) return undefined;
  if (type.startsWith("dyn ")) {
    const [data, vtable] = [readU32(machine, place), readU32(machine, place + 4)];
    // Behind the destructor, the size and the alignment stands the only method.
    const slot = vtable === undefined ? undefined : readU32(machine, vtable + 12);
    const method = slot === undefined ? undefined : from.functionInTable(slot);
    if (data === undefined || method === undefined || depth >= DEEPEST) return undefined;
    return valueText(from, method, data, options, depth + 1);
  }
  const integer = INTEGERS[type];
  if (integer !== undefined) return integerText(machine, place, integer, trait, options);
  if (trait !== "Display" && trait !== "Debug") return undefined;
  const bytes = (size: number): Uint8Array | undefined => {
    const found = machine.memory(address(place), size);
    return found instanceof Missing ? undefined : found;
  };
  switch (type) {
    case "f32":
    case "f64": {
      const found = bytes(type === "f32" ? 4 : 8);
      return found && floatText(found, trait, options);
    }
    case "bool": {
      const found = bytes(1)?.[0];
      return found === undefined || found > 1 ? undefined : padText(String(found === 1), options);
    }
    case "char":
      return charText(readU32(machine, place), trait, options);
    case "str":
      return textOf(textAt(machine, place), trait, options);
    case "alloc::string::String":
      return textOf(stringAt(machine, place), trait, options);
    case "core::fmt::Arguments":
      return from.nested(place);
    case "core::ops::range::Range<usize>": {
      const [start, end] = [readU32(machine, place), readU32(machine, place + 4)];
      const isPlain = options.width === 0 && !options.plus;
      return start === undefined || end === undefined || !isPlain ? undefined : `${start}..${end}`;
    }
    default:
      return undefined;
  }
}

function integerText(
  machine: Machine,
  at: number,
  [size, signed]: readonly [number, boolean],
  trait: string,
  options: Options,
): string | undefined {
  const bytes = machine.memory(address(at), size);
  if (bytes instanceof Missing) return undefined;
  if (trait === "Display" || trait === "Debug") {
    const value = littleEndian(bytes, signed);
    return padNumber(value < 0n ? "-" : "", String(value < 0n ? -value : value), options);
  }
  const [radix, prefix] = RADIX[trait] ?? [];
  if (radix === undefined || prefix === undefined) return undefined;
  const digits = littleEndian(bytes, false).toString(radix);
  const sign = (options.plus ? "+" : "") + (options.alternate ? prefix : "");
  return padNumber(sign, trait === "UpperHex" ? digits.toUpperCase() : digits, { ...options, plus: false });
}

function charText(
  code: number | undefined,
  trait: "Display" | "Debug",
  options: Options,
): string | undefined {
  if (code === undefined || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
  const char = String.fromCodePoint(code);
  if (trait === "Display") return padText(char, options);
  const shown = escaped(char, "'");
  return shown === undefined ? undefined : `'${shown}'`;
}

function textOf(text: string | undefined, trait: "Display" | "Debug", options: Options): string | undefined {
  if (text === undefined || trait === "Display") return text && padText(text, options);
  const shown = escaped(text, '"');
  return shown === undefined ? undefined : `"${shown}"`;
}

/** As `Debug` writes it between quotes; undefined where a character is none that it surely writes as it is. */
function escaped(text: string, quote: string): string | undefined {
  let shown = "";
  for (const char of text) {
    const short = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", [quote]: `\\${quote}` }[char];
    if (short === undefined && !/^[\p{L}\p{N}\p{P}\p{S} ]$/u.test(char)) return undefined;
    shown += short ?? char;
  }
  return shown;
}

/** Pointer and length. */
function textAt(machine: Machine, at: number): string | undefined {
  const [data, length] = [readU32(machine, at), readU32(machine, at + 4)];
  return data === undefined || length === undefined ? undefined : readText(machine, data, length);
}

/**
 * A String: capacity, pointer and length, of which the compiler puts the length last and the others in the order that
 * it likes. Which is which is told by what they hold.
 */
function stringAt(machine: Machine, at: number): string | undefined {
  const [first, second, length] = [0, 4, 8].map((offset) => readU32(machine, at + offset));
  if (first === undefined || second === undefined || length === undefined) return undefined;
  const readings = new Set<string>();
  for (const [capacity, data] of [
    [first, second],
    [second, first],
  ] as const) {
    const text = capacity >= length && data !== 0 ? readText(machine, data, length) : undefined;
    if (text !== undefined) readings.add(text);
  }
  return readings.size === 1 ? [...readings][0] : undefined;
}

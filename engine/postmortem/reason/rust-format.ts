/**
 * `core::fmt::Arguments` as text, as far as it can be told without running code (Rust 1.93 and later; the
 * encoding is described in core/src/fmt/mod.rs): literals as they are, arguments whose formatter is known by
 * its name in the function table. What is not known becomes `{…}`.
 */
import { address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { littleEndian, readText, readU32 } from "./registers";

const UNKNOWN = "{…}";
const MOST_PARTS = 256;

/** The text; undefined when the bytes are no template. `template` and `args` are the two words of Arguments. */
export function renderArguments(
  machine: Machine,
  template: number,
  args: number,
  functionInTable: (slot: number) => string | undefined,
): string | undefined {
  if (args & 1) return readText(machine, template, args >>> 1);
  let text = "";
  let at = template;
  let next = 0;
  const take = (size: number): number | undefined => {
    const bytes = machine.memory(address(at), size);
    at += size;
    return bytes instanceof Missing ? undefined : Number(littleEndian(bytes, false));
  };
  for (let part = 0; part < MOST_PARTS; part++) {
    const head = take(1);
    if (head === undefined) return undefined;
    if (head === 0) return text;
    if (head >= 0xc0) {
      // flags (4 bytes), width (2), precision (2), argument's index (2): each there when its bit is set
      const flags = head & 1 ? take(4) : 0;
      const width = head & 2 ? take(2) : 0;
      const precision = head & 4 ? take(2) : 0;
      const index = head & 8 ? take(2) : next;
      if (flags === undefined || width === undefined || precision === undefined || index === undefined)
        return undefined;
      next = index + 1;
      const plain = (head & 7) === 0;
      text += (plain && argumentText(machine, args + index * 8, functionInTable)) || UNKNOWN;
    } else if (head <= 0x80) {
      const length = head === 0x80 ? take(2) : head;
      const literal = length === undefined ? undefined : readText(machine, at, length);
      if (length === undefined || literal === undefined) return undefined;
      at += length;
      text += literal;
    } else {
      return undefined;
    }
  }
  return undefined;
}

/** Bytes of the integers that `Display` and `Debug` print alike. */
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

/** A `core::fmt::rt::Argument`: pointer to the value, and its formatter as a slot of the function table. */
export function argumentText(
  machine: Machine,
  at: number,
  functionInTable: (slot: number) => string | undefined,
): string | undefined {
  const value = readU32(machine, at);
  const slot = readU32(machine, at + 4);
  const formatter = slot === undefined ? undefined : functionInTable(slot);
  if (value === undefined || formatter === undefined) return undefined;
  const match =
    /<&*(?:mut )?([\w:]+) as core::fmt::(Display|Debug)>::fmt/.exec(formatter) ??
    /<impl core::fmt::(?<trait>Display|Debug) for ([\w:]+)>::fmt/.exec(formatter);
  if (match === null) return undefined;
  const type = match.groups?.["trait"] === undefined ? match[1]! : match[2]!;
  const trait = match.groups?.["trait"] ?? match[2]!;
  let pointer: number | undefined = value;
  const indirections = /<(&*)/.exec(formatter)![1]!.length;
  for (let i = 0; i < indirections && pointer !== undefined && type !== "str"; i++)
    pointer = readU32(machine, pointer);
  if (pointer === undefined) return undefined;
  const integer = INTEGERS[type];
  if (integer !== undefined) {
    const bytes = machine.memory(address(pointer), integer[0]);
    return bytes instanceof Missing ? undefined : littleEndian(bytes, integer[1]).toString();
  }
  // `&str`: a pointer to pointer and length.
  if (type === "str" && trait === "Display" && indirections === 1) {
    const data = readU32(machine, pointer);
    const length = readU32(machine, pointer + 4);
    return data === undefined || length === undefined ? undefined : readText(machine, data, length);
  }
  return undefined;
}

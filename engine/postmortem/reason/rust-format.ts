/**
 * `core::fmt::Arguments` as text, as far as it can be told without running code (Rust 1.93 and later; the
 * encoding is described in core/src/fmt/mod.rs): literals as they are, arguments whose formatter is known by
 * its name in the function table. What is not known becomes `{…}`.
 */
import { address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import { littleEndian, readText, readU32 } from "./registers";
import { DEFAULT_OPTIONS, type Options, optionsOf } from "./rust-options";
import { valueText } from "./rust-value";

const UNKNOWN = "{…}";
const MOST_PARTS = 256;
/** Arguments within arguments that are followed. */
const DEEPEST = 4;

/** The text; undefined when the bytes are no template. `template` and `args` are the two words of Arguments. */
export function renderArguments(
  machine: Machine,
  template: number,
  args: number,
  functionInTable: (slot: number) => string | undefined,
  depth = 0,
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
      const flags = head & 1 ? take(4) : undefined;
      const width = head & 2 ? take(2) : 0;
      const precision = head & 4 ? take(2) : 0;
      const index = head & 8 ? take(2) : next;
      if (width === undefined || precision === undefined || index === undefined) return undefined;
      next = index + 1;
      const options = flags === undefined ? DEFAULT_OPTIONS : optionsOf(flags, width, precision);
      // Widths and precisions that are arguments themselves, and those without flags, are none that are known here.
      const isPlain = (head & 0x30) === 0 && (flags !== undefined || (head & 6) === 0);
      const shown =
        isPlain && options !== undefined
          ? argumentText(machine, args + index * 8, functionInTable, options, depth)
          : undefined;
      text += shown ?? UNKNOWN;
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

/** A `core::fmt::rt::Argument`: pointer to the value, and its formatter as a slot of the function table. */
export function argumentText(
  machine: Machine,
  at: number,
  functionInTable: (slot: number) => string | undefined,
  options: Options = DEFAULT_OPTIONS,
  depth = 0,
): string | undefined {
  const value = readU32(machine, at);
  const slot = readU32(machine, at + 4);
  const formatter = slot === undefined ? undefined : functionInTable(slot);
  if (value === undefined || formatter === undefined) return undefined;
  const nested = (place: number): string | undefined => {
    const [template, args] = [readU32(machine, place), readU32(machine, place + 4)];
    if (template === undefined || args === undefined || depth >= DEEPEST) return undefined;
    return renderArguments(machine, template, args, functionInTable, depth + 1);
  };
  return valueText({ machine, functionInTable, nested }, formatter, value, options);
}

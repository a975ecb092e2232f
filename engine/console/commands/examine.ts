/** `x`: memory at an address, as numbers, characters, text or instructions. */
import { address, codeOffset } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import type { Frame } from "../../postmortem/model";
import { littleEndian } from "../../postmortem/reason/registers";
import { quoteCharacter, quoteUtf8 } from "../../values/text";
import { disassembleFunction } from "../../wasm/disassembly";
import { splitFormat, wholeNumber } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { addressOf, keepPlace } from "../evaluate";
import { labelled, staticsOf } from "../info/meanings";
import { functionNamed } from "../places";

const SIZES: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, g: 8 };
const PER_LINE: Readonly<Record<number, number>> = { 1: 8, 2: 8, 4: 4, 8: 2 };
/** Units of one command, and bytes of one text. */
const MOST_UNITS = 100_000;
const LONGEST_TEXT = 4096;

interface Shape {
  /** Negative: that many units in front of the address. */
  readonly count: number;
  /** x d u o t a c f s i, as gdb has them. */
  readonly letter: string;
  /** Bytes of a unit. */
  readonly size: number;
}

/** `16xb`, `s`, `4i`: what is not told is as it was the last time, as in gdb. */
function shapeOf(format: string, context: Context): Shape {
  const found = /^(-?\d+)?([a-z]*)$/.exec(format);
  if (found === null) throw new ConsoleError(`"${format}" is no format of x: x/NFU, as in x/16xb`);
  let letter = context.memory.examine?.letter ?? "x";
  let size: number | undefined;
  for (const c of found[2]!) {
    if (SIZES[c] !== undefined) size = SIZES[c];
    else if (/[xduotacfsiz]/.test(c)) letter = c === "z" ? "x" : c;
    else throw new ConsoleError(`"${c}" is no format of x. Formats: x d u o t a c f s i; units: b h w g`);
  }
  const count = found[1] === undefined ? 1 : Number(found[1]);
  if (count === 0 || Math.abs(count) > MOST_UNITS)
    throw new ConsoleError(`x prints 1 to ${MOST_UNITS} units, not ${count}`);
  if (count < 0 && /[si]/.test(letter))
    throw new ConsoleError("texts and instructions are examined forwards only: x/3i, x/3s");
  return { count, letter, size: size ?? usualSize(letter, context) };
}

/** The size of the last units; but an address has its own, a character 1, a floating-point number 4 or 8 bytes. */
function usualSize(letter: string, context: Context): number {
  if (letter === "c") return 1;
  if (letter === "a") return context.selected().physical.machine.addressSize;
  const size = context.memory.examine?.size ?? (context.settings.wasmgdb ? 1 : 4);
  return letter === "f" && size < 4 ? 8 : size;
}

export const examine: Command = {
  names: ["x"],
  usage: "x[/NFU] ADDRESS",
  summary:
    "Memory: N units of size U (b h w g) as F (x d u o t a c f), texts (s) or instructions (i); -N units before ADDRESS.",
  completes: "expression",
  run(context, args) {
    const { format, rest } = splitFormat(args);
    const shape = shapeOf(format, context);
    const { text, next, last } =
      shape.letter === "i" ? instructions(shape.count, rest, context) : memory(shape, rest, context);
    context.memory.examine = { ...shape, next };
    if (last !== undefined) keepPlace("$_", last, context);
    return text;
  },
};

interface Shown {
  readonly text: string;
  /** Where the next `x` goes on. */
  readonly next: number;
  /** The last unit that was shown; undefined for instructions, which are in no memory. */
  readonly last?: number;
}

function memory(shape: Shape, rest: string, context: Context): Shown {
  const last = context.memory.examine;
  const start = rest !== "" ? addressOf(rest, context) : last?.letter === "i" ? undefined : last?.next;
  if (start === undefined) throw new ConsoleError("x needs an address: x/NFU ADDRESS");
  const frame = context.selected();
  if (shape.letter !== "s") return units(frame, start, shape);
  return context.settings.wasmgdb ? characters(frame, start, shape.count) : texts(frame, start, shape.count);
}

function units(frame: Frame, from: number, { count: signed, letter, size }: Shape): Shown {
  const lines: string[] = [];
  const perLine = letter === "c" ? 8 : PER_LINE[size]!;
  const count = Math.abs(signed);
  const start = signed < 0 ? from - count * size : from;
  if (start < 0) throw new ConsoleError(`there are not ${count} units before 0x${from.toString(16)}`);
  const holderOf = staticsOf(frame);
  for (let done = 0; done < count; done += perLine) {
    const at = start + done * size;
    const cells = Array.from({ length: Math.min(perLine, count - done) }, (_, i) =>
      cell(frame, at + i * size, letter, size, holderOf),
    );
    lines.push(`${labelled(at, holderOf)}:\t${cells.join("\t")}`);
    if (cells.every((text) => text.startsWith("<"))) break;
  }
  const end = start + count * size;
  return { text: lines.join("\n"), next: signed < 0 ? start : end, last: end - size };
}

function cell(
  frame: Frame,
  at: number,
  letter: string,
  size: number,
  holderOf: (at: number) => string | undefined,
): string {
  const bytes = frame.physical.machine.memory(address(at), size);
  if (bytes instanceof Missing) return `<unavailable: ${bytes.text}>`;
  const number = littleEndian(bytes, false);
  switch (letter) {
    case "d":
      return littleEndian(bytes, true).toString();
    case "u":
      return number.toString();
    case "o":
      return `0${number.toString(8)}`;
    case "t":
      return number.toString(2).padStart(8 * size, "0");
    case "c":
      return `${littleEndian(bytes, true)} ${quoteCharacter(Number(number & 0xffn))}`;
    case "f":
      return floatText(bytes, size);
    case "a":
      return labelled(Number(number), holderOf);
    default:
      return `0x${number.toString(16).padStart(2 * size, "0")}`;
  }
}

function floatText(bytes: Uint8Array, size: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 4) return String(Math.fround(view.getFloat32(0, true)));
  if (size === 8) return String(view.getFloat64(0, true));
  throw new ConsoleError("floating-point units have 4 (w) or 8 (g) bytes");
}

/** Texts up to their NULs, one after the other. */
function texts(frame: Frame, start: number, count: number): Shown {
  const lines: string[] = [];
  let at = start;
  let last = start;
  const holderOf = staticsOf(frame);
  for (let i = 0; i < count; i++) {
    last = at;
    const bytes: number[] = [];
    let more = false;
    for (;;) {
      const byte = frame.physical.machine.memory(address(at + bytes.length), 1);
      if (byte instanceof Missing) {
        if (bytes.length === 0)
          return {
            text: [...lines, `${labelled(at, holderOf)}:\t<unavailable: ${byte.text}>`].join("\n"),
            next: at,
            last: at,
          };
        break;
      }
      if (byte[0] === 0) break;
      if (bytes.length === LONGEST_TEXT) {
        more = true;
        break;
      }
      bytes.push(byte[0]!);
    }
    lines.push(`${labelled(at, holderOf)}:\t${quoteUtf8(Uint8Array.from(bytes), LONGEST_TEXT, more)}`);
    at += bytes.length + (more ? 0 : 1);
  }
  return { text: lines.join("\n"), next: at, last };
}

/** wasmgdb's `x/16s`: so many characters, whatever they are. */
function characters(frame: Frame, start: number, count: number): Shown {
  const bytes = frame.physical.machine.memory(address(start), count);
  const text =
    bytes instanceof Missing ? `<unavailable: ${bytes.text}>` : quoteUtf8(bytes, LONGEST_TEXT, false);
  return { text: `0x${start.toString(16)}:\t${text}`, next: start + count, last: start };
}

/** Instructions from a code offset or a function's start on, or from where the frame stands. */
function instructions(count: number, rest: string, context: Context): Shown {
  const { physical } = context.selected();
  const last = context.memory.examine;
  const from = rest === "" ? (last?.letter === "i" ? last.next : physical.pc) : startOf(rest, context);
  if (from === undefined) throw new ConsoleError("the frame stands at no instruction");
  const { wasm } = physical.module;
  const index = wasm.functionAt(codeOffset(from));
  const lines = index === undefined ? [] : disassembleFunction(wasm, index);
  const all = lines.filter(({ pc }) => pc >= from);
  if (all.length === 0) throw new ConsoleError(`0x${from.toString(16)} is in no function's code`);
  const shown = all.slice(0, count);
  const text = shown
    .map(({ pc, text }) => `${pc === physical.pc ? "=> " : "   "}0x${pc.toString(16)}:\t${text.trim()}`)
    .join("\n");
  const { pc, bytes } = shown.at(-1)!;
  return { text, next: pc + bytes.length };
}

function startOf(text: string, context: Context): number | undefined {
  if (text === "$pc") return context.selected().physical.pc;
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) return wholeNumber(text, "a code offset");
  const { module, index } = functionNamed(text, context);
  const body = index === undefined ? undefined : module.wasm.body(index);
  if (body === undefined) throw new ConsoleError(`${text} has no code in the module`);
  return disassembleFunction(module.wasm, body.index)[0]?.pc;
}

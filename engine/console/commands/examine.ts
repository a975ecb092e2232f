/** `x`: memory at an address, as numbers, characters, text or instructions. */
import { address } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import { evaluateInFrame } from "../../expressions/evaluate";
import type { Frame } from "../../postmortem/model";
import { littleEndian } from "../../postmortem/reason/registers";
import { quoteCharacter, quoteUtf8 } from "../../values/text";
import { disassembleFunction } from "../../wasm/disassembly";
import { splitFormat, wholeNumber } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";

const SIZES: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, g: 8 };
const PER_LINE: Readonly<Record<number, number>> = { 1: 8, 2: 8, 4: 4, 8: 2 };
/** Units of one command, and bytes of one text. */
const MOST_UNITS = 100_000;
const LONGEST_TEXT = 4096;

interface Shape {
  readonly count: number;
  /** x d u o t a c f s i, as gdb has them. */
  readonly letter: string;
  /** Bytes of a unit. */
  readonly size: number;
}

/** `16xb`, `s`, `4i`; in wasmgdb a count with `s` alone. */
function shapeOf(format: string): Shape {
  const found = /^(-?\d+)?([a-z]*)$/.exec(format);
  if (found === null) throw new ConsoleError(`"${format}" is no format of x: x/NFU, as in x/16xb`);
  let letter = "x";
  let size: number | undefined;
  for (const c of found[2]!) {
    if (SIZES[c] !== undefined) size = SIZES[c];
    else if (/[xduotacfsiz]/.test(c)) letter = c === "z" ? "x" : c;
    else throw new ConsoleError(`"${c}" is no format of x. Formats: x d u o t a c f s i; units: b h w g`);
  }
  const count = found[1] === undefined ? 1 : Number(found[1]);
  if (count < 1 || count > MOST_UNITS)
    throw new ConsoleError(`x prints 1 to ${MOST_UNITS} units, not ${count}`);
  return { count, letter, size: size ?? (letter === "c" ? 1 : letter === "f" ? 8 : 4) };
}

export const examine: Command = {
  names: ["x"],
  usage: "x[/NFU] ADDRESS",
  summary: "Memory: N units of size U (b h w g) as F (x d u o t a c f), texts (s) or instructions (i).",
  completes: "expression",
  run(context, args) {
    const { format, rest } = splitFormat(args);
    const frame = context.selected();
    const shape = shapeOf(format);
    if (shape.letter === "i") return instructions(frame, shape.count, rest);
    const start = rest === "" ? context.memory.examine : addressOf(rest, context);
    if (start === undefined) throw new ConsoleError("x needs an address: x/NFU ADDRESS");
    const { text, next } =
      shape.letter === "s" ? texts(frame, start, shape.count) : units(frame, start, shape);
    context.memory.examine = next;
    return text;
  },
};

/** What an expression says of memory: where a pointer points, a number, or else where the value lies. */
export function addressOf(text: string, context: Context): number {
  const value = evaluateInFrame(text, context.selected(), context.crash.reason);
  if (value.missing !== undefined) throw new ConsoleError(`${text} is ${value.text()}`);
  if (value.target !== undefined) return value.target;
  const shown = value.text({ hex: false });
  if (value.children === undefined && /^\d+\b/.test(shown)) return Number(/^\d+/.exec(shown)![0]);
  if (value.address !== undefined) return value.address;
  throw new ConsoleError(`${text} is no address`);
}

function units(frame: Frame, start: number, { count, letter, size }: Shape): { text: string; next: number } {
  const lines: string[] = [];
  const perLine = letter === "c" ? 8 : PER_LINE[size]!;
  for (let done = 0; done < count; done += perLine) {
    const at = start + done * size;
    const cells = Array.from({ length: Math.min(perLine, count - done) }, (_, i) =>
      cell(frame, at + i * size, letter, size),
    );
    lines.push(`0x${at.toString(16)}:\t${cells.join("\t")}`);
    if (cells.every((text) => text.startsWith("<"))) break;
  }
  return { text: lines.join("\n"), next: start + count * size };
}

function cell(frame: Frame, at: number, letter: string, size: number): string {
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
      return `0x${number.toString(16)}`;
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
function texts(frame: Frame, start: number, count: number): { text: string; next: number } {
  const lines: string[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const bytes: number[] = [];
    let more = false;
    for (;;) {
      const byte = frame.physical.machine.memory(address(at + bytes.length), 1);
      if (byte instanceof Missing) {
        if (bytes.length === 0)
          return {
            text: [...lines, `0x${at.toString(16)}:\t<unavailable: ${byte.text}>`].join("\n"),
            next: at,
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
    lines.push(`0x${at.toString(16)}:\t${quoteUtf8(Uint8Array.from(bytes), LONGEST_TEXT, more)}`);
    at += bytes.length + (more ? 0 : 1);
  }
  return { text: lines.join("\n"), next: at };
}

/** Instructions from a code offset on, or from where the frame stands. */
function instructions(frame: Frame, count: number, rest: string): string {
  const { physical } = frame;
  const from = rest === "" || rest === "$pc" ? physical.pc : wholeNumber(rest, "a code offset");
  if (from === undefined) throw new ConsoleError("the frame stands at no instruction");
  const lines = disassembleFunction(physical.module.wasm, physical.functionIndex);
  const shown = lines.filter(({ pc }) => pc >= from).slice(0, count);
  if (shown.length === 0)
    throw new ConsoleError(`0x${from.toString(16)} is not in the selected frame's function`);
  return shown
    .map(({ pc, text }) => `${pc === physical.pc ? "=> " : "   "}0x${pc.toString(16)}:\t${text.trim()}`)
    .join("\n");
}

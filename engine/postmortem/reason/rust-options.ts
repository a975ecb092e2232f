/**
 * How a placeholder wants its argument written: `core::fmt::FormattingOptions` of Rust 1.93 and later, as 32 bits of
 * flags, a width and a precision; and what core::fmt's `pad` and `pad_integral` make of a text with them.
 */

const PLUS = 1 << 21;
const ALTERNATE = 1 << 23;
const ZERO_PAD = 1 << 24;
const DEBUG_HEX = (1 << 25) | (1 << 26);
const WIDTH = 1 << 27;
const PRECISION = 1 << 28;
/** Bits 0 to 20. */
const FILL = 0x1fffff;
const ALIGN_UNSET = 3;

export interface Options {
  readonly plus: boolean;
  readonly alternate: boolean;
  readonly zeroPad: boolean;
  /** `{:x?}`, `{:X?}` */
  readonly debugHex: boolean;
  readonly fill: string;
  readonly align: "left" | "right" | "center" | undefined;
  readonly width: number;
  readonly precision: number | undefined;
}

export const DEFAULT_OPTIONS: Options = {
  plus: false,
  alternate: false,
  zeroPad: false,
  debugHex: false,
  fill: " ",
  align: undefined,
  width: 0,
  precision: undefined,
};

/** @returns undefined when the bits are no options */
export function optionsOf(flags: number, width: number, precision: number): Options | undefined {
  const fill = flags & FILL;
  const align = (flags >>> 29) & 3;
  if (flags >>> 31 !== 0 || fill < 0x20 || fill > 0x10ffff || (fill >= 0xd800 && fill < 0xe000))
    return undefined;
  return {
    plus: (flags & PLUS) !== 0,
    alternate: (flags & ALTERNATE) !== 0,
    zeroPad: (flags & ZERO_PAD) !== 0,
    debugHex: (flags & DEBUG_HEX) !== 0,
    fill: String.fromCodePoint(fill),
    align: align === ALIGN_UNSET ? undefined : (["left", "right", "center"] as const)[align],
    width: (flags & WIDTH) !== 0 ? width : 0,
    precision: (flags & PRECISION) !== 0 ? precision : undefined,
  };
}

/** A text: the precision is the most characters, and it stands at the left unless told otherwise. */
export function padText(text: string, options: Options): string {
  const cut = options.precision === undefined ? text : [...text].slice(0, options.precision).join("");
  return filled(cut, options.align ?? "left", options);
}

/** A number: its sign or prefix in front of zeros that fill the width, and at the right unless told otherwise. */
export function padNumber(sign: string, digits: string, options: Options): string {
  const shownSign = sign === "" && options.plus ? "+" : sign;
  if (options.zeroPad) return shownSign + digits.padStart(options.width - shownSign.length, "0");
  return filled(shownSign + digits, options.align ?? "right", options);
}

function filled(text: string, align: NonNullable<Options["align"]>, { fill, width }: Options): string {
  const missing = Math.max(0, width - [...text].length);
  const before = align === "left" ? 0 : align === "right" ? missing : missing >> 1;
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

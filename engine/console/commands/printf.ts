/** `printf`: values in a text, by C's conversions. */
import { bare } from "../../expressions/display";
import { inFormat } from "../../expressions/formats";
import type { Format } from "../../expressions/syntax";
import type { Value } from "../../values/model";
import { splitCommas } from "../arguments";
import type { Command, Context } from "../command";
import { ConsoleError } from "../errors";
import { evaluate } from "../evaluate";

/** Columns that a conversion may ask for. */
const WIDEST = 1000;

/** What each conversion shows of a value. */
const CONVERSIONS: Readonly<Record<string, Format>> = {
  d: "d",
  i: "d",
  u: "u",
  x: "u",
  X: "u",
  o: "o",
  c: "c",
  s: "s",
  p: "u",
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  '"': '"',
  "\\": "\\",
  e: "\x1b",
  a: "\x07",
};

export const printf: Command = {
  names: ["printf"],
  usage: 'printf "TEXT", EXPRESSION…',
  summary: "A text with values in it: %d %i %u %x %o %c %s %f %g %e %p, with width and precision.",
  completes: "expression",
  run(context, args) {
    const [template = "", ...expressions] = splitCommas(args);
    const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(template);
    if (quoted === null) throw new ConsoleError('printf needs a text first: printf "%d\\n", EXPRESSION');
    const text = quoted[1]!.replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c);
    let next = 0;
    const shown = text.replace(
      /%(%|([-+ 0#]*)(\d*)(?:\.(\d+))?(?:hh|h|ll|l|z|j|t|q|L)?([a-zA-Z]))/g,
      (whole, percent: string, flags = "", width = "", precision: string | undefined, letter = "") => {
        if (percent === "%") return "%";
        const expression = expressions[next++];
        if (expression === undefined) throw new ConsoleError(`there is no value for ${whole}`);
        const converted = conversion(letter, expression, precision, context);
        return padded(converted, flags, Math.min(Number(width), WIDEST));
      },
    );
    if (next < expressions.length) throw new ConsoleError(`${expressions[next]} has no place in the text`);
    // The console ends every answer with a newline by itself.
    return shown.replace(/\n$/, "");
  },
};

function conversion(
  letter: string,
  expression: string,
  precision: string | undefined,
  context: Context,
): string {
  const value = bare(evaluate(expression, context));
  if (value.missing !== undefined) return value.text();
  if (/[feEgG]/.test(letter)) return floating(value, letter, precision);
  const format = CONVERSIONS[letter];
  if (format === undefined) throw new ConsoleError(`"%${letter}" is no conversion of printf`);
  const text = inFormat(value, format);
  switch (letter) {
    case "s":
      return cut(unquoted(text), precision);
    case "c":
      return unquoted(text);
    case "p":
      return `0x${hexDigits(text)}`;
    case "x":
      return hexDigits(text);
    case "X":
      return hexDigits(text).toUpperCase();
    default:
      return text.replace(/^0o/, "");
  }
}

/** A decimal number in hexadecimal; a text that is no number as it is. */
const hexDigits = (text: string): string => (/^\d+$/.test(text) ? BigInt(text).toString(16) : text);

function floating(value: Value, letter: string, precision: string | undefined): string {
  const text = value.text();
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  const digits = Math.min(Number(precision ?? 6), 100);
  switch (letter) {
    case "f":
      return number.toFixed(digits);
    case "e":
    case "E":
      return number.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
    default:
      return String(Number(number.toPrecision(Math.max(1, digits))));
  }
}

const cut = (text: string, precision: string | undefined): string =>
  precision === undefined ? text : text.slice(0, Number(precision));

/** The characters of a quoted text, whatever stands in front of it. */
function unquoted(text: string): string {
  const quoted = /(["'])((?:[^\\]|\\.)*)\1$/s.exec(text);
  return quoted === null ? text : quoted[2]!.replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c);
}

function padded(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  const signed = flags.includes("+") && /^\d/.test(text) ? `+${text}` : text;
  if (!flags.includes("0")) return signed.padStart(width);
  const sign = /^[+-]?/.exec(signed)![0];
  return sign + signed.slice(sign.length).padStart(width - sign.length, "0");
}

/** The arguments of commands as they are typed: `/FORMAT`, numbers, lists. */
import { ConsoleError } from "./errors";

/** `/x rest` or `/16xb rest`: what stands behind the slash, and the rest. */
export function splitFormat(args: string): { format: string; rest: string } {
  const found = /^\/(\S*)\s*([\s\S]*)$/.exec(args);
  return found === null ? { format: "", rest: args } : { format: found[1]!, rest: found[2]! };
}

/** A whole number, decimal or with 0x. @throws ConsoleError for anything else */
export function wholeNumber(text: string, what: string): number {
  const number = /^-?(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new ConsoleError(`${what} is expected, not "${text}"`);
  return number;
}

/** Numbers that a list may have. */
const MOST_NUMBERS = 10_000;

/** `1 3-5`: 1, 3, 4 and 5. @throws ConsoleError for anything else */
export function numberRanges(text: string, what: string): readonly number[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((part) => {
      const range = /^(\d+)-(\d+)$/.exec(part);
      if (range === null) return [wholeNumber(part, what)];
      const first = wholeNumber(range[1]!, what);
      const last = wholeNumber(range[2]!, what);
      if (last < first || last - first >= MOST_NUMBERS)
        throw new ConsoleError(`"${part}" is no range of numbers from the lower to the higher`);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

/** A regular expression as gdb takes it: anywhere in the name, case matters. */
export function namePattern(text: string): RegExp {
  try {
    return new RegExp(text, "u");
  } catch (error) {
    throw new ConsoleError(`"${text}" is no regular expression: ${(error as Error).message}`);
  }
}

/** `a, f(b, c), "x,y"` at its outermost commas. */
export function splitCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== "") {
      if (c === "\\") i++;
      else if (c === quote) quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (/[([{]/.test(c)) depth++;
    else if (/[)\]}]/.test(c)) depth--;
    else if (c === "," && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

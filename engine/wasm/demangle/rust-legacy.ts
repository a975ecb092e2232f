/**
 * Rust's legacy mangling: a path in the clothes of the Itanium C++ ABI (`_ZN`, elements with their length in
 * front, `E`), whose last element is a hash. Characters that symbols may not hold are escaped in `$…$`.
 * The hash tells it from a C++ symbol, which must stay as it is.
 */

const shape = /^_ZN([\x21-\x7e]+)17h[0-9a-f]{16}E(?:\.[\x21-\x7e]*)?$/;

/** Escapes with names of their own; every other one is `$u<hexadecimal code point>$`. */
const namedEscapes: ReadonlyMap<string, string> = new Map([
  ["SP", "@"],
  ["BP", "*"],
  ["RF", "&"],
  ["LT", "<"],
  ["GT", ">"],
  ["LP", "("],
  ["RP", ")"],
  ["C", ","],
]);

/** @returns undefined when `symbol` is not of the legacy scheme */
export function demangleLegacy(symbol: string): string | undefined {
  const encoded = shape.exec(symbol)?.[1];
  const elements = encoded === undefined ? undefined : elementsOf(encoded);
  return elements?.map(unescaped).join("::");
}

/** Splits elements with their decimal lengths in front; undefined when the lengths do not fit. */
function elementsOf(encoded: string): string[] | undefined {
  const elements: string[] = [];
  for (let at = 0; at < encoded.length; ) {
    const digits = /^[1-9][0-9]{0,5}/.exec(encoded.slice(at, at + 6))?.[0];
    if (digits === undefined) return undefined;
    const start = at + digits.length;
    at = start + Number(digits);
    if (at > encoded.length) return undefined;
    elements.push(encoded.slice(start, at));
  }
  return elements;
}

/** An escape that is not understood stays as it is written. */
function unescaped(element: string): string {
  // An element may not begin with an escape, so an underscore stands before it.
  const text = element.startsWith("_$") ? element.slice(1) : element;
  return text.replace(
    /\.\.|\$(?:([A-Z]{1,2})|u([0-9a-f]{1,6}))\$/g,
    (written, name: string | undefined, hex: string | undefined) => {
      if (name !== undefined) return namedEscapes.get(name) ?? written;
      if (hex !== undefined) return printable(Number.parseInt(hex, 16)) ?? written;
      return "::";
    },
  );
}

function printable(codePoint: number): string | undefined {
  if (codePoint > 0x10ffff) return undefined;
  const text = String.fromCodePoint(codePoint);
  return /[\p{Cc}\p{Cs}]/u.test(text) ? undefined : text;
}

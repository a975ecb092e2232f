/** How a map's key is written between brackets, so that `map[key]` leads to its entry. */
import { integerOf } from "./base";
import { libraryName } from "./cpp/layout";
import type { TypedValue } from "./presentation";
import { strip } from "./types";

/** What stands for other bytes when it is read back: bytes that are no UTF-8, and escapes that a digit follows. */
const AMBIGUOUS = /\\x|\\0[0-7]|…/;

/** The key as an expression; undefined for one that is no number, truth value, character or text. */
export function keyExpression(key: TypedValue): string | undefined {
  const type = strip(key.type);
  if (key.missing !== undefined) return undefined;
  if (type.kind === "base") {
    const number = type.flavour.name === "rust" ? undefined : integerOf(type, key.storage);
    const text = typeof number === "bigint" ? number.toString() : key.text();
    return AMBIGUOUS.test(text) ? undefined : text;
  }
  const isText =
    /^(&(mut )?str|String)$/.test(type.name) || /^basic_string(_view)?$/.test(libraryName(type) ?? "");
  const text = isText ? key.text() : undefined;
  return text === undefined || !text.startsWith('"') || AMBIGUOUS.test(text) ? undefined : text;
}

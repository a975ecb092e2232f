/** Splits an expression into tokens: names, numbers, pseudo-variables and punctuation. */
import { ExpressionError } from "./errors";

export interface Token {
  readonly kind: "name" | "number" | "pseudo" | "punctuation" | "end";
  readonly text: string;
  /** 0-based position in the expression. */
  readonly position: number;
}

/** Longest first, so that `->` is not taken for `-`. */
const PUNCTUATION = ["->", "::", ".", "[", "]", "(", ")", "*", "&"];
const NAME = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const NUMBER = /0[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|0[bB]_*[01][01_]*|[0-9][0-9_]*/y;
const PSEUDO = /\$[A-Za-z]+[0-9]*/y;
const SPACE = /\s*/y;

/** All tokens, with one of kind "end" after the last. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = match(SPACE, text, 0).length;
  while (position < text.length) {
    const token = tokenAt(text, position);
    tokens.push(token);
    position += token.text.length;
    position += match(SPACE, text, position).length;
  }
  tokens.push({ kind: "end", text: "", position: text.length });
  return tokens;
}

function tokenAt(text: string, position: number): Token {
  for (const [kind, pattern] of [
    ["name", NAME],
    ["number", NUMBER],
    ["pseudo", PSEUDO],
  ] as const) {
    const found = match(pattern, text, position);
    if (found !== "") return { kind, text: found, position };
  }
  const punctuation = PUNCTUATION.find((mark) => text.startsWith(mark, position));
  if (punctuation === undefined)
    throw new ExpressionError(`“${text[position]}” is not understood here`, position);
  return { kind: "punctuation", text: punctuation, position };
}

/** A sticky pattern's match at a position, or an empty text. */
function match(pattern: RegExp, text: string, position: number): string {
  const sticky = new RegExp(pattern.source, pattern.flags);
  sticky.lastIndex = position;
  return sticky.exec(text)?.[0] ?? "";
}

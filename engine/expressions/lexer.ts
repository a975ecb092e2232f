/** Splits an expression into tokens: names, literals, pseudo-variables and punctuation. */
import { ExpressionError } from "./errors";

export interface Token {
  readonly kind: "name" | "number" | "character" | "string" | "pseudo" | "punctuation" | "end";
  readonly text: string;
  /** 0-based position in the expression. */
  readonly position: number;
}

/** What a person types; a program's text would be refused at once. */
export const LONGEST = 10_000;
export const MOST_TOKENS = 1000;

/** Longest first, so that `->` is not taken for `-`. */
const PUNCTUATION = [
  ["<<|="],
  ["<<=", ">>=", "..=", "->*", "<=>", "<<|"],
  [
    "->",
    "::",
    "..",
    ".*",
    ".?",
    "+%",
    "-%",
    "*%",
    "+|",
    "-|",
    "*|",
    "==",
    "!=",
    "<=",
    ">=",
    "<<",
    ">>",
    "&&",
    "||",
    "++",
    "--",
  ],
  ["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="],
  [..."=.[](){}*&+-/%<>!~^|?:,#;@"],
].flat();
/** What would change the program; `=` alone also stands in front of a member's value. */
const CHANGES: ReadonlySet<string> = new Set("++ -- += -= *= /= %= &= |= ^= <<= >>= <<|=".split(" "));

export const NO_CHANGES = "an expression only reads: it cannot change the program";

const SUFFIX = "(?:[uU](?:8|16|32|64|128|size)|[iI](?:8|16|32|64|128|size)|[uUlLzZ]{1,3})?";
const DIGITS = "[0-9](?:[_']*[0-9])*_*";
const HEX_DIGITS = "[0-9a-fA-F](?:[_']*[0-9a-fA-F])*_*";
const FLOAT_SUFFIX = "(?:f32|f64|[fFlL])?";
const PATTERNS: readonly (readonly [Token["kind"], RegExp])[] = [
  ["character", /(?:u8|[LuUb])?'(?:[^'\\\n]|\\[^\n])+'/uy],
  ["string", /(?:u8|[LuUbc])?"(?:[^"\\]|\\[\s\S])*"/uy],
  // C++'s raw strings, Rust's, and a line of Zig's.
  ["string", /(?:u8|[LuU])?R"([^()\\\s]{0,16})\([\s\S]*?\)\1"/uy],
  ["string", /[bc]?r(#{0,255})"[\s\S]*?"\1/uy],
  ["string", /\\\\[^\n]*/uy],
  // Names that are keywords of their language as well: Rust's `r#type`, Zig's `@"type"`.
  ["name", /r#[\p{L}_][\p{L}\p{N}_]*|@"[^"\\\n]+"/uy],
  ["name", /[\p{L}_][\p{L}\p{N}_$]*/uy],
  [
    "number",
    new RegExp(
      `0[xX](?:${HEX_DIGITS}(?:\\.(?:${HEX_DIGITS})?)?|\\.${HEX_DIGITS})[pP][+-]?${DIGITS}${FLOAT_SUFFIX}`,
      "uy",
    ),
  ],
  ["number", new RegExp(`0[xX]${HEX_DIGITS}\\.${HEX_DIGITS}`, "uy")],
  ["number", new RegExp(`0[xX]${HEX_DIGITS}${SUFFIX}`, "uy")],
  ["number", new RegExp(`0[bB][01](?:[_']*[01])*_*${SUFFIX}`, "uy")],
  ["number", new RegExp(`0[oO][0-7](?:_*[0-7])*_*${SUFFIX}`, "uy")],
  // C's `5.f` and `5.e3`.
  ["number", new RegExp(`${DIGITS}\\.(?:[eE][+-]?${DIGITS}[fFlL]?|[fFlL])(?![\\p{L}\\p{N}_.])`, "uy")],
  [
    "number",
    new RegExp(
      `(?:${DIGITS}(?:\\.${DIGITS}|\\.(?![.\\p{L}_]))|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?${FLOAT_SUFFIX}`,
      "uy",
    ),
  ],
  ["number", new RegExp(`${DIGITS}(?:[eE][+-]?${DIGITS}${FLOAT_SUFFIX}|f32|f64|${SUFFIX})`, "uy")],
  ["pseudo", /\$(?:[A-Za-z_][A-Za-z_0-9]*|\$?[0-9]*)/uy],
];
const SPACE = /\s*/uy;
/** What may not follow a number directly. */
const WORD = /[\p{L}\p{N}_]+/uy;
/** A tuple's field: after the dot, `.0.1` are two of them and no floating-point number. */
const FIELD_NUMBER = /[0-9]+/uy;

/**
 * All tokens, with one of kind "end" after the last.
 * @throws ExpressionError at what no token begins with
 */
export function tokenize(text: string): Token[] {
  if (text.length > LONGEST) throw new ExpressionError("the expression is too long", LONGEST);
  const tokens: Token[] = [];
  let position = match(SPACE, text, 0).length;
  while (position < text.length) {
    if (tokens.length >= MOST_TOKENS) throw new ExpressionError("the expression is too long", position);
    const token = tokenAt(text, position, tokens.at(-1));
    tokens.push(token);
    position += token.text.length;
    position += match(SPACE, text, position).length;
  }
  tokens.push({ kind: "end", text: "", position: text.length });
  return tokens;
}

function tokenAt(text: string, position: number, before: Token | undefined): Token {
  if (before?.kind === "punctuation" && before.text === ".") {
    const field = match(FIELD_NUMBER, text, position);
    if (field !== "") return { kind: "number", text: field, position };
  }
  for (const [kind, pattern] of PATTERNS) {
    const found = match(pattern, text, position);
    if (found === "" || (found.startsWith(".") && endsOperand(before, position))) continue;
    if (kind === "number") {
      const rest = match(WORD, text, position + found.length);
      if (rest !== "")
        throw new ExpressionError(`“${rest}” is not understood after a number`, position + found.length);
    }
    return { kind, text: found, position };
  }
  const punctuation = PUNCTUATION.find((mark) => text.startsWith(mark, position));
  if (punctuation !== undefined && CHANGES.has(punctuation)) throw new ExpressionError(NO_CHANGES, position);
  if (punctuation !== undefined) return { kind: "punctuation", text: punctuation, position };
  const sign = String.fromCodePoint(text.codePointAt(position)!);
  if (sign === '"' || sign === "'") throw new ExpressionError("the literal has no end", position);
  throw new ExpressionError(`“${sign}” is not understood here`, position);
}

/** Whether a dot behind this token asks for a member: it touches what has one. */
function endsOperand(token: Token | undefined, position: number): boolean {
  if (token === undefined || token.position + token.text.length !== position) return false;
  return token.kind !== "punctuation" || [")", "]", ".*", ".?"].includes(token.text);
}

/** A sticky pattern's match at a position, or an empty text. */
function match(pattern: RegExp, text: string, position: number): string {
  const sticky = new RegExp(pattern.source, pattern.flags);
  sticky.lastIndex = position;
  return sticky.exec(text)?.[0] ?? "";
}

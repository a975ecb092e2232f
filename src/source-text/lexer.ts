/**
 * The words of a source file as far as inline values and hovers need them: names, numbers and punctuation, with
 * comments and literals passed over. One table of what opens and closes those in each language.
 */

export interface Token {
  readonly kind: "name" | "number" | "literal" | "punctuation";
  readonly text: string;
  /** UTF-16 code units from the text's start. */
  readonly start: number;
  readonly end: number;
}

/** What is told apart, by VS Code's language id. */
export type LanguageId = "c" | "cpp" | "rust" | "zig" | "typescript";
export const LANGUAGES: readonly LanguageId[] = ["c", "cpp", "rust", "zig", "typescript"];

interface Skipped {
  /** Sticky; matches what is passed over, or its opening alone where `end` follows. */
  readonly pattern: RegExp;
  /** Whether it is a value (a string), not a comment. */
  readonly literal: boolean;
  /** Where it ends, for those that a pattern cannot tell. @returns the end, or the text's where it is not closed */
  readonly end?: (text: string, opening: RegExpExecArray) => number;
  readonly languages?: readonly LanguageId[];
}

const SKIPPED: readonly Skipped[] = [
  // Zig's lines of a multi-line string.
  { pattern: /\\\\[^\n]*/y, literal: true, languages: ["zig"] },
  { pattern: /\/\/[^\n]*/y, literal: false },
  { pattern: /\/\*/y, literal: false, end: nestedComment, languages: ["rust"] },
  {
    pattern: /\/\*/y,
    literal: false,
    end: (text, { index }) => after(text, "*/", index + 2),
    languages: ["c", "cpp", "typescript"],
  },
  // What the preprocessor reads is no code of the function; continued lines belong to it.
  { pattern: /^[ \t]*#(?:\\\r?\n|[^\n])*/my, literal: false, languages: ["c", "cpp"] },
  { pattern: /#!?\[(?:[^[\]"]|"[^"]*"|\[[^[\]]*\])*\]/y, literal: false, languages: ["rust"] },
  {
    pattern: /(?:u8|[uUL])?R"([^()\\\s]{0,16})\(/y,
    literal: true,
    end: (text, opening) => after(text, `)${opening[1]}"`, opening.index),
    languages: ["cpp"],
  },
  {
    pattern: /[bc]?r(#*)"/y,
    literal: true,
    end: (text, opening) => after(text, `"${opening[1]}`, opening.index + opening[0].length),
    languages: ["rust"],
  },
  { pattern: /(?:u8|[uULbc])?"(?:\\[\s\S]|[^"\\])*"?/y, literal: true },
  { pattern: /b?'(?:\\(?:x[0-9a-f]{2}|u\{[^}]*\}|.)|[^'\\\n])'/iy, literal: true, languages: ["rust"] },
  // A lifetime or label: no name of a value.
  { pattern: /'[\p{L}_][\p{L}\p{N}_]*/uy, literal: true, languages: ["rust"] },
  {
    pattern: /(?:u8|[uUL])?'(?:\\.|[^'\\\n])+'/y,
    literal: true,
    languages: ["c", "cpp", "zig", "typescript"],
  },
  { pattern: /`(?:\\[\s\S]|[^`\\])*`?/y, literal: true, languages: ["typescript"] },
];

const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d(?:[eEpP][+-]|[\p{L}\p{N}_']|\.(?=\d))*/uy;
const SPACE = /\s+/y;
const PUNCTUATION = /->|::|=>|\.\.\.?|[^\s]/uy;

/** The tokens of `text`; what is malformed is passed over, never an error. */
export function* tokens(text: string, language: LanguageId): Iterable<Token> {
  const skipped = SKIPPED.filter(({ languages }) => languages?.includes(language) ?? true);
  let at = 0;
  const token = (kind: Token["kind"], end: number): Token => ({
    kind,
    text: text.slice(at, end),
    start: at,
    end,
  });
  scan: while (at < text.length) {
    const space = match(SPACE, text, at);
    if (space !== null) at += space[0].length;
    for (const { pattern, literal, end } of skipped) {
      const opening = match(pattern, text, at);
      if (opening === null) continue;
      const last = end?.(text, opening) ?? at + opening[0].length;
      if (literal) yield token("literal", last);
      at = last;
      continue scan;
    }
    for (const [kind, pattern] of [
      ["name", NAME],
      ["number", NUMBER],
      ["punctuation", PUNCTUATION],
    ] as const) {
      const found = match(pattern, text, at);
      if (found === null) continue;
      yield token(kind, at + found[0].length);
      at += found[0].length;
      continue scan;
    }
    break;
  }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The end of the first `closing` from a place on. */
function after(text: string, closing: string, from: number): number {
  const found = text.indexOf(closing, from);
  return found < 0 ? text.length : found + closing.length;
}

/** Rust's block comments hold others. */
function nestedComment(text: string, { index }: RegExpExecArray): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = index;
  let depth = 0;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return text.length;
}

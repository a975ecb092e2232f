/** Which parts of a source text name values: for inline values, and for the expression under the mouse. */
import type { LanguageId, Token } from "./lexer";

/** A part of the text, in UTF-16 code units from its start. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words that are no variable's name. */
const KEYWORDS: Readonly<Record<LanguageId, ReadonlySet<string>>> = {
  c: words(
    "auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Bool _Alignas _Alignof _Atomic _Generic _Static_assert true false NULL",
  ),
  cpp: words(
    "alignas alignof auto bool break case catch char class concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept nullptr operator private protected public register reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch template thread_local throw true try typedef typeid typename union unsigned using virtual void volatile while std",
  ),
  rust: words(
    "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return static struct super trait true type union unsafe use where while Self Some None Ok Err",
  ),
  zig: words(
    "align allowzero and anyframe anytype asm async await break callconv catch comptime const continue defer else enum errdefer error export extern false fn for if inline noalias noinline nosuspend null opaque or orelse packed pub resume return struct suspend switch test threadlocal true try undefined union unreachable usingnamespace var volatile while",
  ),
  typescript: words(
    "abstract as break case catch class const constructor continue debugger declare default do else enum export extends false finally for from function get if implements import in instanceof interface is let namespace new null of private protected public readonly return set static super switch throw true try type typeof var void while yield",
  ),
};

/** Names that may be variables: not members, functions, types' paths or macros. */
export function* variableNames(tokens: readonly Token[], language: LanguageId): Iterable<Span> {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "name" || KEYWORDS[language].has(token.text)) continue;
    if (isMember(tokens[index - 1]) || !standsAlone(tokens[index + 1], language)) continue;
    yield token;
  }
}

/** What follows a dot or arrow, or belongs to a path. */
const isMember = (before: Token | undefined): boolean =>
  before !== undefined && [".", "->", "::", "?."].includes(before.text);

/** A call, a macro or the beginning of a path is no variable. */
function standsAlone(next: Token | undefined, language: LanguageId): boolean {
  if (next === undefined) return true;
  if (next.text === "(" || next.text === "::") return false;
  return !(next.text === "!" && language === "rust");
}

/**
 * The expression that a position is in, as a debugger's hover wants it: over `c` of `a.b->c[i]` that is `a.b->c`,
 * over `i` it is `i`, over the star of `*p` it is `*p`.
 * @returns undefined where nothing can be evaluated without running code
 */
export function expressionAt(
  text: string,
  tokens: readonly Token[],
  language: LanguageId,
  position: number,
): Span | undefined {
  const index = tokens.findIndex(({ start, end }) => start <= position && position < end);
  const token = tokens[index];
  if (token === undefined) return undefined;
  if (token.text === "*" && isPrefix(tokens, index)) {
    const end = operandEnd(tokens, index + 1);
    return end === undefined ? undefined : span(text, token.start, tokens[end]!.end);
  }
  if (token.text === "]") return reaching(text, tokens, index);
  if (token.kind === "name" || (token.kind === "number" && tokens[index - 1]?.text === ".")) {
    const isValue =
      token.kind === "number" || !KEYWORDS[language].has(token.text) || isMember(tokens[index - 1]);
    if (!isValue || !standsAlone(tokens[index + 1], language) || isPathPart(tokens, index)) {
      return isPathEnd(tokens, index) ? reaching(text, tokens, index) : undefined;
    }
    return reaching(text, tokens, index);
  }
  return undefined;
}

/** `b` of `a::b` where nothing follows that makes it a type or a call. */
function isPathEnd(tokens: readonly Token[], index: number): boolean {
  const next = tokens[index + 1]?.text;
  return tokens[index - 1]?.text === "::" && next !== "::" && next !== "(" && next !== "!" && next !== "<";
}

const isPathPart = (tokens: readonly Token[], index: number): boolean => tokens[index - 1]?.text === "::";

/** From the beginning of the postfix expression that ends at a token. */
function reaching(text: string, tokens: readonly Token[], last: number): Span | undefined {
  const first = expressionStart(tokens, last);
  return first === undefined ? undefined : span(text, tokens[first]!.start, tokens[last]!.end);
}

const span = (text: string, start: number, end: number): Span => ({
  text: text.slice(start, end),
  start,
  end,
});

/** The first token of the postfix expression that ends at `last`; undefined when a call is in it. */
function expressionStart(tokens: readonly Token[], last: number): number | undefined {
  let at = last;
  for (;;) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (token.text === "]" || token.text === ")") {
      const open = matching(tokens, at);
      if (open === undefined) return undefined;
      if (token.text === ")") return callee(tokens[open - 1]) ? undefined : open;
      if (hasCall(tokens, open, at)) return undefined;
      at = open - 1;
      continue;
    }
    if (token.kind !== "name" && token.kind !== "number") return undefined;
    const before = tokens[at - 1];
    if (before === undefined || ![".", "->", "::"].includes(before.text)) return at;
    at -= 2;
  }
}

/** Whether what stands in front of a parenthesis is called. */
const callee = (token: Token | undefined): boolean =>
  token !== undefined &&
  (token.kind === "name"
    ? !/^(return|if|while|for|match|in|and|or|case)$/.test(token.text)
    : /^[\])>!]$/.test(token.text));

function hasCall(tokens: readonly Token[], open: number, close: number): boolean {
  for (let at = open + 1; at < close; at++)
    if (tokens[at]!.text === "(" && callee(tokens[at - 1])) return true;
  return false;
}

/** The bracket that a closing one belongs to. */
function matching(tokens: readonly Token[], close: number): number | undefined {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    const { text, kind } = tokens[at]!;
    if (kind !== "punctuation") continue;
    if (/^[\])]$/.test(text)) depth++;
    if (/^[[(]$/.test(text) && --depth === 0) return at;
    if (/^[;{}]$/.test(text)) return undefined;
  }
  return undefined;
}

/** The last token of the operand of a prefix operator: a postfix expression. */
function operandEnd(tokens: readonly Token[], first: number): number | undefined {
  let at = first;
  while (tokens[at]?.text === "*") at++;
  if (tokens[at]?.kind !== "name") return undefined;
  while (/^(\.|->|::)$/.test(tokens[at + 1]?.text ?? "") && tokens[at + 2] !== undefined) at += 2;
  return tokens[at + 1]?.text === "(" ? undefined : at;
}

/** Whether a star dereferences: no value stands in front of it. */
function isPrefix(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (before === undefined) return true;
  if (before.kind === "name") return /^(return|in|if|while|match|else|case)$/.test(before.text);
  return before.kind === "punctuation" && !/^[\])]$/.test(before.text);
}

/**
 * The grammar of `matches!(value, pattern if guard)`:
 *
 *     pattern = ["|"] one { "|" one }
 *     one     = "_" | ".." | ["ref"] ["mut"] name ["@" one] | "&" ["mut"] one | "(" … ")" | "[" … "]"
 *             | path [ "(" … ")" | "{" name [":" pattern] … [".."] "}" ] | [value] ("..=" | "..") [value] | value
 *
 * A name alone stands for whatever is there, unless it begins with a capital letter: then it is a constant's, or a
 * variant's, as the language's style has it.
 */
import type { Inner } from "./constructions";
import type { Cursor } from "./cursor";
import { ExpressionError } from "./errors";
import { genericPath } from "./paths";
import type { Expression, Pattern } from "./syntax";
import { readText } from "./text-literals";

const DEPTH_LIMIT = 64;

/** `matches!(…)`; undefined where none stands here. */
export function matching(cursor: Cursor, inner: Inner): Expression | undefined {
  const { position } = cursor.token;
  if (!cursor.isName("matches") || cursor.next.text !== "!") return undefined;
  cursor.take();
  cursor.take();
  cursor.expect("(");
  const value = inner();
  cursor.expect(",");
  const pattern = parsePattern(cursor, inner, 0);
  const guard = cursor.acceptName("if") ? inner() : undefined;
  cursor.accept(",");
  cursor.expect(")");
  return { kind: "matches", value, pattern, guard, position };
}

function parsePattern(cursor: Cursor, inner: Inner, depth: number): Pattern {
  const { position } = cursor.token;
  if (depth > DEPTH_LIMIT) throw new ExpressionError("the pattern is nested too deeply", position);
  cursor.accept("|");
  const patterns = [onePattern(cursor, inner, depth)];
  while (cursor.accept("|")) patterns.push(onePattern(cursor, inner, depth));
  return patterns.length === 1 ? patterns[0]! : { kind: "either", patterns, position };
}

function onePattern(cursor: Cursor, inner: Inner, depth: number): Pattern {
  const { kind, text, position } = cursor.token;
  const within = (): Pattern => parsePattern(cursor, inner, depth + 1);
  if (cursor.acceptName("_")) return { kind: "any", position };
  if (cursor.is("..") && isEnd(cursor.next.text)) {
    cursor.take();
    return { kind: "rest", position };
  }
  if (cursor.accept("&")) {
    cursor.acceptName("mut");
    return { kind: "referred", inner: onePattern(cursor, inner, depth + 1), position };
  }
  if (cursor.accept("(")) {
    const items = several(cursor, ")", within);
    const [only] = items;
    // Parentheses around one pattern are no tuple.
    const isGroup = items.length === 1 && !items.trailing && only!.kind !== "rest";
    return isGroup ? only! : { kind: "fields", path: undefined, items, position };
  }
  if (cursor.accept("[")) return { kind: "elements", items: several(cursor, "]", within), position };
  if (kind === "name" && text !== "true" && text !== "false") return named(cursor, within, position);
  return valued(cursor, position);
}

const isEnd = (text: string): boolean => [",", ")", "]", "}", ""].includes(text);

function several(cursor: Cursor, close: string, read: () => Pattern): Pattern[] & { trailing?: boolean } {
  const all: Pattern[] & { trailing?: boolean } = [];
  while (!cursor.accept(close)) {
    all.push(read());
    all.trailing = cursor.accept(",");
    if (!all.trailing && !cursor.is(close)) cursor.unexpected(`“,” or “${close}”`);
  }
  return all;
}

function named(cursor: Cursor, within: () => Pattern, position: number): Pattern {
  const binds = cursor.acceptName("ref") || cursor.isName("mut");
  cursor.acceptName("mut");
  const path = genericPath(cursor, "rust");
  if (cursor.accept("@")) return { kind: "bound", name: path, inner: within(), position };
  if (cursor.accept("(")) return { kind: "fields", path, items: several(cursor, ")", within), position };
  if (cursor.accept("{")) return namedFields(cursor, within, path, position);
  if (binds || (/^[\p{Ll}_]/u.test(path) && !path.includes("::")))
    return { kind: "bound", name: path, inner: undefined, position };
  const constant: Expression = { kind: "name", path, nth: 1, position };
  return range(cursor, constant, position) ?? { kind: "path", path, position };
}

function namedFields(cursor: Cursor, within: () => Pattern, path: string, position: number): Pattern {
  const fields: { name: string; pattern: Pattern }[] = [];
  let open = false;
  while (!cursor.accept("}")) {
    const at = cursor.token.position;
    if (cursor.accept("..")) open = true;
    else {
      cursor.acceptName("ref");
      cursor.acceptName("mut");
      const name = cursor.token.kind === "number" ? cursor.take().text : cursor.takeName("a field's name");
      const bound: Pattern = { kind: "bound", name, inner: undefined, position: at };
      fields.push({ name, pattern: cursor.accept(":") ? within() : bound });
    }
    if (!cursor.is("}")) cursor.expect(",");
  }
  return { kind: "named-fields", path, fields, open, position };
}

/** A literal, or a range that begins with one or with nothing. */
function valued(cursor: Cursor, position: number): Pattern {
  if (cursor.is("..") || cursor.is("..=")) return range(cursor, undefined, position)!;
  const value = literal(cursor);
  return range(cursor, value, position) ?? { kind: "equal", value, position };
}

function range(cursor: Cursor, from: Expression | undefined, position: number): Pattern | undefined {
  if (!cursor.is("..") && !cursor.is("..=")) return undefined;
  const inclusive = cursor.take().text === "..=";
  const { kind, text } = cursor.token;
  const ends = isEnd(text) || text === "|" || (kind === "name" && text === "if");
  const to = ends ? undefined : literal(cursor);
  return { kind: "between", from, to, inclusive, position };
}

function literal(cursor: Cursor): Expression {
  const { position } = cursor.token;
  if (cursor.accept("-")) {
    if (cursor.token.kind !== "number") cursor.unexpected("a number");
    return { kind: "unary", operator: "-", operand: literal(cursor), position };
  }
  const { kind, text } = cursor.token;
  if (kind === "name" && text !== "true" && text !== "false")
    return { kind: "name", path: genericPath(cursor, "rust"), nth: 1, position };
  if (kind !== "number" && kind !== "character" && kind !== "string" && kind !== "name")
    cursor.unexpected("a pattern");
  cursor.take();
  if (kind === "number" || kind === "character") return { kind, text, position };
  if (kind === "string") return { kind, literal: readText(text, "rust", position), position };
  return { kind: "boolean", value: text === "true", position };
}

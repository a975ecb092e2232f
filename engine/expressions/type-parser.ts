/**
 * The grammar of types, C's abstract declarators and Rust's spellings alike:
 *
 *     type    = "*" ("const" | "mut") type | "&" ["mut"] type | "[" type ";" number "]"
 *             | "(" [ type "," { type "," } [ type ] ] ")" | named { suffix }
 *     named   = {"const" | "volatile"} ["struct" | "union" | "enum" | "class"] path { "<" … ">" }
 *     suffix  = "const" | "*" | "&" | "&&" | "[" number "]" | "(" "*" { "*" } ")" (parameters | { "[" number "]" })
 *     parameters = "(" [ type { "," type } [ "," "..." ] ] ")"
 *
 * Suffixes are read from left to right: `int[2] *` points to an array, as C's own `int (*)[2]` does.
 */
import type { Cursor } from "./cursor";
import { ExpressionError } from "./errors";
import type { TypeSyntax } from "./syntax";

const QUALIFIERS: ReadonlySet<string> = new Set(["const", "volatile", "restrict", "typename"]);
const KEYWORDS: ReadonlySet<string> = new Set(["struct", "union", "enum", "class"]);
/** Words of which C's own types are made, in any order. */
const C_WORDS: ReadonlySet<string> = new Set([
  "unsigned",
  "signed",
  "short",
  "long",
  "int",
  "char",
  "double",
  "float",
  "__int128",
  "_Complex",
]);
const DEPTH_LIMIT = 32;
/** Elements that a written array type may have. */
const LARGEST_COUNT = 2 ** 31;

/** Whether a type begins here for sure, whatever the program's names are. */
export function beginsType(cursor: Cursor): boolean {
  const { kind, text } = cursor.token;
  if (kind === "name") return QUALIFIERS.has(text) || KEYWORDS.has(text) || C_WORDS.has(text);
  return cursor.is("*") && (cursor.next.text === "const" || cursor.next.text === "mut");
}

/** Whether one of C's own types begins here, which no variable can be called by. */
export function beginsPlainType(cursor: Cursor): boolean {
  return cursor.token.kind === "name" && C_WORDS.has(cursor.token.text);
}

/** @throws ExpressionError where no type is written */
export function parseType(cursor: Cursor, depth = 0): TypeSyntax {
  const { position } = cursor.token;
  if (depth > DEPTH_LIMIT) throw new ExpressionError("the type is nested too deeply", position);
  if (cursor.accept("*")) {
    const mutable = cursor.acceptName("mut");
    if (!mutable && !cursor.acceptName("const")) cursor.unexpected("“const” or “mut”");
    const target = parseType(cursor, depth + 1);
    return pointer(target, false, `*${mutable ? "mut" : "const"} ${textOf(target)}`, position);
  }
  if (cursor.accept("&")) {
    const mutable = cursor.acceptName("mut");
    const target = parseType(cursor, depth + 1);
    return pointer(target, true, `&${mutable ? "mut " : ""}${textOf(target)}`, position);
  }
  if (cursor.accept("[")) {
    const element = parseType(cursor, depth + 1);
    if (cursor.accept("]"))
      return { kind: "type-name", path: `[${textOf(element)}]`, keyword: undefined, position };
    cursor.expect(";");
    const count = parseCount(cursor);
    cursor.expect("]");
    return { kind: "type-array", element, count, position };
  }
  if (cursor.is("(")) return tuple(cursor, depth);
  return withSuffixes(named(cursor, depth), cursor, depth);
}

/** Rust's `(u8, char)`, and `()`. */
function tuple(cursor: Cursor, depth: number): TypeSyntax {
  const { position } = cursor.token;
  cursor.expect("(");
  const types: string[] = [];
  while (!cursor.accept(")")) {
    types.push(textOf(parseType(cursor, depth + 1)));
    if (types.length === 1 || !cursor.is(")")) cursor.expect(",");
  }
  const path = types.length === 1 ? `(${types[0]},)` : `(${types.join(", ")})`;
  return { kind: "type-name", path, keyword: undefined, position };
}

function pointer(target: TypeSyntax, reference: boolean, text: string, position: number): TypeSyntax {
  return { kind: "type-pointer", target, reference, text, position };
}

/** A type as it was written, without needless spaces. */
export function textOf(type: TypeSyntax): string {
  switch (type.kind) {
    case "type-name":
      return type.keyword === undefined ? type.path : `${type.keyword} ${type.path}`;
    case "type-pointer":
      return type.text;
    case "type-array":
      return `[${textOf(type.element)}; ${type.count}]`;
    case "type-function":
      return `${textOf(type.result)} (${type.parameters.map(textOf).join(", ")})`;
    case "type-of":
      return "@TypeOf(…)";
  }
}

function named(cursor: Cursor, depth: number): TypeSyntax {
  const { position } = cursor.token;
  skipQualifiers(cursor);
  let keyword: string | undefined;
  if (cursor.token.kind === "name" && KEYWORDS.has(cursor.token.text)) keyword = cursor.take().text;
  skipQualifiers(cursor);
  const words: string[] = [];
  while (cursor.token.kind === "name" && C_WORDS.has(cursor.token.text)) {
    words.push(cursor.take().text);
    skipQualifiers(cursor);
  }
  if (words.length > 0) return { kind: "type-name", path: canonical(words), keyword, position };
  cursor.accept("::");
  let path = "";
  do {
    if (path !== "") path += "::";
    path += cursor.takeName("a type's name");
    if (cursor.is("::") && cursor.next.text === "<") cursor.take();
    if (cursor.is("<")) path += genericArguments(cursor, depth);
  } while (cursor.accept("::"));
  return { kind: "type-name", path, keyword, position };
}

/** `<i32, Vec<u8>>` as text; what is inside is compared as it is written. */
export function genericArguments(cursor: Cursor, depth = 0): string {
  cursor.expect("<");
  const types: string[] = [];
  while (!cursor.acceptClosingAngle()) {
    types.push(genericArgument(cursor, depth));
    if (!cursor.is(">") && !cursor.is(">>")) cursor.expect(",");
  }
  return `<${types.join(", ")}>`;
}

/** A type, or a number. */
function genericArgument(cursor: Cursor, depth: number): string {
  const sign = cursor.is("-") && cursor.next.kind === "number" ? cursor.take().text : "";
  return cursor.token.kind === "number" ? sign + cursor.take().text : textOf(parseType(cursor, depth + 1));
}

function skipQualifiers(cursor: Cursor): void {
  while (cursor.token.kind === "name" && QUALIFIERS.has(cursor.token.text)) cursor.take();
}

function withSuffixes(base: TypeSyntax, cursor: Cursor, depth: number): TypeSyntax {
  let type = base;
  for (;;) {
    const { position } = cursor.token;
    if (cursor.accept("*")) type = pointerTo(type, position);
    else if (cursor.accept("&") || cursor.accept("&&"))
      type = pointer(type, true, `${textOf(type)} &`, position);
    else if (cursor.token.kind === "name" && QUALIFIERS.has(cursor.token.text)) cursor.take();
    else if (beginsArray(cursor)) type = arrays(type, cursor);
    else if (cursor.is("(") && cursor.next.text === "*") type = declared(type, cursor, depth);
    else return type;
  }
}

const pointerTo = (type: TypeSyntax, position: number): TypeSyntax =>
  pointer(type, false, `${textOf(type)} *`, position);

/** C's `element (*)[2]`: what stands behind the parentheses belongs to the element. */
function declared(element: TypeSyntax, cursor: Cursor, depth: number): TypeSyntax {
  cursor.expect("(");
  const stars: number[] = [];
  while (cursor.is("*")) stars.push(cursor.take().position);
  cursor.expect(")");
  return stars.reduce(
    pointerTo,
    cursor.is("(") ? functionOf(element, cursor, depth) : arrays(element, cursor),
  );
}

/** The function type that has its parameters here. */
function functionOf(result: TypeSyntax, cursor: Cursor, depth: number): TypeSyntax {
  const { position } = cursor.token;
  cursor.expect("(");
  const parameters: TypeSyntax[] = [];
  let variadic = false;
  while (!cursor.accept(")")) {
    if (parameters.length > 0) cursor.expect(",");
    // The lexer sees the ellipsis as two dots and one.
    variadic = cursor.accept("..");
    if (variadic) cursor.expect(".");
    else parameters.push(parseType(cursor, depth + 1));
    if (variadic && !cursor.is(")")) cursor.expect(")");
  }
  const [only] = parameters;
  const none = parameters.length === 1 && only?.kind === "type-name" && only.path === "void";
  return { kind: "type-function", result, parameters: none ? [] : parameters, variadic, position };
}

const beginsArray = (cursor: Cursor): boolean => cursor.is("[") && cursor.next.kind === "number";

/** `int[2][3]` is an array of 2 arrays of 3. */
function arrays(element: TypeSyntax, cursor: Cursor): TypeSyntax {
  const counts: { count: number; position: number }[] = [];
  while (beginsArray(cursor)) {
    const { position } = cursor.take();
    counts.push({ count: parseCount(cursor), position });
    cursor.expect("]");
  }
  return counts.reduceRight<TypeSyntax>(
    (inner, { count, position }) => ({ kind: "type-array", element: inner, count, position }),
    element,
  );
}

function parseCount(cursor: Cursor): number {
  const { kind, text, position } = cursor.token;
  const count = kind === "number" && /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= LARGEST_COUNT)) throw new ExpressionError("a number of elements is expected here", position);
  cursor.take();
  return count;
}

/** The one spelling of C's own types that DWARF uses: `long unsigned int` is `unsigned long`. */
function canonical(words: readonly string[]): string {
  const has = (word: string): boolean => words.includes(word);
  const sign = has("unsigned") ? "unsigned " : "";
  if (has("char")) return has("signed") ? "signed char" : `${sign}char`;
  const complex = has("_Complex") ? " _Complex" : "";
  if (has("float")) return `float${complex}`;
  if (has("double")) return `${has("long") ? "long " : ""}double${complex}`;
  if (has("__int128")) return `${sign}__int128`;
  if (has("short")) return `${sign}short`;
  const longs = words.filter((word) => word === "long").length;
  return `${sign}${longs === 0 ? "int" : longs === 1 ? "long" : "long long"}`;
}

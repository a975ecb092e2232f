/**
 * The grammar of values that are put together, and of what stands between a call's parentheses:
 *
 *     operands     = "(" [ expression { "," expression } ] ")"
 *     tuple        = "(" [ expression "," { expression "," } [ expression ] ] ")"
 *     list         = "[" [ expression ( ";" expression | { "," expression } ) ] "]"
 *     fields       = "{" { name [ ":" expression ] "," } "}"
 *     initializers = "{" { [ ( "." name | "[" expression "]" ) "=" ] ( expression | initializers ) "," } "}"
 */
import type { Cursor } from "./cursor";
import type { Expression, Initializer } from "./syntax";

export const NO_CALLS = "an expression only reads: it cannot call functions";

/** Reads an expression inside of another. */
export type Inner = () => Expression;

/** Up to the closing mark, which may have a comma in front. */
function separated<T>(cursor: Cursor, close: string, read: () => T): T[] {
  const all: T[] = [];
  while (!cursor.accept(close)) {
    all.push(read());
    if (!cursor.is(close) && !cursor.accept(",")) cursor.unexpected(`“,” or “${close}”`);
  }
  return all;
}

export function operandsOf(cursor: Cursor, inner: Inner): Expression[] {
  cursor.expect("(");
  return separated(cursor, ")", inner);
}

/** Rust's `(a)`, which is `a`, and its tuples `()`, `(a,)` and `(a, b)`. */
export function parenthesisedTuple(cursor: Cursor, inner: Inner): Expression {
  const { position } = cursor.take();
  if (cursor.accept(")")) return { kind: "tuple", items: [], position };
  const first = inner();
  if (!cursor.is(",")) {
    cursor.expect(")");
    return first;
  }
  cursor.take();
  return { kind: "tuple", items: [first, ...separated(cursor, ")", inner)], position };
}

/** Rust's `[a, b]` and `[a; n]`. */
export function listed(cursor: Cursor, inner: Inner): Expression {
  const { position } = cursor.take();
  if (cursor.accept("]")) return { kind: "list", items: [], position };
  const first = inner();
  if (cursor.accept(";")) {
    const count = inner();
    cursor.expect("]");
    return { kind: "list", items: [first], count, position };
  }
  if (!cursor.is("]")) cursor.expect(",");
  return { kind: "list", items: [first, ...separated(cursor, "]", inner)], position };
}

/** `vec![…]`; undefined where none stands here. */
export function listMacro(cursor: Cursor, inner: Inner): Expression | undefined {
  if (!cursor.isName("vec") || cursor.next.text !== "!") return undefined;
  cursor.take();
  cursor.take();
  return cursor.is("[") ? listed(cursor, inner) : cursor.unexpected("“[”");
}

/** Rust's `{ x: 1, y }`, whose `y` is the variable of that name. */
export function fieldsOf(cursor: Cursor, inner: Inner): Initializer[] {
  cursor.expect("{");
  return separated(cursor, "}", () => {
    const { kind, text, position } = cursor.token;
    // Those of a tuple may be named by their numbers.
    const name =
      kind === "number" && /^\d+$/.test(text) ? cursor.take().text : cursor.takeName("a field's name");
    const value: Expression = cursor.accept(":") ? inner() : { kind: "name", path: name, nth: 1, position };
    return { name, value, position };
  });
}

/** What stands between braces in C, C++ and Zig; `nested` reads braces within. */
export function initializersOf(
  cursor: Cursor,
  inner: Inner,
  nested: (position: number) => Expression,
): Initializer[] {
  cursor.expect("{");
  return separated(cursor, "}", () => {
    const { position } = cursor.token;
    const designated = designator(cursor, inner);
    const at = cursor.token.position;
    const value = cursor.is("{") ? nested(at) : inner();
    return { ...designated, value, position };
  });
}

/** `.name =` and `[1] =`. */
function designator(cursor: Cursor, inner: Inner): Pick<Initializer, "name" | "index"> {
  if (cursor.is("[")) {
    cursor.take();
    const index = inner();
    cursor.expect("]");
    if (!cursor.accept("=")) cursor.unexpected("“=”");
    return { index };
  }
  if (!cursor.is(".") || cursor.next.kind !== "name") return {};
  return (
    cursor.trial(() => {
      cursor.take();
      const name = cursor.takeName("a member's name");
      return cursor.accept("=") ? { name } : undefined;
    }) ?? {}
  );
}

/**
 * Paths with generic arguments, `Table<int>::made` and `Vec::<u8>::new`, and Rust's functions of types alone,
 * `size_of::<T>()`. C++ lets a `<` mean either thing: it begins arguments where what stands behind their `>` could
 * not be the right side of a comparison.
 */
import type { Cursor } from "./cursor";
import type { Expression, Rules } from "./syntax";
import { genericArguments, parseType, textOf } from "./type-parser";

/** A path as text, with its generic arguments as they are written. */
export function genericPath(cursor: Cursor, rules: Rules): string {
  cursor.accept("::");
  let path = rules === "rust" && cursor.is("<") ? qualifiedType(cursor) : cursor.takeName("a name");
  for (;;) {
    if (rules === "rust" && cursor.is("::") && cursor.next.text === "<") {
      cursor.take();
      path += genericArguments(cursor);
    } else if (rules === "c" && cursor.is("<")) {
      const called = path.startsWith("std::");
      path += cursor.trial(() => surelyGeneric(cursor, called)) ?? "";
    }
    if (!cursor.accept("::")) return path;
    path += `::${cursor.takeName("a name")}`;
  }
}

/** Rust's `<T>` is the type itself, `<T as Trait>` what the trait is for it. */
function qualifiedType(cursor: Cursor): string {
  cursor.expect("<");
  const type = textOf(parseType(cursor));
  const trait = cursor.acceptName("as") ? textOf(parseType(cursor)) : undefined;
  if (!cursor.acceptClosingAngle()) cursor.unexpected("“>”");
  return trait === undefined ? type : `<${type} as ${trait}>`;
}

/** @param called whether a function of the library may take them */
function surelyGeneric(cursor: Cursor, called: boolean): string | undefined {
  const generics = genericArguments(cursor);
  const { kind, text } = cursor.token;
  const ends =
    kind === "end" ||
    (called && cursor.is("(")) ||
    (cursor.is("::") && cursor.next.kind === "name") ||
    [")", "]", ","].includes(text);
  return ends ? generics : undefined;
}

const OF_TYPES = /^(?:(?:std|core)::mem::)?(size|align)_of(_val)?$/;

/** `size_of::<T>()`, `align_of::<T>()`, and of values `size_of_val(&x)`; undefined where none of them stands here. */
export function typedCall(cursor: Cursor, expression: () => Expression): Expression | undefined {
  const { position } = cursor.token;
  const called = cursor.trial(() => {
    let path = cursor.takeName("a name");
    while (cursor.is("::") && cursor.next.kind === "name") {
      cursor.take();
      path += `::${cursor.takeName("a name")}`;
    }
    const [found, what, ofValue] = OF_TYPES.exec(path) ?? [];
    if (found === undefined || cursor.token.text !== (ofValue === undefined ? "::" : "(")) return undefined;
    return { alignment: what === "align", ofValue: ofValue !== undefined };
  });
  if (called === undefined) return undefined;
  const { alignment, ofValue } = called;
  cursor.take();
  if (ofValue) {
    const operand = expression();
    cursor.expect(")");
    const of: Expression =
      operand.kind === "address" ? operand.operand : { kind: "dereference", operand, arrow: false, position };
    return { kind: "sizeof", of, alignment, position };
  }
  cursor.expect("<");
  const of = parseType(cursor);
  if (!cursor.acceptClosingAngle()) cursor.unexpected("“>”");
  cursor.expect("(");
  cursor.expect(")");
  return { kind: "sizeof", of, alignment, position };
}

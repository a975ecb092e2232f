/**
 * Zig's builtin functions, of which those are known that only compute, and the types that stand in them:
 *
 *     type = ("?" | "*" | "[" "*" [":" …] "]" | "[" [":" …] "]" | "[" number "]") {"const" | …} type
 *          | name { "." name } | "@TypeOf" "(" expression ")"
 */
import type { Cursor } from "./cursor";
import { ExpressionError } from "./errors";
import type { Expression, TypeSyntax } from "./syntax";

/** What each builtin takes: types (T) and expressions (x). */
const OPERANDS: Readonly<Record<string, string>> = {
  ...{ as: "Tx", sizeOf: "T", bitSizeOf: "T", alignOf: "T", typeName: "T", TypeOf: "x" },
  ...{ offsetOf: "Tx", bitOffsetOf: "Tx", field: "xx" },
  ...{ intCast: "x", truncate: "x", bitCast: "x", ptrCast: "x", alignCast: "x", constCast: "x" },
  ...{ ptrFromInt: "x", enumFromInt: "x", floatFromInt: "x", intFromFloat: "x", floatCast: "x" },
  ...{ intFromPtr: "x", intFromEnum: "x", intFromBool: "x", intFromError: "x" },
  ...{ tagName: "x", errorName: "x", min: "xx", max: "xx", abs: "x" },
  ...{ mod: "xx", rem: "xx", divTrunc: "xx", divFloor: "xx", divExact: "xx" },
  ...{ popCount: "x", clz: "x", ctz: "x" },
};

export const BUILTINS: readonly string[] = Object.keys(OPERANDS);

/** The operands between a builtin's parentheses. @throws ExpressionError for one that is not known */
export function builtinOperands(
  name: string,
  cursor: Cursor,
  expression: () => Expression,
  position: number,
): readonly (Expression | TypeSyntax)[] {
  const wanted = Object.hasOwn(OPERANDS, name) ? OPERANDS[name]! : undefined;
  if (wanted === undefined)
    throw new ExpressionError(`@${name} is none of the builtins that only read`, position);
  return [...wanted].map((kind, i) => {
    if (i > 0) cursor.expect(",");
    return kind === "T" ? parseZigType(cursor, expression) : expression();
  });
}

const DEPTH_LIMIT = 32;
const QUALIFIERS: ReadonlySet<string> = new Set(["const", "volatile", "allowzero"]);

export function parseZigType(cursor: Cursor, expression: () => Expression, depth = 0): TypeSyntax {
  const { position } = cursor.token;
  if (depth > DEPTH_LIMIT) throw new ExpressionError("the type is nested too deeply", position);
  const inner = (): TypeSyntax => parseZigType(cursor, expression, depth + 1);
  if (cursor.accept("?")) {
    const target = inner();
    // An optional pointer is a pointer; what else is optional has a name of its own.
    return target.kind === "type-pointer" ? target : named(`?${nameOf(target)}`, position);
  }
  if (cursor.accept("*")) return pointerTo(cursor, inner, position);
  if (cursor.accept("[")) return bracketed(cursor, inner, position);
  if (cursor.accept("@")) {
    if (!cursor.acceptName("TypeOf")) cursor.unexpected("a type");
    cursor.expect("(");
    const operand = expression();
    cursor.expect(")");
    return { kind: "type-of", operand, position };
  }
  let path = cursor.takeName("a type's name");
  while (cursor.accept(".")) path += `.${cursor.takeName("a type's name")}`;
  return named(path, position);
}

const named = (path: string, position: number): TypeSyntax => ({
  kind: "type-name",
  path,
  keyword: undefined,
  position,
});

function pointerTo(cursor: Cursor, inner: () => TypeSyntax, position: number): TypeSyntax {
  while (cursor.token.kind === "name" && QUALIFIERS.has(cursor.token.text)) cursor.take();
  const target = inner();
  return { kind: "type-pointer", target, reference: false, text: `*${nameOf(target)}`, position };
}

/** What follows a `[`. */
function bracketed(cursor: Cursor, inner: () => TypeSyntax, position: number): TypeSyntax {
  const many = cursor.accept("*");
  let sentinel = "";
  if (cursor.accept(":")) sentinel = `:${cursor.take().text}`;
  const { kind, text } = cursor.token;
  if (!many && sentinel === "" && kind === "number") {
    cursor.take();
    const count = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
    if (count === undefined) throw new ExpressionError("a number of elements is expected here", position);
    cursor.expect("]");
    return { kind: "type-array", element: inner(), count, position };
  }
  cursor.expect("]");
  if (many) return pointerTo(cursor, inner, position);
  let qualifiers = "";
  while (cursor.token.kind === "name" && QUALIFIERS.has(cursor.token.text))
    qualifiers += `${cursor.take().text} `;
  return named(`[${sentinel}]${qualifiers}${nameOf(inner())}`, position);
}

function nameOf(type: TypeSyntax): string {
  switch (type.kind) {
    case "type-name":
      return type.path;
    case "type-pointer":
      return type.text;
    case "type-array":
      return `[${type.count}]${nameOf(type.element)}`;
    default:
      throw new ExpressionError("the type has to be written out here", type.position);
  }
}

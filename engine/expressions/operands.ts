/** Small pieces of the grammar: what begins an operand, the nodes of operators, texts in a row, `x#2`. */
import type { Cursor } from "./cursor";
import { ExpressionError } from "./errors";
import type { Token } from "./lexer";
import { type Infix, WORDS } from "./precedence";
import type { Expression, Rules, TypeSyntax } from "./syntax";
import { readText, type TextLiteral } from "./text-literals";

/** A text literal; in C those behind it as well. */
export function textsOf(cursor: Cursor, rules: Rules): TextLiteral {
  const { text, position } = cursor.take();
  const first = readText(text, rules, position);
  if (rules !== "c" || cursor.token.kind !== "string") return first;
  const next = cursor.token.position;
  const rest = textsOf(cursor, rules);
  if (rest.prefix !== first.prefix) throw new ExpressionError("texts of two kinds stand in a row", next);
  return { ...first, units: [...first.units, ...rest.units] };
}

/** `#2` behind a name: the second of that name, from the inside. */
export function nthOf(cursor: Cursor): number {
  const { position } = cursor.token;
  if (!cursor.accept("#")) return 1;
  const { kind, text } = cursor.token;
  const nth = kind === "number" && /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : undefined;
  if (nth === undefined) throw new ExpressionError("write x#2 for the next outer x", position);
  cursor.take();
  return nth;
}

/** An operator between two operands as a node of the tree. */
export function infix(operator: Infix, left: Expression, right: Expression, position: number): Expression {
  switch (operator) {
    case "@":
      return { kind: "repeat", first: left, count: right, position };
    case ".*":
      return { kind: "pointed-member", object: left, pointer: right, position };
    case "->*": {
      const object: Expression = { kind: "dereference", operand: left, arrow: true, position };
      return { kind: "pointed-member", object, pointer: right, position };
    }
    case "orelse":
      return { kind: "unwrap", optional: left, or: right, position };
    case "catch":
      return { kind: "succeed", outcome: left, or: right, position };
    default:
      return { kind: "binary", operator, left, right, position };
  }
}

/** Whether an operand of a prefix begins with the token. */
export function beginsOperand({ kind, text }: Token): boolean {
  if (kind === "punctuation") return ["(", "*", "&", "-", "+", "!", "~"].includes(text);
  return kind !== "end" && text !== "as" && !Object.hasOwn(WORDS, text);
}

/** The name that a variable could have as well: `a`, `a[0]` and `&a` are no types for sure, `a *` is one. */
export function plainName(type: TypeSyntax): string | undefined {
  if (type.kind === "type-array") return plainName(type.element);
  if (type.kind === "type-pointer" && type.text.startsWith("&")) return plainName(type.target);
  return type.kind === "type-name" && !type.path.includes("<") ? type.path : undefined;
}

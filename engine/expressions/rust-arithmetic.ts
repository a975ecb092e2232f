/**
 * Arithmetic as Rust defines it: both operands have one type, nothing is converted by itself, and an overflow,
 * which would panic in the program, is an error. A literal without suffix takes the type of what it meets.
 */
import { noOperator, wrap } from "./c-arithmetic";
import { ExpressionError } from "./errors";
import { exactResult } from "./exact";
import { roundTo } from "./floats";
import { type IntegerType, integer, nameOf, type Scalar } from "./scalars";
import type { BinaryOperator } from "./syntax";

/** An operator other than a comparison, `&&` and `||`. */
export function rustBinary(
  operator: BinaryOperator,
  first: Scalar,
  second: Scalar,
  position: number,
): Scalar {
  if (operator === "<<" || operator === ">>") return shift(operator, first, second, position);
  const [left, right] = unified(operator, first, second, position);
  if (left.kind === "boolean" && right.kind === "boolean") {
    if (operator === "&") return { kind: "boolean", value: left.value && right.value };
    if (operator === "|") return { kind: "boolean", value: left.value || right.value };
    if (operator === "^") return { kind: "boolean", value: left.value !== right.value };
  }
  if (left.kind === "float" && right.kind === "float" && /^[-+*/%]$/.test(operator)) {
    const { value: a, type } = left;
    const b = right.value;
    const results = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "%": a % b };
    return { kind: "float", value: roundTo(results[operator as "+"], type.size), type };
  }
  if (left.kind === "integer" && right.kind === "integer" && left.type.enumeration !== true) {
    const value = exactResult(operator, left.value, right.value, position);
    // The remainder panics with the quotient, although it would fit itself.
    if (operator === "%")
      checked(left.value / right.value, left.type, `${left.value} % ${right.value}`, position);
    return checked(value, left.type, `${left.value} ${operator} ${right.value}`, position);
  }
  throw noOperator(operator, first, second, position);
}

/** Two operands of one type, literals brought to the other's. */
export function unified(
  operator: string,
  left: Scalar,
  right: Scalar,
  position: number,
): readonly [Scalar, Scalar] {
  const a = adapted(left, right, position);
  const b = adapted(right, left, position);
  if (a.kind === "integer" && b.kind === "integer" && a.type.name !== b.type.name)
    throw mixed(operator, a, b, position);
  if (a.kind === "float" && b.kind === "float" && a.type.size !== b.type.size)
    throw mixed(operator, a, b, position);
  const numbers =
    (a.kind === "integer" || a.kind === "float") && (b.kind === "integer" || b.kind === "float");
  if (numbers && a.kind !== b.kind) throw mixed(operator, a, b, position);
  return [a, b];
}

function mixed(operator: string, left: Scalar, right: Scalar, position: number): ExpressionError {
  return new ExpressionError(
    `${nameOf(left)} ${operator} ${nameOf(right)}: Rust has no operators for two types, cast one with “as”`,
    position,
  );
}

function adapted(scalar: Scalar, other: Scalar, position: number): Scalar {
  if (scalar.kind === "integer" && scalar.type.untyped === true) {
    if (other.kind === "float")
      return { kind: "float", value: roundTo(scalar.value, other.type.size), type: other.type };
    if (other.kind !== "integer") return scalar;
    // Of two literals the wider decides.
    const narrower = other.type.untyped === true && other.type.bits < scalar.type.bits;
    return narrower ? scalar : checked(scalar.value, other.type, String(scalar.value), position);
  }
  if (scalar.kind === "float" && scalar.type.untyped === true && other.kind === "float")
    return { kind: "float", value: roundTo(scalar.value, other.type.size), type: other.type };
  return scalar;
}

/** A number that fits its type. @throws ExpressionError where the program would panic */
export function checked(value: bigint, type: IntegerType, what: string, position: number): Scalar {
  if (wrap(value, type) !== value)
    throw new ExpressionError(
      `${what} overflows ${type.name === "{integer}" ? `i${type.bits}` : type.name}`,
      position,
    );
  return integer(value, type);
}

function shift(operator: "<<" | ">>", left: Scalar, right: Scalar, position: number): Scalar {
  if (left.kind !== "integer" || right.kind !== "integer") throw noOperator(operator, left, right, position);
  const { type, value } = left;
  const count = right.value;
  if (count < 0n || count >= BigInt(type.bits))
    throw new ExpressionError(
      `a shift by ${count} overflows the ${type.bits} bits of ${nameOf(left)}`,
      position,
    );
  return integer(wrap(operator === "<<" ? value << count : value >> count, type), type);
}

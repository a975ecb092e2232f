/** Integer operations before a language gives their result a width: what both C's and Rust's are made of. */
import { ExpressionError } from "./errors";
import type { BinaryOperator } from "./syntax";

/** The exact result; division truncates. @throws ExpressionError on a division by zero */
export function exactResult(operator: BinaryOperator, a: bigint, b: bigint, position: number): bigint {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
    case "%":
      if (b === 0n) throw new ExpressionError("division by zero", position);
      return operator === "/" ? a / b : a % b;
    case "&":
      return a & b;
    case "|":
      return a | b;
    default:
      return a ^ b;
  }
}

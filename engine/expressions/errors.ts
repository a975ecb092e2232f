/** What is wrong with an expression, and where in its text. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  constructor(
    message: string,
    /** 0-based position of the offending character. */
    readonly position: number,
  ) {
    super(message);
  }
}

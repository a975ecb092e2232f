/** A place among the tokens of an expression: looking at, taking and demanding the next one. */
import { ExpressionError } from "./errors";
import { NO_CHANGES, type Token } from "./lexer";

export class Cursor {
  private at = 0;
  /** Second halves of `>>` that were split, as generic arguments end in them. */
  private readonly tokens: Token[];

  /** @param tokens the last one is of kind "end" */
  constructor(tokens: readonly Token[]) {
    this.tokens = [...tokens];
  }

  get token(): Token {
    return this.tokens[this.at]!;
  }

  get next(): Token {
    return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)]!;
  }

  get atEnd(): boolean {
    return this.token.kind === "end";
  }

  is(text: string): boolean {
    return this.token.kind === "punctuation" && this.token.text === text;
  }

  isName(text: string): boolean {
    return this.token.kind === "name" && this.token.text === text;
  }

  take(): Token {
    const token = this.token;
    if (token.kind !== "end") this.at++;
    return token;
  }

  /** Takes the token if it is this one. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  acceptName(text: string): boolean {
    if (!this.isName(text)) return false;
    this.at++;
    return true;
  }

  /** A name's token as the name itself: Rust's `r#type` and Zig's `@"type"` are called `type`. */
  takeName(wanted: string): string {
    if (this.token.kind !== "name") this.unexpected(wanted);
    return this.take().text.replace(/^r#|^@"|"$/g, "");
  }

  expect(text: string): void {
    if (!this.accept(text)) this.unexpected(`“${text}”`);
  }

  /** Takes a `>`, also the first half of a `>>`. */
  acceptClosingAngle(): boolean {
    if (this.is(">>")) {
      const { position } = this.token;
      this.tokens.splice(
        this.at,
        1,
        { kind: "punctuation", text: ">", position },
        { kind: "punctuation", text: ">", position: position + 1 },
      );
    }
    return this.accept(">");
  }

  unexpected(wanted: string): never {
    const { kind, text, position } = this.token;
    if (this.is("=")) throw new ExpressionError(NO_CHANGES, position);
    throw new ExpressionError(
      `${wanted} is expected here, not ${kind === "end" ? "the end" : `“${text}”`}`,
      position,
    );
  }

  /** What `read` gives, or undefined with the cursor back where it was if it finds a fault. */
  trial<T>(read: () => T | undefined): T | undefined {
    const before = this.at;
    const tokens = [...this.tokens];
    try {
      const result = read();
      if (result !== undefined) return result;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
    }
    this.at = before;
    this.tokens.splice(0, this.tokens.length, ...tokens);
    return undefined;
  }
}

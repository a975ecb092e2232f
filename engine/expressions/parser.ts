/**
 * The grammar of paths to values:
 *
 *     unary   = ("*" | "&") unary | postfix
 *     postfix = primary { "." (name | number) | "->" name | "[" unary "]" }
 *     primary = path | number | pseudo | "(" unary ")"
 *     path    = ["::"] name { "::" name }
 */
import { ExpressionError } from "./errors";
import { type Token, tokenize } from "./lexer";

export type Expression =
  | { readonly kind: "name"; readonly path: string; readonly position: number }
  | { readonly kind: "pseudo"; readonly name: string; readonly position: number }
  | { readonly kind: "number"; readonly value: bigint; readonly position: number }
  | { readonly kind: "member"; readonly object: Expression; readonly name: string; readonly position: number }
  | {
      readonly kind: "index";
      readonly object: Expression;
      readonly index: Expression;
      readonly position: number;
    }
  | { readonly kind: "dereference"; readonly operand: Expression; readonly position: number }
  | { readonly kind: "address"; readonly operand: Expression; readonly position: number };

/** Parentheses, prefixes and indexes inside of each other. */
const DEPTH_LIMIT = 256;

/** @throws ExpressionError at the first token that does not fit */
export function parse(text: string): Expression {
  return new Parser(tokenize(text)).whole();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  whole(): Expression {
    if (this.atEnd()) throw new ExpressionError("type an expression", 0);
    const expression = this.unary();
    if (!this.atEnd()) this.unexpected("the end");
    return expression;
  }

  private atEnd(): boolean {
    return this.token.kind === "end";
  }

  private unexpected(wanted: string): never {
    const { kind, text, position } = this.token;
    throw new ExpressionError(
      `${wanted} is expected here, not ${kind === "end" ? "the end" : `“${text}”`}`,
      position,
    );
  }

  private is(text: string): boolean {
    return this.token.kind === "punctuation" && this.token.text === text;
  }

  private take(): Token {
    const token = this.token;
    this.at++;
    return token;
  }

  private expect(text: string): void {
    if (!this.is(text)) this.unexpected(`“${text}”`);
    this.at++;
  }

  private unary(): Expression {
    if (++this.depth > DEPTH_LIMIT)
      throw new ExpressionError("the expression is nested too deeply", this.token.position);
    const expression = this.prefixed();
    this.depth--;
    return expression;
  }

  private prefixed(): Expression {
    if (!this.is("*") && !this.is("&")) return this.postfix();
    const { text, position } = this.take();
    const operand = this.unary();
    return { kind: text === "*" ? "dereference" : "address", operand, position };
  }

  private postfix(): Expression {
    let object = this.primary();
    for (;;) {
      const { position } = this.token;
      if (this.is("[")) {
        this.at++;
        const index = this.unary();
        this.expect("]");
        object = { kind: "index", object, index, position };
      } else if (this.is(".")) {
        this.at++;
        object = { kind: "member", object, name: this.memberName(), position: position + 1 };
      } else if (this.is("->")) {
        this.at++;
        const target: Expression = { kind: "dereference", operand: object, position };
        object = { kind: "member", object: target, name: this.memberName(), position: position + 2 };
      } else {
        return object;
      }
    }
  }

  private memberName(): string {
    if (this.token.kind !== "name" && this.token.kind !== "number") this.unexpected("a member's name");
    return this.take().text;
  }

  private primary(): Expression {
    const { kind, text, position } = this.token;
    if (kind === "number") {
      this.at++;
      return { kind: "number", value: BigInt(text.replaceAll("_", "")), position };
    }
    if (kind === "pseudo") {
      this.at++;
      return { kind: "pseudo", name: text, position };
    }
    if (this.is("(")) {
      this.at++;
      const expression = this.unary();
      this.expect(")");
      return expression;
    }
    return this.path();
  }

  private path(): Expression {
    const { position } = this.token;
    if (this.is("::")) this.at++;
    const names = [this.pathName()];
    while (this.is("::")) {
      this.at++;
      names.push(this.pathName());
    }
    return { kind: "name", path: names.join("::"), position };
  }

  private pathName(): string {
    if (this.token.kind !== "name") this.unexpected("a name");
    return this.take().text;
  }
}

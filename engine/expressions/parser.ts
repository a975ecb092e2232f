/**
 * The grammar of expressions, by precedence climbing:
 *
 *     input   = expression { "," (format | expression) }
 *     expression = binary [ "?" [expression] ":" expression ]
 *     binary  = unary { (operator | "@" | ".*" | "->*" | "orelse" | "catch") binary }
 *     unary   = ("*" | "&" | "-" | "+" | "!" | "~" | "-%" | "try") unary | "(" type ")" unary | sized
 *             | postfix { "as" type }
 *     postfix = primary { "." (name | number | name "(" ")") | "->" name | "[" subscript "]" | ".*" | ".?" }
 *     primary = path [ "#" number ] | literal | pseudo | "(" expression ")" | name "_cast" "<" type ">" "(" … ")"
 *             | type ("(" … ")" | "{" … "}") | "." name | "@" name "(" … ")" | "if" condition branch "else" branch
 *     path    = ["::"] name [generics] { "::" name [generics] }
 *
 * `.*` stands behind a pointer in Zig, and between an object and a pointer to member in C++.
 *
 * A parenthesised name in front of an operand may be a cast or a value: where the operand could also be the
 * right side of an operator, the program's own names decide. `a@n` is gdb's: n objects in a row, of which a is the first.
 */

import {
  fieldsOf,
  type Inner,
  initializersOf,
  listed,
  listMacro,
  NO_CALLS,
  operandsOf,
  parenthesisedTuple,
} from "./constructions";
import { Cursor } from "./cursor";
import { ExpressionError } from "./errors";
import { type Token, tokenize } from "./lexer";
import { beginsOperand, infix, nthOf, plainName, textsOf } from "./operands";
import { genericPath, typedCall } from "./paths";
import { matching } from "./patterns";
import { type Infix, LEVELS, PREFIX_WORDS, WORDS } from "./precedence";
import {
  type Expression,
  FORMATS,
  type Format,
  type Input,
  type Rules,
  type Suffix,
  type TypeSyntax,
} from "./syntax";
import { beginsPlainType, beginsType, parseType } from "./type-parser";
import { builtinOperands } from "./zig-parser";

/** What the parser must know of the language and the program. */
export interface Grammar {
  readonly rules: Rules;
  /** Whether a name is that of a type, and not of a variable as well. */
  isType(path: string): boolean;
}

const PLAIN: Grammar = { rules: "c", isType: () => false };

/** C11's, C++'s and GNU's words for a type's alignment. */
const ALIGNMENT: ReadonlySet<string> = new Set(["alignof", "_Alignof", "__alignof__"]);

/** What stands in front of a type, or of an expression that is asked for its type. */
const SIZED: ReadonlySet<string> = new Set(["sizeof", "offsetof", "typeof", "decltype"]);

/** Parentheses, prefixes and indexes inside of each other. */
const DEPTH_LIMIT = 256;

/**
 * @param tokens the text's, where its macros have been expanded
 * @throws ExpressionError at the first token that does not fit
 */
export function parse(
  text: string,
  grammar: Grammar = PLAIN,
  tokens: readonly Token[] = tokenize(text),
): Input {
  return new Parser(new Cursor(tokens), grammar).input(text);
}

class Parser {
  private depth = 0;
  /** Whether `Path {` begins a record: not in the condition of Rust's `if`. */
  private records = true;
  private readonly inner: Inner = () => this.expression();

  constructor(
    private readonly cursor: Cursor,
    private readonly grammar: Grammar,
  ) {}

  input(text: string): Input {
    const { cursor } = this;
    if (cursor.atEnd) throw new ExpressionError("type an expression", 0);
    const expression = this.expression();
    const end = cursor.atEnd ? text.length : cursor.token.position;
    const suffixes: Suffix[] = [];
    // A comma that a macro brings is no suffix's.
    while (text[cursor.token.position] === "," && cursor.accept(",")) suffixes.push(this.suffix());
    if (!cursor.atEnd) cursor.unexpected("the end");
    return { expression, suffixes, end };
  }

  private suffix(): Suffix {
    const { kind, text } = this.cursor.token;
    const last = this.cursor.next.kind === "end" || this.cursor.next.text === ",";
    if (kind === "name" && last && FORMATS.includes(text as Format)) {
      this.cursor.take();
      return { kind: "format", format: text as Format };
    }
    return { kind: "count", count: this.expression() };
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > DEPTH_LIMIT)
      throw new ExpressionError("the expression is nested too deeply", this.cursor.token.position);
    const result = read();
    this.depth--;
    return result;
  }

  private expression(): Expression {
    return this.nested(() => {
      const condition = this.binary(0);
      const { position } = this.cursor.token;
      if (!this.cursor.accept("?")) return condition;
      if (this.grammar.rules === "rust" && this.cursor.atEnd)
        throw new ExpressionError("an expression has nothing to return from: use unwrap()", position);
      // GNU's `a ?: b` is `a ? a : b`.
      const yes = this.cursor.is(":") && this.grammar.rules === "c" ? condition : this.expression();
      this.cursor.expect(":");
      return { kind: "conditional", condition, yes, no: this.expression(), position };
    });
  }

  private binary(level: number): Expression {
    const operators = LEVELS[this.grammar.rules][level];
    if (operators === undefined) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const { kind, text, position } = this.cursor.token;
      if (kind === "end" || !operators.includes(text)) return left;
      this.cursor.take();
      left = infix((WORDS[text] ?? text) as Infix, left, this.binary(level + 1), position);
    }
  }

  private unary(): Expression {
    return this.nested(() => this.casts(this.prefixed()));
  }

  /** `x as T`, which binds less than a prefix and more than any operator between two. */
  private casts(first: Expression): Expression {
    let operand = first;
    for (;;) {
      const { position } = this.cursor.token;
      if (!this.cursor.acceptName("as")) return operand;
      operand = { kind: "cast", type: parseType(this.cursor), operand, position };
    }
  }

  private prefixed(): Expression {
    const { cursor } = this;
    const { text, position } = cursor.token;
    if (cursor.accept("&&")) {
      throw new ExpressionError("the address of an address is not in memory", position);
    }
    if (cursor.accept("*")) return { kind: "dereference", operand: this.operand(), arrow: false, position };
    if (cursor.accept("&")) {
      const form = this.grammar.rules === "rust" ? this.addressForm() : undefined;
      return { kind: "address", operand: this.operand(), position, ...(form && { form }) };
    }
    for (const operator of ["-", "+", "!", "~", "-%"] as const) {
      if (operator === "-%" && this.grammar.rules !== "zig") continue;
      if (cursor.accept(operator)) return { kind: "unary", operator, operand: this.operand(), position };
    }
    const word = this.grammar.rules === "c" && cursor.token.kind === "name" ? PREFIX_WORDS[text] : undefined;
    if (word !== undefined && beginsOperand(cursor.next)) {
      cursor.take();
      return { kind: "unary", operator: word, operand: this.operand(), position };
    }
    if (this.grammar.rules === "c" && /^__(real|imag)(__)?$/.test(text) && beginsOperand(cursor.next)) {
      cursor.take();
      return {
        kind: "call",
        path: text.startsWith("__real") ? "__real__" : "__imag__",
        operands: [this.operand()],
        position,
      };
    }
    if (this.grammar.rules === "zig" && cursor.acceptName("try"))
      return { kind: "succeed", outcome: this.operand(), or: undefined, position };
    if (cursor.is("(")) {
      const literal = this.grammar.rules === "c" ? cursor.trial(() => this.literalType()) : undefined;
      if (literal !== undefined) return this.postfix(this.initialized(literal, position));
      const type = cursor.trial(() => this.castType());
      if (type !== undefined) return { kind: "cast", type, operand: this.operand(), position };
    }
    if (ALIGNMENT.has(text) || SIZED.has(text)) return this.sized(text, position);
    return this.postfix();
  }

  /** The type of C's `(T){…}`, up to its brace. */
  private literalType(): TypeSyntax | undefined {
    this.cursor.expect("(");
    const type = parseType(this.cursor);
    this.cursor.expect(")");
    return this.cursor.is("{") ? type : undefined;
  }

  private initialized(type: TypeSyntax | undefined, position: number): Expression {
    return this.nested(() => {
      const initializers = initializersOf(this.cursor, this.inner, (at) => this.initialized(undefined, at));
      return { kind: "initialized", type, initializers, position };
    });
  }

  /** What stands between Rust's `&` and its operand. */
  private addressForm(): "mut" | "raw const" | "raw mut" | undefined {
    const { cursor } = this;
    if (cursor.acceptName("mut")) return "mut";
    const { next } = cursor;
    if (!cursor.isName("raw") || next.kind !== "name" || (next.text !== "const" && next.text !== "mut"))
      return undefined;
    cursor.take();
    cursor.take();
    return `raw ${next.text}`;
  }

  private operand(): Expression {
    return this.nested(() => this.prefixed());
  }

  /** The type between parentheses, where it is one and a cast's operand follows. */
  private castType(): TypeSyntax | undefined {
    const { cursor } = this;
    cursor.expect("(");
    const sure = beginsType(cursor);
    const type = parseType(cursor);
    cursor.expect(")");
    const name = plainName(type);
    if (sure || name === undefined) return beginsOperand(cursor.token) ? type : undefined;
    const { kind, text } = cursor.token;
    if (kind === "name" && text === "as") return undefined;
    if (
      kind === "name" ||
      kind === "number" ||
      kind === "pseudo" ||
      kind === "character" ||
      kind === "string"
    )
      return type;
    if (text === "!" || text === "~") return type;
    const either = text === "-" || text === "+" || text === "*" || text === "&" || text === "(";
    return either && this.grammar.isType(name) ? type : undefined;
  }

  private sized(word: string, position: number): Expression {
    const { cursor } = this;
    cursor.take();
    if (word === "offsetof") {
      cursor.expect("(");
      const type = parseType(cursor);
      cursor.expect(",");
      const members = [this.memberName()];
      while (cursor.accept(".")) members.push(this.memberName());
      cursor.expect(")");
      return { kind: "offsetof", type, members, position };
    }
    if (word !== "sizeof" && !ALIGNMENT.has(word))
      return { kind: "typeof", operand: this.parenthesised(), position };
    const type = cursor.trial(() => this.sizedType());
    const alignment = ALIGNMENT.has(word);
    return { kind: "sizeof", of: type ?? this.operand(), position, ...(alignment && { alignment }) };
  }

  /** `(T)` behind sizeof. */
  private sizedType(): TypeSyntax | undefined {
    this.cursor.expect("(");
    const sure = beginsType(this.cursor);
    const type = parseType(this.cursor);
    this.cursor.expect(")");
    const name = plainName(type);
    return sure || name === undefined || this.grammar.isType(name) ? type : undefined;
  }

  private postfix(first: Expression = this.primary()): Expression {
    const { cursor } = this;
    let object = first;
    for (;;) {
      const { position } = cursor.token;
      if (cursor.accept("[")) {
        object = this.subscript(object, position);
      } else if (cursor.accept(".")) {
        object = this.memberOf(object, cursor.token.position);
      } else if (cursor.accept("->")) {
        const target: Expression = { kind: "dereference", operand: object, arrow: true, position };
        object = this.memberOf(target, cursor.token.position);
      } else if (this.grammar.rules === "zig" && cursor.accept(".*")) {
        object = { kind: "dereference", operand: object, arrow: false, position };
      } else if (this.grammar.rules === "zig" && cursor.accept(".?")) {
        object = { kind: "unwrap", optional: object, or: undefined, position };
      } else if (this.grammar.rules === "rust" && cursor.is("!") && object.kind === "name") {
        throw new ExpressionError(`an expression only reads: it cannot run ${object.path}!`, position);
      } else if (cursor.is("(")) {
        if (object.kind !== "name" || object.nth > 1) throw new ExpressionError(NO_CALLS, position);
        object = { kind: "call", path: object.path, operands: operandsOf(cursor, this.inner), position };
      } else {
        return object;
      }
    }
  }

  private memberOf(object: Expression, position: number): Expression {
    const name = this.memberName();
    if (!this.cursor.is("(")) return { kind: "member", object, name, position };
    return { kind: "method", object, name, operands: operandsOf(this.cursor, this.inner), position };
  }

  private subscript(object: Expression, position: number): Expression {
    const { cursor } = this;
    const from = cursor.is("..") || cursor.is("..=") ? undefined : this.expression();
    const range = cursor.is("..") || cursor.is("..=") ? cursor.take().text : undefined;
    const to = range === undefined || cursor.is("]") ? undefined : this.expression();
    cursor.expect("]");
    if (range !== undefined) return { kind: "slice", object, from, to, inclusive: range === "..=", position };
    return { kind: "index", object, index: from!, position };
  }

  private memberName(): string {
    if (this.cursor.token.kind === "number") return this.cursor.take().text;
    return this.cursor.takeName("a member's name");
  }

  private primary(): Expression {
    const { cursor } = this;
    const { kind, text, position } = cursor.token;
    switch (kind) {
      case "number":
        cursor.take();
        return { kind: "number", text, position };
      case "pseudo":
        cursor.take();
        return { kind: "pseudo", name: text, position };
      case "character":
        return this.character();
      case "string":
        return { kind: "string", literal: textsOf(cursor, this.grammar.rules), position };
      case "name":
        return text === "if" && this.grammar.rules !== "c" ? this.choice() : this.named();
    }
    if (this.grammar.rules === "rust" && (cursor.is("|") || cursor.is("||")))
      throw new ExpressionError("an expression only reads: it cannot run closures", position);
    if (this.grammar.rules === "rust" && cursor.is("[")) return listed(cursor, this.inner);
    if (this.grammar.rules === "zig" && cursor.accept(".")) {
      if (cursor.is("{")) return this.initialized(undefined, position);
      return { kind: "enumerator", name: this.pathName(), position };
    }
    if (this.grammar.rules === "zig" && cursor.is("@")) return this.builtin();
    return cursor.is("(") ? this.parenthesised() : this.path();
  }

  /** Zig's `@name(…)`. */
  private builtin(): Expression {
    const { cursor } = this;
    const { position } = cursor.take();
    const name = this.pathName();
    cursor.expect("(");
    const operands = builtinOperands(name, cursor, () => this.expression(), position);
    cursor.expect(")");
    return { kind: "builtin", name, operands, position };
  }

  /** `if (c) a else b`, as Zig writes it, or `if c { a } else { b }`, as Rust does. */
  private choice(): Expression {
    const { cursor } = this;
    const { position } = cursor.take();
    const condition = this.grammar.rules === "zig" ? this.parenthesised() : this.condition();
    const yes = this.branch();
    if (!cursor.acceptName("else")) cursor.unexpected("“else”");
    return { kind: "conditional", condition, yes, no: this.branch(), position };
  }

  /** In Rust's condition a brace begins the branch. */
  private condition(): Expression {
    this.records = false;
    const condition = this.expression();
    this.records = true;
    return condition;
  }

  private parenthesised(): Expression {
    const { cursor } = this;
    if (this.grammar.rules === "rust") return parenthesisedTuple(cursor, this.inner);
    cursor.expect("(");
    let expression = this.expression();
    for (let { position } = cursor.token; this.grammar.rules === "c" && cursor.accept(","); ) {
      expression = { kind: "comma", skipped: expression, value: this.expression(), position };
      ({ position } = cursor.token);
    }
    cursor.expect(")");
    return expression;
  }

  private branch(): Expression {
    const braces = this.cursor.accept("{");
    const expression = this.expression();
    if (braces) this.cursor.expect("}");
    return expression;
  }

  private character(): Expression {
    const { text, position } = this.cursor.take();
    return { kind: "character", text, position };
  }

  private named(): Expression {
    const { cursor } = this;
    const { text, position } = cursor.token;
    const alone = cursor.next.text !== "::";
    if (alone && (text === "true" || text === "false")) {
      cursor.take();
      return { kind: "boolean", value: text === "true", position };
    }
    if (alone && (text === "nullptr" || text === "NULL")) {
      cursor.take();
      return { kind: "null", position };
    }
    if (/^(static|reinterpret|const|dynamic)_cast$/.test(text) && cursor.next.text === "<") {
      cursor.take();
      cursor.take();
      const type = parseType(cursor);
      if (!cursor.acceptClosingAngle()) cursor.unexpected("“>”");
      const operand = this.parenthesised();
      return { kind: "cast", type, operand, position, ...(text === "dynamic_cast" && { form: "dynamic" }) };
    }
    switch (this.grammar.rules) {
      case "c":
        return this.functionalCast() ?? this.path();
      case "rust":
        if (text === "unsafe" && cursor.next.text === "{") {
          cursor.take();
          return this.branch();
        }
        return (
          listMacro(cursor, this.inner) ??
          matching(cursor, this.inner) ??
          typedCall(cursor, this.inner) ??
          this.path()
        );
      case "zig":
        return this.zigWord(text, position) ?? this.path();
    }
  }

  /** C++'s `int(x)` and `int{x}`. */
  private functionalCast(): Expression | undefined {
    const { cursor } = this;
    const { position } = cursor.token;
    const sure = beginsPlainType(cursor);
    const type = cursor.trial(() => {
      const target = parseType(cursor);
      if (!cursor.is("(") && !cursor.is("{")) return undefined;
      const name = plainName(target) ?? (target.kind === "type-name" ? target.path : undefined);
      return sure || (name !== undefined && this.grammar.isType(name)) ? target : undefined;
    });
    if (type === undefined) return undefined;
    if (cursor.is("{")) return this.initialized(type, position);
    const operands = operandsOf(cursor, this.inner);
    const [operand] = operands;
    if (operand !== undefined && operands.length === 1)
      return { kind: "cast", type, operand, form: "function", position };
    // As of C++20 an aggregate may be given its members in parentheses too.
    const initializers = operands.map((value) => ({ value, position: value.position }));
    return { kind: "initialized", type, initializers, position };
  }

  /** `unreachable` and `error.Name`. */
  private zigWord(text: string, position: number): Expression | undefined {
    const { cursor } = this;
    if (text === "unreachable") {
      cursor.take();
      return { kind: "unreachable", position };
    }
    if (text !== "error" || cursor.next.text !== ".") return undefined;
    cursor.take();
    cursor.take();
    return { kind: "error", name: this.memberName(), position };
  }

  private path(): Expression {
    const { cursor } = this;
    const { position } = cursor.token;
    const { rules } = this.grammar;
    const path = genericPath(cursor, rules);
    if (rules === "rust" && this.records && cursor.is("{"))
      return { kind: "record", path, fields: fieldsOf(cursor, this.inner), position };
    if (rules === "zig" && cursor.is("{"))
      return this.initialized({ kind: "type-name", path, keyword: undefined, position }, position);
    return { kind: "name", path, nth: nthOf(cursor), position };
  }

  private pathName(): string {
    return this.cursor.takeName("a name");
  }
}

/** What a parsed expression is: a small tree, each node with the place in the text that an error would point at. */

import type { TextLiteral } from "./text-literals";

/** Which language's precedence, literals and arithmetic hold: C's (and C++'s and unknown languages'), Rust's or Zig's. */
export type Rules = "c" | "rust" | "zig";

interface Node {
  /** 0-based position of the character that an error of this node points at. */
  readonly position: number;
}

export type BinaryOperator =
  | "||"
  | "&&"
  | "|"
  | "^"
  | "&"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "<<"
  | ">>"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  /** C++20's, whose result is an ordering. */
  | "<=>"
  | WrappingOperator;

/** Zig's operators that wrap around, or stay at the end of the type's range. */
export type WrappingOperator = "+%" | "-%" | "*%" | "+|" | "-|" | "*|" | "<<|";

export type UnaryOperator = "-" | "+" | "!" | "~" | "-%";

export type Expression = Node &
  (
    | {
        readonly kind: "name";
        readonly path: string /** 1 = the innermost of its name. */;
        readonly nth: number;
      }
    | { readonly kind: "pseudo"; readonly name: string }
    | { readonly kind: "number"; readonly text: string }
    | { readonly kind: "character"; readonly text: string }
    | { readonly kind: "string"; readonly literal: TextLiteral }
    | { readonly kind: "boolean"; readonly value: boolean }
    | { readonly kind: "null" }
    | { readonly kind: "member"; readonly object: Expression; readonly name: string }
    | {
        readonly kind: "method";
        readonly object: Expression;
        readonly name: string;
        readonly operands: readonly Expression[];
      }
    /** A function by its path; the position is that of its parenthesis. */
    | { readonly kind: "call"; readonly path: string; readonly operands: readonly Expression[] }
    /** Rust's `(a, b)`. */
    | { readonly kind: "tuple"; readonly items: readonly Expression[] }
    /** Rust's `[a, b]`, and `[a; n]`. */
    | { readonly kind: "list"; readonly items: readonly Expression[]; readonly count?: Expression }
    /** Rust's `Point { x: 1, y }`. */
    | { readonly kind: "record"; readonly path: string; readonly fields: readonly Initializer[] }
    /** C's `(T){1, .y = 2}`, C++'s `T{1, 2}`, Zig's `T{ .x = 1 }`; inside of another one without its type. */
    | {
        readonly kind: "initialized";
        readonly type: TypeSyntax | undefined;
        readonly initializers: readonly Initializer[];
      }
    /** Rust's `matches!(value, pattern if guard)`. */
    | {
        readonly kind: "matches";
        readonly value: Expression;
        readonly pattern: Pattern;
        readonly guard: Expression | undefined;
      }
    | { readonly kind: "index"; readonly object: Expression; readonly index: Expression }
    | {
        readonly kind: "slice";
        readonly object: Expression;
        readonly from: Expression | undefined;
        readonly to: Expression | undefined;
        readonly inclusive: boolean;
      }
    | {
        readonly kind: "dereference";
        readonly operand: Expression;
        /** Whether it was written as the arrow of `p->m`. */
        readonly arrow: boolean;
      }
    /** C++'s `object.*pointer`; of `->*` the object is dereferenced. */
    | { readonly kind: "pointed-member"; readonly object: Expression; readonly pointer: Expression }
    /** Zig's `optional.?`; with `or` its `optional orelse …`. */
    | { readonly kind: "unwrap"; readonly optional: Expression; readonly or: Expression | undefined }
    /** Zig's `try outcome`; with `or` its `outcome catch …`. */
    | { readonly kind: "succeed"; readonly outcome: Expression; readonly or: Expression | undefined }
    /** Zig's `unreachable`, which may stand where it is not asked for. */
    | { readonly kind: "unreachable" }
    /** Zig's `error.Name`. */
    | { readonly kind: "error"; readonly name: string }
    /** Zig's `@name(…)`. */
    | {
        readonly kind: "builtin";
        readonly name: string;
        readonly operands: readonly (Expression | TypeSyntax)[];
      }
    /** Zig's `.name`, an enumerator of the type that it meets. */
    | { readonly kind: "enumerator"; readonly name: string }
    | { readonly kind: "repeat"; readonly first: Expression; readonly count: Expression }
    | {
        readonly kind: "address";
        readonly operand: Expression;
        /** Rust's `&mut x`, `&raw const x` and `&raw mut x`. */
        readonly form?: "mut" | "raw const" | "raw mut";
      }
    | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Expression }
    | {
        readonly kind: "binary";
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    /** C's `a, b`, which is the second one. */
    | { readonly kind: "comma"; readonly skipped: Expression; readonly value: Expression }
    | {
        readonly kind: "conditional";
        readonly condition: Expression;
        readonly yes: Expression;
        readonly no: Expression;
      }
    | {
        readonly kind: "cast";
        readonly type: TypeSyntax;
        readonly operand: Expression;
        /** C++'s dynamic_cast, which asks the object for its class, and `T(x)`, which for a class would be a call. */
        readonly form?: "dynamic" | "function";
      }
    | {
        readonly kind: "sizeof";
        readonly of: Expression | TypeSyntax;
        /** Whether it asks for the alignment instead. */
        readonly alignment?: boolean;
      }
    | { readonly kind: "offsetof"; readonly type: TypeSyntax; readonly members: readonly string[] }
    | { readonly kind: "typeof"; readonly operand: Expression }
  );

/** A value between braces, by its member's name, its element's number, or its turn. */
export interface Initializer {
  /** 0-based position in the text. */
  readonly position: number;
  readonly name?: string | undefined;
  readonly index?: Expression | undefined;
  readonly value: Expression;
}

/** A pattern of Rust (reference, chapter "Patterns"). */
export type Pattern = Node &
  (
    | { readonly kind: "any" }
    /** `..` in a tuple or a slice. */
    | { readonly kind: "rest" }
    | { readonly kind: "bound"; readonly name: string; readonly inner: Pattern | undefined }
    | { readonly kind: "equal"; readonly value: Expression }
    | {
        readonly kind: "between";
        readonly from: Expression | undefined;
        readonly to: Expression | undefined;
        readonly inclusive: boolean;
      }
    | { readonly kind: "either"; readonly patterns: readonly Pattern[] }
    | { readonly kind: "referred"; readonly inner: Pattern }
    /** Of a path alone, a constant or a variant without fields. */
    | { readonly kind: "path"; readonly path: string }
    /** `Path(a, ..)`; without a path a tuple. */
    | { readonly kind: "fields"; readonly path: string | undefined; readonly items: readonly Pattern[] }
    /** `Path { x: a, .. }`. */
    | {
        readonly kind: "named-fields";
        readonly path: string;
        readonly fields: readonly { readonly name: string; readonly pattern: Pattern }[];
        readonly open: boolean;
      }
    | { readonly kind: "elements"; readonly items: readonly Pattern[] }
  );

/** A type as it is written. */
export type TypeSyntax = Node &
  (
    | { readonly kind: "type-name"; readonly path: string; readonly keyword: string | undefined }
    | {
        readonly kind: "type-pointer";
        readonly target: TypeSyntax;
        readonly reference: boolean;
        readonly text: string;
      }
    | { readonly kind: "type-array"; readonly element: TypeSyntax; readonly count: number }
    | {
        readonly kind: "type-function";
        readonly result: TypeSyntax;
        readonly parameters: readonly TypeSyntax[];
        /** Whether further arguments may follow. */
        readonly variadic: boolean;
      }
    /** Zig's `@TypeOf(x)`. */
    | { readonly kind: "type-of"; readonly operand: Expression }
  );

/** How a result is to be shown: `,x`, or as so many elements. */
export type Suffix =
  | { readonly kind: "format"; readonly format: Format }
  | { readonly kind: "count"; readonly count: Expression };

export const FORMATS = ["x", "d", "u", "b", "o", "c", "f", "s", "h"] as const;
export type Format = (typeof FORMATS)[number];

/** All that was typed: an expression, and how to show its value. */
export interface Input {
  readonly expression: Expression;
  readonly suffixes: readonly Suffix[];
  /** Position of the first suffix's comma; the text's length without any. */
  readonly end: number;
}

export function isTypeSyntax(node: Expression | TypeSyntax): node is TypeSyntax {
  return node.kind.startsWith("type-");
}

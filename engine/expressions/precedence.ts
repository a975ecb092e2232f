/** The operators of each language between two operands, and how tightly they bind. */
import type { BinaryOperator, Rules } from "./syntax";

/** What stands between two operands: an operator of numbers, gdb's, C++'s for pointers to members, Zig's for optionals and errors. */
export type Infix = BinaryOperator | "@" | ".*" | "->*" | "orelse" | "catch";

/** Operators that Zig, and C++ as an alternative, spell as words. */
export const WORDS: Readonly<Record<string, BinaryOperator>> = {
  ...{ or: "||", and: "&&", bitor: "|", xor: "^", bitand: "&", not_eq: "!=" },
};

/** The prefixes that C++ spells as words. */
export const PREFIX_WORDS: Readonly<Record<string, "!" | "~">> = { not: "!", compl: "~" };

/** Loosest first. */
export const LEVELS: Readonly<Record<Rules, readonly (readonly (Infix | keyof typeof WORDS)[])[]>> = {
  c: [
    ["||", "or"],
    ["&&", "and"],
    ["|", "bitor"],
    ["^", "xor"],
    ["&", "bitand"],
    ["==", "!=", "not_eq"],
    ["<", "<=", ">", ">="],
    ["<=>"],
    ["<<", ">>"],
    ["@"],
    ["+", "-"],
    ["*", "/", "%"],
    [".*", "->*"],
  ],
  rust: [
    ["||"],
    ["&&"],
    ["==", "!=", "<", "<=", ">", ">="],
    ["|"],
    ["^"],
    ["&"],
    ["<<", ">>"],
    ["@"],
    ["+", "-"],
    ["*", "/", "%"],
  ],
  zig: [
    ["||", "or"],
    ["&&", "and"],
    ["==", "!=", "<", "<=", ">", ">="],
    ["&", "^", "|", "orelse", "catch"],
    ["<<", ">>", "<<|"],
    ["@"],
    ["+", "-", "+%", "-%", "+|", "-|"],
    ["*", "/", "%", "*%", "*|"],
  ],
};

/** Which opcodes are constants, which are arithmetic, and which of the stack's operations each is. */
import { DW_OP } from "./constants";
import type { Binary, Unary } from "./stack-value";

export const BINARY: ReadonlyMap<number, Binary> = new Map<number, Binary>([
  [DW_OP.plus, "plus"],
  [DW_OP.minus, "minus"],
  [DW_OP.mul, "mul"],
  [DW_OP.div, "div"],
  [DW_OP.mod, "mod"],
  [DW_OP.and, "and"],
  [DW_OP.or, "or"],
  [DW_OP.xor, "xor"],
  [DW_OP.shl, "shl"],
  [DW_OP.shr, "shr"],
  [DW_OP.shra, "shra"],
  [DW_OP.eq, "eq"],
  [DW_OP.ne, "ne"],
  [DW_OP.lt, "lt"],
  [DW_OP.le, "le"],
  [DW_OP.gt, "gt"],
  [DW_OP.ge, "ge"],
]);

export const UNARY: ReadonlyMap<number, Unary> = new Map<number, Unary>([
  [DW_OP.neg, "neg"],
  [DW_OP.not, "not"],
  [DW_OP.abs, "abs"],
]);

/** Those that push their operand. */
export const CONSTANTS: ReadonlySet<number> = new Set<number>([
  ...[DW_OP.const1u, DW_OP.const1s, DW_OP.const2u, DW_OP.const2s, DW_OP.const4u, DW_OP.const4s],
  ...[DW_OP.const8u, DW_OP.const8s, DW_OP.constu, DW_OP.consts],
]);

/**
 * Checks in front of instructions that may trap: no handler sees a trap, so where one is about to come up an exception
 * is thrown in its place, of the same message. The instruction itself stays: when nothing is thrown it does what it did.
 */
import { op, type } from "./code";
import { sleb, uleb } from "./edits";
import type { Trap } from "./traps";

/** What a check needs of its function: locals to put operands into, and what throws. */
export interface CheckContext {
  /** A local for a while: what was put into it before may be gone. */
  scratch(type: "i32" | "i64" | "f32" | "f64", number: number): number;
  /** Code that throws. */
  trap(trap: Trap): readonly number[];
}

/** Traps that the checks of an opcode may throw; undefined for opcodes that are not checked. */
export function trapsOf(opcode: number): readonly Trap[] | undefined {
  if (opcode === op.unreachable) return ["unreachable"];
  if (opcode === op.callIndirect) return ["tableIndex", "nullFunction"];
  if (opcode in truncations) return ["truncation"];
  const division = divisions[opcode];
  if (division === undefined) return undefined;
  const zero: Trap = division.remainder ? "remainderByZero" : "divideByZero";
  return division.signed && !division.remainder ? [zero, "divideOverflow"] : [zero];
}

interface Division {
  readonly width: 32 | 64;
  readonly signed: boolean;
  readonly remainder: boolean;
}

const divisions: Readonly<Record<number, Division>> = Object.fromEntries(
  [0x6d, 0x7f].flatMap((first, i) =>
    [0, 1, 2, 3].map((at) => [
      first + at,
      { width: i === 0 ? 32 : 64, signed: at % 2 === 0, remainder: at > 1 },
    ]),
  ),
);

/** Whether a constant divisor makes the division safe. */
export function isSafeDivisor(opcode: number, divisor: number): boolean {
  const division = divisions[opcode];
  if (division === undefined || divisor === 0) return false;
  return divisor !== -1 || !division.signed || division.remainder;
}

interface Truncation {
  readonly from: "f32" | "f64";
  /** The lowest number that can be truncated; the next below it where the lowest is no float of that width. */
  readonly low: number;
  readonly lowIsIncluded: boolean;
  /** The next above the highest. */
  readonly high: number;
}

const truncations: Readonly<Record<number, Truncation>> = Object.fromEntries(
  [0xa8, 0xae].flatMap((first, i) =>
    [0, 1, 2, 3].map((at) => {
      const bits = i === 0 ? 32 : 64;
      const from = at < 2 ? "f32" : "f64";
      const signed = at % 2 === 0;
      const high = 2 ** (signed ? bits - 1 : bits);
      const hasBelow = signed && bits === 32 && from === "f64";
      const low = !signed ? -1 : hasBelow ? -high - 1 : -high;
      return [first + at, { from, low, lowIsIncluded: signed && !hasBelow, high }];
    }),
  ),
);

/** Divisions, remainders and truncations. */
export const arithmetic: readonly number[] = [...Object.keys(divisions), ...Object.keys(truncations)].map(
  Number,
);

/** In front of one of these. */
export function arithmeticCheck(opcode: number, context: CheckContext): readonly number[] {
  return divisionCheck(opcode, context) ?? truncationCheck(opcode, context) ?? [];
}

/** In front of a division or remainder; undefined for other opcodes. */
function divisionCheck(opcode: number, context: CheckContext): readonly number[] | undefined {
  const division = divisions[opcode];
  if (division === undefined) return undefined;
  const { width, signed, remainder } = division;
  const kind = width === 32 ? "i32" : "i64";
  const [eqz, eq, constant] =
    width === 32 ? [op.i32Eqz, op.i32Eq, op.i32Const] : [op.i64Eqz, op.i64Eq, op.i64Const];
  const divisor = uleb(context.scratch(kind, 0));
  const zero = when(
    [op.localTee, ...divisor, eqz],
    context.trap(remainder ? "remainderByZero" : "divideByZero"),
  );
  if (!signed || remainder) return [...zero, op.localGet, ...divisor];
  const dividend = uleb(context.scratch(kind, 1));
  const lowest = sleb(-(2 ** (width - 1)));
  return [
    ...zero,
    ...[op.localTee, ...dividend, constant, ...lowest, eq],
    ...[op.localGet, ...divisor, constant, ...sleb(-1), eq, op.i32And],
    ...when([], context.trap("divideOverflow")),
    ...[op.localGet, ...dividend, op.localGet, ...divisor],
  ];
}

/** In front of a truncation that traps; undefined for other opcodes. */
function truncationCheck(opcode: number, context: CheckContext): readonly number[] | undefined {
  const truncation = truncations[opcode];
  if (truncation === undefined) return undefined;
  const { from, low, lowIsIncluded, high } = truncation;
  const value = uleb(context.scratch(from, 0));
  const [above, aboveOrAt, below] =
    from === "f32" ? [op.f32Gt, op.f32Ge, op.f32Lt] : [op.f64Gt, op.f64Ge, op.f64Lt];
  return [
    ...[op.localTee, ...value, ...float(from, low), lowIsIncluded ? aboveOrAt : above],
    ...[op.localGet, ...value, ...float(from, high), below, op.i32And, op.i32Eqz],
    ...when([], context.trap("truncation")),
    ...[op.localGet, ...value],
  ];
}

/** In front of a call_indirect through a table of this size where slot 0 alone is null. */
export function indirectCallCheck(size: number, context: CheckContext): readonly number[] {
  const index = uleb(context.scratch("i32", 0));
  return [
    ...[op.localTee, ...index, op.i32Const, ...sleb(1), op.i32Sub],
    ...[op.i32Const, ...sleb((size - 1) | 0), op.i32GeU, op.if, type.empty],
    ...[op.localGet, ...index, op.if, type.empty, ...context.trap("tableIndex"), op.else],
    ...[...context.trap("nullFunction"), op.end, op.end, op.localGet, ...index],
  ];
}

/** Code that runs when the condition on the stack holds. */
export function when(condition: readonly number[], then: readonly number[]): number[] {
  return [...condition, op.if, type.empty, ...then, op.end];
}

function float(kind: "f32" | "f64", value: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  if (kind === "f32") view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return [
    kind === "f32" ? op.f32Const : op.f64Const,
    ...new Uint8Array(view.buffer, 0, kind === "f32" ? 4 : 8),
  ];
}

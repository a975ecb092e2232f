/**
 * Values of the expression stack and their arithmetic (DWARF 5 §2.5.1.4 and §2.5.1.6).
 *
 * The generic type is as wide as an address and wraps around. Two liberties are taken, because LLVM writes
 * expressions for 64-bit variables on a machine with 32-bit addresses and means them:
 *  - A generic value knows its width: an i64 local is 8 bytes wide, and a literal takes the width of the
 *    value that it meets, having 8 bytes when it meets none.
 *  - The upper half is carried along, and becomes part of the value where an expression widens it on
 *    purpose: an `and` with a mask that clears it, a shift left past the value's width. (That is how DWARF 4
 *    spells a zero or sign extension.)
 * The low bytes, which are all that the standard speaks of, are the same with and without them.
 */
import { DW_ATE } from "./constants";
import type { Provenance } from "./machine";
import { type Missing, missing } from "./missing";

export interface GenericType {
  readonly kind: "generic";
  /** Width in bytes. */
  readonly size: number;
  /** Written in the expression, so that its width is open. */
  readonly literal: boolean;
}

/** A DW_TAG_base_type that a typed operation named. */
export interface OperandType {
  readonly kind: "base";
  /** A DW_ATE. */
  readonly encoding: number;
  /** Bytes. */
  readonly size: number;
}

export interface StackValue {
  readonly type: GenericType | OperandType;
  /** The bits, never negative: 64 (of a v128, 128) of a generic value, exactly `size` bytes of a typed one. */
  readonly bits: bigint;
  readonly provenance: Provenance;
}

/** Bits that generic values are carried with. */
const CARRIED = 64;

export function literal(value: bigint): StackValue {
  return {
    type: { kind: "generic", size: 8, literal: true },
    bits: BigInt.asUintN(CARRIED, value),
    provenance: "computed",
  };
}

/** A generic value of `size` bytes. */
export function generic(value: bigint, size: number, provenance: Provenance): StackValue {
  const carried = Math.max(CARRIED, 8 * size);
  return {
    type: { kind: "generic", size, literal: false },
    bits: BigInt.asUintN(carried, value),
    provenance,
  };
}

/** A value of a base type, cut to its size. */
export function typed(value: bigint, type: OperandType, provenance: Provenance): StackValue {
  return { type, bits: BigInt.asUintN(8 * type.size, value), provenance };
}

/** Whether a value that its expression spells out takes more than so many bits, with a sign or without. */
export function isWider({ type, bits }: StackValue, size: number): boolean {
  if (type.kind !== "generic" || !type.literal) return false;
  return BigInt.asUintN(size, bits) !== bits && BigInt.asUintN(CARRIED, BigInt.asIntN(size, bits)) !== bits;
}

/** The value's bytes, little-endian. */
export function bytesOf(value: StackValue): Uint8Array {
  const bytes = new Uint8Array(value.type.size);
  let rest = value.bits;
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

export function fromBytes(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

/** A value as an address: its low `size` bytes. */
export function addressOf(value: StackValue, size: number): bigint {
  return BigInt.asUintN(8 * size, value.bits);
}

export function join(a: Provenance, b: Provenance): Provenance {
  return a === "recovered" || b === "recovered" ? "recovered" : "computed";
}

export function isFloat(type: StackValue["type"]): boolean {
  return type.kind === "base" && type.encoding === DW_ATE.float;
}

function isSigned(type: OperandType): boolean {
  return (
    type.encoding === DW_ATE.signed ||
    type.encoding === DW_ATE.signed_char ||
    type.encoding === DW_ATE.signed_fixed
  );
}

function integerOf(value: StackValue): bigint {
  const type = value.type;
  if (type.kind === "generic") return type.literal ? BigInt.asIntN(CARRIED, value.bits) : unsignedOf(value);
  return isSigned(type) ? BigInt.asIntN(8 * type.size, value.bits) : value.bits;
}

function unsignedOf(value: StackValue): bigint {
  return BigInt.asUintN(8 * value.type.size, value.bits);
}

function floatOf(value: StackValue): number | undefined {
  const scratch = new DataView(new ArrayBuffer(8));
  if (value.type.size === 4) {
    scratch.setUint32(0, Number(value.bits));
    return scratch.getFloat32(0);
  }
  if (value.type.size !== 8) return undefined;
  scratch.setBigUint64(0, value.bits);
  return scratch.getFloat64(0);
}

function fromFloat(value: number, type: OperandType, provenance: Provenance): StackValue | Missing {
  const scratch = new DataView(new ArrayBuffer(8));
  if (type.size === 4) {
    scratch.setFloat32(0, value);
    return typed(BigInt(scratch.getUint32(0)), type, provenance);
  }
  if (type.size !== 8) return missing("unsupported-operation", `a float of ${type.size} bytes`);
  scratch.setFloat64(0, value);
  return typed(scratch.getBigUint64(0), type, provenance);
}

/**
 * DW_OP_convert: the same number in another type; `undefined` is the generic type.
 * @param addressSize width of the generic type, in bytes
 */
export function convert(
  value: StackValue,
  to: OperandType | undefined,
  addressSize: number,
): StackValue | Missing {
  const provenance = join(value.provenance, "computed");
  if (to === undefined) {
    if (value.type.kind === "generic") return value;
    const whole = isFloat(value.type) ? truncated(value) : integerOf(value);
    if (typeof whole !== "bigint") return whole;
    return generic(whole, Math.max(addressSize, value.type.size), provenance);
  }
  if (isFloat(to)) {
    const number = isFloat(value.type) ? floatOf(value) : numberFor(to, integerOf(value));
    return number === undefined
      ? missing("unsupported-operation", `a float of ${value.type.size} bytes`)
      : fromFloat(number, to, provenance);
  }
  if (!isFloat(value.type)) return typed(integerOf(value), to, provenance);
  const whole = truncated(value);
  if (typeof whole !== "bigint") return whole;
  const cut = isSigned(to) ? BigInt.asIntN(8 * to.size, whole) : BigInt.asUintN(8 * to.size, whole);
  return cut === whole
    ? typed(whole, to, provenance)
    : missing("unsupported-operation", "a float outside of the integer's range is converted");
}

/** An integer as the number that a float of type `to` is made from. */
function numberFor(to: OperandType, value: bigint): number {
  return to.size === 4 ? roundable(value) : Number(value);
}

/** Bits of an f64's significand. */
const SIGNIFICAND = 53;

/**
 * An integer as an f64 that rounds to the same f32 as the integer itself does. What does not fit keeps its
 * lowest bit set ("round to odd"), so that rounding a second time does not take it for a tie.
 */
function roundable(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const excess = BigInt(Math.max(0, magnitude.toString(2).length - SIGNIFICAND));
  const kept = magnitude >> excess;
  const odd = kept << excess === magnitude ? kept : kept | 1n;
  return Number(value < 0n ? -odd : odd) * 2 ** Number(excess);
}

function truncated(value: StackValue): bigint | Missing {
  const number = floatOf(value);
  if (number === undefined || !Number.isFinite(number))
    return missing("unsupported-operation", "a float without an integer value is converted");
  return BigInt(Math.trunc(number));
}

/** DW_OP_reinterpret: the same bits in another type of the same size. */
export function reinterpret(
  value: StackValue,
  to: OperandType | undefined,
  addressSize: number,
): StackValue | Missing {
  const size = to?.size ?? addressSize;
  const fits =
    value.type.kind === "generic" && value.type.literal ? size <= value.type.size : size === value.type.size;
  if (!fits) return missing("malformed", `${value.type.size} bytes are reinterpreted as ${size}`);
  return to === undefined
    ? generic(BigInt.asUintN(8 * size, value.bits), size, value.provenance)
    : typed(value.bits, to, value.provenance);
}

export type Binary =
  | "plus"
  | "minus"
  | "mul"
  | "div"
  | "mod"
  | "and"
  | "or"
  | "xor"
  | "shl"
  | "shr"
  | "shra"
  | "eq"
  | "ne"
  | "lt"
  | "le"
  | "gt"
  | "ge";

export type Unary = "neg" | "not" | "abs";

/**
 * The arithmetic, logical and relational operations on two values; `a` is the former second entry.
 * @param addressSize width of the generic type, in bytes
 */
export function binary(
  operation: Binary,
  a: StackValue,
  b: StackValue,
  addressSize: number,
): StackValue | Missing {
  if (a.type.kind === "generic" && b.type.kind === "generic") {
    return genericBinary(operation, a, b, a.type, b.type, addressSize);
  }
  const shift = operation === "shl" || operation === "shr" || operation === "shra";
  const pair = shift ? ([a, b] as const) : agree(a, b, addressSize);
  if ("reason" in pair) return pair;
  const [left, right] = pair;
  if (left.type.kind === "generic") {
    const amount = convert(right, undefined, addressSize);
    return "reason" in amount ? amount : binary(operation, left, amount, addressSize);
  }
  return isFloat(left.type)
    ? floatBinary(operation, left, right, left.type)
    : integerBinary(operation, left, right, left.type);
}

/** Brings a pair of which at least one is typed to one type. */
function agree(
  a: StackValue,
  b: StackValue,
  addressSize: number,
): readonly [StackValue, StackValue] | Missing {
  if (a.type.kind === "base" && b.type.kind === "base") {
    const same = a.type.encoding === b.type.encoding && a.type.size === b.type.size;
    return same ? [a, b] : missing("malformed", "an operation on two different types");
  }
  const [open, type] = a.type.kind === "base" ? [b, a.type] : [a, b.type as OperandType];
  const plain = open.type as GenericType;
  if (!plain.literal && (plain.size !== type.size || isFloat(type))) {
    return missing("malformed", "an operation on the generic and another type");
  }
  const converted = convert(open, type, addressSize);
  if ("reason" in converted) return converted;
  return open === b ? [a, converted] : [converted, b];
}

function genericBinary(
  operation: Binary,
  a: StackValue,
  b: StackValue,
  ta: GenericType,
  tb: GenericType,
  addressSize: number,
): StackValue | Missing {
  const provenance = join(a.provenance, b.provenance);
  const open = ta.literal && tb.literal;
  let size = open || ta.literal === tb.literal ? Math.max(ta.size, tb.size) : ta.literal ? tb.size : ta.size;
  const give = (value: bigint): StackValue =>
    open ? { ...literal(value), provenance } : generic(value, size, provenance);
  switch (operation) {
    case "plus":
      return give(a.bits + b.bits);
    case "minus":
      return give(a.bits - b.bits);
    case "mul":
      return give(a.bits * b.bits);
    case "or":
      return give(a.bits | b.bits);
    case "xor":
      return give(a.bits ^ b.bits);
    case "and":
      if (clearsAbove(a, ta, size) || clearsAbove(b, tb, size)) size = Math.max(size, 8);
      return give(a.bits & b.bits);
    case "shl": {
      const amount = b.bits;
      if (!open) size = ta.literal ? Math.max(addressSize, tb.size) : ta.size;
      if (amount >= BigInt(8 * size)) size = Math.max(size, 8);
      return give(amount >= 128n ? 0n : a.bits << amount);
    }
    default:
      break;
  }
  // What follows depends on where the sign is, so on the width: an address's where nothing else says it.
  const width = 8 * (open ? addressSize : size);
  const x = BigInt.asIntN(width, a.bits);
  const y = BigInt.asIntN(width, b.bits);
  const ux = BigInt.asUintN(width, a.bits);
  const uy = BigInt.asUintN(width, b.bits);
  switch (operation) {
    case "shr":
      return give(uy >= BigInt(width) ? 0n : ux >> uy);
    case "shra":
      return give(x >> (uy >= BigInt(width) ? BigInt(width) : uy));
    case "div":
      return y === 0n ? divisionByZero() : give(x / y);
    case "mod":
      if (y === 0n) return divisionByZero();
      // The standard's generic type is unsigned here; LLVM writes it for a signed remainder.
      if (x % y !== ux % uy) return missing("unsupported-operation", "DW_OP_mod of a negative number");
      return give(ux % uy);
    default:
      return { ...literal(compare(operation, x, y) ? 1n : 0n), provenance };
  }
}

/** Whether a literal is a mask that leaves nothing above `size` bytes. */
function clearsAbove(value: StackValue, type: GenericType, size: number): boolean {
  return type.literal && value.bits < 1n << BigInt(8 * size);
}

function integerBinary(
  operation: Binary,
  a: StackValue,
  b: StackValue,
  type: OperandType,
): StackValue | Missing {
  const provenance = join(a.provenance, b.provenance);
  const give = (value: bigint): StackValue => typed(value, type, provenance);
  const width = BigInt(8 * type.size);
  const x = integerOf(a);
  const y = integerOf(b);
  switch (operation) {
    case "plus":
      return give(x + y);
    case "minus":
      return give(x - y);
    case "mul":
      return give(x * y);
    case "div":
      return y === 0n ? divisionByZero() : give(x / y);
    case "mod":
      return y === 0n ? divisionByZero() : give(x % y);
    case "and":
      return give(a.bits & b.bits);
    case "or":
      return give(a.bits | b.bits);
    case "xor":
      return give(a.bits ^ b.bits);
    case "shl":
      return give(unsignedOf(b) >= width ? 0n : a.bits << unsignedOf(b));
    case "shr":
      return give(unsignedOf(b) >= width ? 0n : a.bits >> unsignedOf(b));
    case "shra": {
      const amount = unsignedOf(b) >= width ? width : unsignedOf(b);
      return give(BigInt.asIntN(8 * type.size, a.bits) >> amount);
    }
    default:
      return { ...literal(compare(operation, x, y) ? 1n : 0n), provenance };
  }
}

function floatBinary(
  operation: Binary,
  a: StackValue,
  b: StackValue,
  type: OperandType,
): StackValue | Missing {
  const x = floatOf(a);
  const y = floatOf(b);
  if (x === undefined || y === undefined)
    return missing("unsupported-operation", `a float of ${type.size} bytes`);
  const provenance = join(a.provenance, b.provenance);
  switch (operation) {
    case "plus":
      return fromFloat(x + y, type, provenance);
    case "minus":
      return fromFloat(x - y, type, provenance);
    case "mul":
      return fromFloat(x * y, type, provenance);
    case "div":
      return fromFloat(x / y, type, provenance);
    case "eq":
    case "ne":
    case "lt":
    case "le":
    case "gt":
    case "ge":
      return { ...literal(compare(operation, x, y) ? 1n : 0n), provenance };
    default:
      return missing("malformed", `DW_OP_${operation} on floats`);
  }
}

function compare<T extends bigint | number>(operation: Binary, x: T, y: T): boolean {
  switch (operation) {
    case "eq":
      return x === y;
    case "ne":
      return x !== y;
    case "lt":
      return x < y;
    case "le":
      return x <= y;
    case "gt":
      return x > y;
    default:
      return x >= y;
  }
}

function divisionByZero(): Missing {
  return missing("malformed", "its location divides by zero");
}

/** DW_OP_neg, DW_OP_not, DW_OP_abs. */
export function unary(operation: Unary, value: StackValue, addressSize: number): StackValue | Missing {
  const type = value.type;
  const provenance = join(value.provenance, "computed");
  if (type.kind === "base" && isFloat(type)) {
    const number = floatOf(value);
    if (number === undefined || operation === "not")
      return missing("malformed", `DW_OP_${operation} on a float`);
    return fromFloat(operation === "neg" ? -number : Math.abs(number), type, provenance);
  }
  const width = 8 * (type.kind === "generic" && type.literal ? addressSize : type.size);
  const negate =
    operation === "neg" || (operation === "abs" && BigInt.asIntN(width, value.bits) < 0n && signedAbs(type));
  const bits = operation === "not" ? ~value.bits : negate ? -value.bits : value.bits;
  if (type.kind === "base") return typed(bits, type, provenance);
  return type.literal ? { ...literal(bits), provenance } : generic(bits, type.size, provenance);
}

function signedAbs(type: StackValue["type"]): boolean {
  return type.kind === "generic" || isSigned(type);
}

/** Operators of any scalars: comparisons, pointers and texts here, numbers by the rules of the frame's language. */
import { address } from "../bytes/offsets";
import { Missing } from "../dwarf/missing";
import { characterType } from "../values/base";
import { quoteUnits, textAt } from "../values/text";
import { sizeOf, strip } from "../values/types";
import {
  cBinary,
  cCommon,
  cInteger,
  complexes,
  noOperator,
  promote,
  toFloats,
  wides,
  wrap,
} from "./c-arithmetic";
import { ExpressionError } from "./errors";
import { checked, rustBinary, unified } from "./rust-arithmetic";
import { integer, nameOf, quotedText, type Scalar } from "./scalars";
import { type Session, Unavailable } from "./session";
import type { BinaryOperator, UnaryOperator } from "./syntax";
import { negated, wideFrom, wideOrder } from "./wide-floats";
import { zigBinary, zigFloats, zigWides } from "./zig-arithmetic";

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
/** Bytes of a C string that are compared. */
const TEXT_LIMIT = 4096;

/** An operator of two operands, other than `&&` and `||`, whose right side may be left out. */
export function binary(
  operator: BinaryOperator,
  left: Scalar,
  right: Scalar,
  session: Session,
  position: number,
): Scalar {
  if (COMPARISONS.has(operator)) {
    const order = compare(operator, left, right, session, position);
    return truth(holds(operator, order), session);
  }
  if (operator === "<=>") return ordering(left, right, session, position);
  if (left.kind === "pointer" || right.kind === "pointer")
    return pointerArithmetic(operator, left, right, session, position);
  switch (session.rules) {
    case "rust":
      return rustBinary(operator, left, right, position);
    case "zig":
      return zigBinary(operator, left, right, position);
    case "c":
      return cBinary(operator, left, right, session.addressSize, position);
  }
}

/**
 * C++'s `a <=> b`: as libc++ keeps it, a number below 0, 0 or above, and −127 where they are not ordered; the
 * comparisons with 0 that programs make of it are those of that number.
 */
function ordering(left: Scalar, right: Scalar, session: Session, position: number): Scalar {
  if (session.flavour.name !== "cpp") throw noOperator("<=>", left, right, position);
  const order = compare("<=>", left, right, session, position);
  const isFloat = left.kind === "float" || right.kind === "float";
  const name = `std::${isFloat ? "partial" : "strong"}_ordering`;
  return integer(Number.isNaN(order) ? -127n : BigInt(Math.sign(order)), { name, bits: 8, signed: true });
}

/** The result of a comparison: C's is an int. */
export function truth(value: boolean, session: Session): Scalar {
  return session.flavour.name === "c"
    ? integer(value ? 1n : 0n, cInteger(0, true, session.addressSize))
    : { kind: "boolean", value };
}

/** Whether a scalar is true: in Rust and Zig only a bool can be. */
export function isTrue(scalar: Scalar, session: Session, position: number): boolean {
  if (scalar.kind === "boolean") return scalar.value;
  if (session.rules === "c") {
    if (scalar.kind === "integer" || scalar.kind === "float") return Number(scalar.value) !== 0;
    if (scalar.kind === "pointer") return scalar.address !== 0n;
    if (scalar.kind === "null") return false;
    // A literal is an array, whose address is never null.
    if (scalar.kind === "text") return true;
    if (scalar.kind === "wide") return wideOrder(scalar, wideFrom(0n, scalar.type)) !== 0;
    if (scalar.kind === "complex") return scalar.real !== 0 || scalar.imaginary !== 0;
  }
  throw new ExpressionError(`${nameOf(scalar)} is no truth value`, position);
}

export function unary(operator: UnaryOperator, operand: Scalar, session: Session, position: number): Scalar {
  const { rules } = session;
  if (operator === "!") {
    if (rules !== "rust") return truth(!isTrue(operand, session, position), session);
    if (operand.kind === "boolean") return { kind: "boolean", value: !operand.value };
  }
  const value = rules === "c" ? promote(operand) : operand;
  if (value.kind === "float" && (operator === "-" || operator === "+"))
    return operator === "-" ? { ...value, value: -value.value } : value;
  if (value.kind === "wide" && (operator === "-" || operator === "+"))
    return operator === "-" ? { kind: "wide", ...negated(value) } : value;
  if (value.kind === "complex" && /^[-+~]$/.test(operator))
    return {
      ...value,
      real: operator === "-" ? -value.real : value.real,
      // GNU's `~z` is the conjugate.
      imaginary: operator === "+" ? value.imaginary : -value.imaginary,
    };
  if (value.kind === "integer") {
    if (operator === "~" || operator === "!") return integer(wrap(~value.value, value.type), value.type);
    if (operator === "+") return value;
    if (operator === "-%" && value.type.untyped !== true)
      return integer(wrap(-value.value, value.type), value.type);
    if (rules === "c") return integer(wrap(-value.value, value.type), value.type);
    if (value.type.signed) return checked(-value.value, value.type, `-(${value.value})`, position);
  }
  throw new ExpressionError(`${operator}${nameOf(operand)} has no meaning`, position);
}

/** How two scalars stand to each other: below 0, 0 or above as in a sort; NaN when they are not ordered. */
function compare(operator: string, left: Scalar, right: Scalar, session: Session, position: number): number {
  const equality = operator === "==" || operator === "!=";
  const texts = textPair(left, right, session);
  if (texts !== undefined) {
    if (!equality) throw new ExpressionError("texts can be compared by == and != only", position);
    return sameText(...texts, position) ? 0 : Number.NaN;
  }
  const addresses = [addressOf(left, right), addressOf(right, left)] as const;
  const nulls = [left, right].filter(({ kind }) => kind === "null").length;
  // C's null is the number 0 as well.
  const areAddresses = nulls === 2 || (nulls === 1 && session.rules === "c");
  if (left.kind === "pointer" || right.kind === "pointer" || areAddresses) {
    if (addresses[0] === undefined || addresses[1] === undefined)
      throw noOperator(operator, left, right, position);
    return orderOf(addresses[0], addresses[1]);
  }
  if (left.kind === "boolean" && right.kind === "boolean") return Number(left.value) - Number(right.value);
  if (left.kind === "character" && right.kind === "character") return orderOf(left.code, right.code);
  if (session.rules === "rust") {
    const [a, b] = unified(operator, left, right, position);
    if ((a.kind === "integer" && b.kind === "integer") || (a.kind === "float" && b.kind === "float"))
      return orderOf(a.value, b.value);
  } else if (session.rules === "zig") {
    // An optional that holds something is not null.
    if (equality && (left.kind === "null") !== (right.kind === "null")) return Number.NaN;
    // Integers of any two types are compared by what they are.
    if (left.kind === "integer" && right.kind === "integer") return orderOf(left.value, right.value);
    const larger = zigWides(left, right);
    if (larger !== undefined) return wideOrder(larger.a, larger.b);
    const floats = zigFloats(left, right);
    if (floats !== undefined) return orderOf(floats[0].value, floats[1].value);
  } else {
    const [a, b] = [promote(left), promote(right)];
    const parts = equality ? complexes(a, b) : undefined;
    if (parts !== undefined)
      return parts.a.real === parts.b.real && parts.a.imaginary === parts.b.imaginary ? 0 : Number.NaN;
    const larger = wides(a, b);
    if (larger !== undefined) return wideOrder(larger.a, larger.b);
    const floats = toFloats(a, b);
    if (floats !== undefined) return orderOf(floats.a, floats.b);
    const whole = cCommon(left, right, session.addressSize);
    if (whole !== undefined) return orderOf(...whole);
  }
  throw noOperator(operator, left, right, position);
}

function orderOf<T extends number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
}

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

/** What a pointer is compared by; a number may stand for an address next to one. */
function addressOf(scalar: Scalar, other: Scalar): bigint | undefined {
  if (scalar.kind === "pointer") return scalar.address;
  if (scalar.kind === "null") return 0n;
  return scalar.kind === "integer" &&
    (other.kind === "pointer" || other.kind === "null") &&
    scalar.value >= 0n
    ? scalar.value
    : undefined;
}

type Text = Scalar & { readonly kind: "text" };

/** Two texts, where one is: a char pointer beside a text stands for what it points at. */
function textPair(left: Scalar, right: Scalar, session: Session): readonly [Text, Text] | undefined {
  if (left.kind !== "text" && right.kind !== "text") return undefined;
  const a = asText(left, session);
  const b = asText(right, session);
  return a === undefined || b === undefined ? undefined : [a, b];
}

function asText(scalar: Scalar, session: Session): Text | undefined {
  if (scalar.kind === "text") return scalar;
  const unit = scalar.kind === "pointer" ? characterType(scalar.type.target)?.size : undefined;
  if (scalar.kind !== "pointer" || (unit !== 1 && unit !== 2 && unit !== 4)) return undefined;
  const found = textAt(session.context.machine, address(Number(scalar.address)), unit, TEXT_LIMIT);
  if (found instanceof Missing) throw new Unavailable(found);
  const { extent } = scalar;
  if (unit !== 1) {
    const bytes = extent === undefined ? found.bytes : found.bytes.subarray(0, extent);
    const cut = found.more && (extent === undefined || extent > TEXT_LIMIT);
    return { kind: "text", quoted: quoteUnits(bytes, unit, Number.POSITIVE_INFINITY).replace(/…$/, ""), cut };
  }
  return extent !== undefined && found.bytes.length >= extent
    ? quotedText(found.bytes.subarray(0, extent), false)
    : quotedText(found.bytes, found.more);
}

function sameText(a: Text, b: Text, position: number): boolean {
  const bare = (text: Text): string => text.quoted.slice(1, -1);
  const [left, right] = [bare(a), bare(b)];
  if (!a.cut && !b.cut) return left === right;
  const length = Math.min(a.cut ? left.length : Infinity, b.cut ? right.length : Infinity);
  // What was read of both differs already; more of it would be needed to know that they are the same.
  if (left.slice(0, length) !== right.slice(0, length)) return false;
  if ((!a.cut && left.length < right.length) || (!b.cut && right.length < left.length)) return false;
  throw new ExpressionError("the text is too long to be compared", position);
}

/** `p + 2`, `p - 2`, `p - q`, scaled by the size of what they point at (C23 §6.5.7). */
function pointerArithmetic(
  operator: BinaryOperator,
  left: Scalar,
  right: Scalar,
  session: Session,
  position: number,
): Scalar {
  if (session.rules === "rust")
    throw new ExpressionError(
      "Rust computes with pointers by methods only: cast to usize, or index with [n]",
      position,
    );
  const bits = 8 * session.addressSize;
  if (left.kind === "pointer" && right.kind === "pointer" && operator === "-") {
    const size = targetSize(left, position);
    if (targetSize(right, position) !== size) throw noOperator(operator, left, right, position);
    const type = cInteger(1, true, session.addressSize);
    return integer(BigInt.asIntN(bits, left.address - right.address) / BigInt(size), type);
  }
  const [pointer, offset] = left.kind === "pointer" ? [left, promote(right)] : [right, promote(left)];
  const adds = operator === "+" || (operator === "-" && pointer === left);
  if (pointer.kind !== "pointer" || offset.kind !== "integer" || !adds)
    throw noOperator(operator, left, right, position);
  const bytes = offset.value * BigInt(targetSize(pointer, position));
  return {
    kind: "pointer",
    type: pointer.type,
    address: BigInt.asUintN(bits, operator === "+" ? pointer.address + bytes : pointer.address - bytes),
  };
}

/** Bytes of a pointer's target; void and functions count as bytes. */
function targetSize(pointer: Scalar & { kind: "pointer" }, position: number): number {
  const target = strip(pointer.type.target);
  if (target.kind === "void" || target.kind === "function") return 1;
  const size = sizeOf(target);
  if (size === undefined || size === 0)
    throw new ExpressionError(`the size of ${pointer.type.target.name} is not known`, position);
  return size;
}

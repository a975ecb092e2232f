/** What Rust's integers compute by methods: the kinds of overflow, bits, powers; as the library defines them. */
import type { Value } from "../values/model";
import { wrap } from "./c-arithmetic";
import { option, tuple } from "./composed";
import { ExpressionError } from "./errors";
import { checked, unified } from "./rust-arithmetic";
import { type IntegerType, integer, type Scalar, scalarValue } from "./scalars";
import type { Session } from "./session";

export type Whole = Scalar & { kind: "integer" };
type Policy = "wrapping" | "checked" | "saturating" | "overflowing" | "plain";

const U32: IntegerType = { name: "u32", bits: 32, signed: false };
const truth = (value: boolean): Scalar => ({ kind: "boolean", value });

/** `self.name(operand)`; undefined where integers have no such method. */
export function integerMethod(
  self: Whole,
  name: string,
  operands: readonly Scalar[],
  session: Session,
  position: number,
): Scalar | Value | undefined {
  // A literal that nothing has given a type is an i32.
  const type = self.type.untyped === true ? { name: "i32", bits: 32, signed: true } : self.type;
  const subject = integer(self.value, type);
  const [operand, more] = operands;
  if (name === "clamp" && operand !== undefined && more !== undefined)
    return clamped(subject, same(subject, operand, position), same(subject, more, position), position);
  if (more !== undefined) return undefined;
  const [, policy = "plain", operation = name] =
    /^(wrapping|checked|saturating|overflowing)_(\w+)$/.exec(name) ?? [];
  if (operand === undefined)
    return (
      unaryPolicy(policy as Policy, operation, subject, session, position) ?? bitsOf(subject, name, position)
    );
  if (/^(pow|shl|shr|rotate_left|rotate_right)$/.test(operation))
    return byCount(policy as Policy, operation, subject, countOf(operand, position), session, position);
  return binaryPolicy(
    policy as Policy,
    operation,
    subject,
    same(subject, operand, position),
    session,
    position,
  );
}

/** An operand of the subject's own type. */
function same(subject: Whole, operand: Scalar, position: number): bigint {
  const [, other] = unified("and", subject, operand, position);
  if (other.kind !== "integer") throw new ExpressionError("a whole number is expected here", position);
  return other.value;
}

function countOf(operand: Scalar, position: number): bigint {
  if (operand.kind === "integer" && operand.value >= 0n && operand.value < 1n << 32n) return operand.value;
  throw new ExpressionError("a u32 is expected here", position);
}

function clamped(self: Whole, low: bigint, high: bigint, position: number): Scalar {
  if (low > high) throw new ExpressionError(`${low} is more than ${high}: clamp would panic`, position);
  return integer(self.value < low ? low : self.value > high ? high : self.value, self.type);
}

/** An exact result in the way that a method's name says; `fits` is whether the program's own operator would not panic. */
function result(
  policy: Policy,
  exact: bigint,
  type: IntegerType,
  what: string,
  session: Session,
  position: number,
  fits = wrap(exact, type) === exact,
): Scalar | Value {
  const cut = integer(wrap(exact, type), type);
  switch (policy) {
    case "wrapping":
      return cut;
    case "checked":
      return option(fits ? scalarValue(cut, session) : undefined, type.name);
    case "saturating":
      return fits ? cut : integer(limit(type, exact > 0n), type);
    case "overflowing":
      return tuple([scalarValue(cut, session), scalarValue({ kind: "boolean", value: !fits }, session)]);
    case "plain":
      if (fits) return cut;
      return checked(exact, type, what, position);
  }
}

function limit({ bits, signed }: IntegerType, high: boolean): bigint {
  const most = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  return high ? most : signed ? -most - 1n : 0n;
}

function unaryPolicy(
  policy: Policy,
  operation: string,
  { value, type }: Whole,
  session: Session,
  position: number,
): Scalar | Value | undefined {
  const known = operation === "neg" ? policy !== "plain" : operation === "abs" && type.signed;
  if (!known) return undefined;
  const exact = operation === "neg" || value < 0n ? -value : value;
  return result(policy, exact, type, `${operation}(${value})`, session, position);
}

const SIGNS: Readonly<Record<string, string>> = { add: "+", sub: "-", mul: "*", div: "/", rem: "%" };

function binaryPolicy(
  policy: Policy,
  operation: string,
  { value: a, type }: Whole,
  b: bigint,
  session: Session,
  position: number,
): Scalar | Value | undefined {
  const give = (exact: bigint, fits?: boolean): Scalar | Value =>
    result(policy, exact, type, `${a} ${SIGNS[operation] ?? operation} ${b}`, session, position, fits);
  if (policy === "plain") {
    if (operation === "min") return integer(a < b ? a : b, type);
    if (operation === "max") return integer(a > b ? a : b, type);
    if (operation === "abs_diff")
      return integer(a > b ? a - b : b - a, { ...type, signed: false, name: type.name.replace("i", "u") });
  }
  if (policy !== "plain" && operation === "add") return give(a + b);
  if (policy !== "plain" && operation === "sub") return give(a - b);
  if (policy !== "plain" && operation === "mul") return give(a * b);
  const euclidean = operation.endsWith("_euclid");
  if (!/^(div|rem)(_euclid)?$/.test(operation) || (policy === "plain" && !euclidean)) return undefined;
  if (b === 0n) {
    if (policy === "checked") return option(undefined, type.name);
    throw new ExpressionError("division by zero", position);
  }
  let quotient = a / b;
  let rest = a % b;
  if (euclidean && rest < 0n) {
    quotient -= b > 0n ? 1n : -1n;
    rest += b > 0n ? b : -b;
  }
  // The remainder panics with the quotient, although it would fit itself.
  const fits = wrap(quotient, type) === quotient;
  if (!operation.startsWith("rem")) return give(quotient, fits);
  if (policy === "plain" && !fits) return checked(quotient, type, `${a} % ${b}`, position);
  return give(rest, fits);
}

/** Powers and shifts, whose operand is a u32. */
function byCount(
  policy: Policy,
  operation: string,
  { value, type }: Whole,
  count: bigint,
  session: Session,
  position: number,
): Scalar | Value | undefined {
  const bits = BigInt(type.bits);
  if (operation === "pow") {
    const what = `${value} to the power of ${count}`;
    // Beyond these powers all that is not −1, 0 or 1 overflows; what is left of it is computed bit by bit.
    const small = count <= 130n || (value >= -1n && value <= 1n);
    if (small)
      return result(
        policy,
        value ** (count > 130n ? 130n + (count & 1n) : count),
        type,
        what,
        session,
        position,
      );
    const sign = value < 0n && count % 2n === 1n ? -1n : 1n;
    if (policy !== "wrapping" && policy !== "overflowing")
      return result(policy, sign << (bits + 1n), type, what, session, position);
    return result(policy, wrap(power(value, count, bits), type), type, what, session, position, false);
  }
  if (operation.startsWith("rotate")) {
    if (policy !== "plain") return undefined;
    const by = operation === "rotate_left" ? count % bits : (bits - (count % bits)) % bits;
    const pattern = BigInt.asUintN(type.bits, value);
    return integer(wrap((pattern << by) | (pattern >> (bits - by)), type), type);
  }
  if (policy === "plain" || policy === "saturating") return undefined;
  const by = count % bits;
  const shifted = operation === "shl" ? wrap(value << by, type) : value >> by;
  return result(policy, shifted, type, operation, session, position, count < bits);
}

function power(base: bigint, count: bigint, bits: bigint): bigint {
  let result = 1n;
  for (let square = base, left = count; left > 0n; left >>= 1n) {
    if (left & 1n) result = BigInt.asUintN(Number(bits), result * square);
    square = BigInt.asUintN(Number(bits), square * square);
  }
  return result;
}

/** What is asked of one number alone. */
function bitsOf({ value, type }: Whole, name: string, position: number): Scalar | undefined {
  const { bits, signed } = type;
  const digits = BigInt.asUintN(bits, value).toString(2).padStart(bits, "0");
  const pattern = (text: string): Scalar => integer(wrap(BigInt(`0b${text}`), type), type);
  const count = (found: RegExp): Scalar => integer(BigInt(found.exec(digits)![0].length), U32);
  const positive = (): void => {
    if (value <= 0n) throw new ExpressionError(`${name} of ${value} would panic`, position);
  };
  switch (name) {
    case "count_ones":
    case "count_zeros":
      return integer(
        BigInt([...digits].filter((digit) => digit === (name === "count_ones" ? "1" : "0")).length),
        U32,
      );
    case "leading_zeros":
      return count(/^0*/);
    case "leading_ones":
      return count(/^1*/);
    case "trailing_zeros":
      return count(/0*$/);
    case "trailing_ones":
      return count(/1*$/);
    case "reverse_bits":
      return pattern([...digits].reverse().join(""));
    case "swap_bytes":
    case "to_be":
      return pattern(digits.match(/.{8}/g)!.reverse().join(""));
    case "to_le":
      return integer(value, type);
    case "unsigned_abs":
      if (!signed) return undefined;
      return integer(value < 0n ? -value : value, {
        ...type,
        signed: false,
        name: type.name.replace("i", "u"),
      });
    case "signum":
      return signed ? integer(value > 0n ? 1n : value < 0n ? -1n : 0n, type) : undefined;
    case "is_positive":
      return signed ? truth(value > 0n) : undefined;
    case "is_negative":
      return signed ? truth(value < 0n) : undefined;
    case "is_power_of_two":
      return signed ? undefined : truth(value > 0n && (value & (value - 1n)) === 0n);
    case "next_power_of_two":
      if (signed) return undefined;
      return checked(value <= 1n ? 1n : 1n << BigInt((value - 1n).toString(2).length), type, name, position);
    case "ilog2":
      positive();
      return integer(BigInt(value.toString(2).length - 1), U32);
    case "ilog10":
      positive();
      return integer(BigInt(value.toString().length - 1), U32);
    default:
      return undefined;
  }
}

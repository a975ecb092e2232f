/**
 * Casts, in every spelling the same: numbers between types by the rules of the language, numbers and pointers
 * into pointers, and an address into the object that lies there.
 */
import { address } from "../bytes/offsets";
import { DW_ATE } from "../dwarf/constants";
import { isSigned } from "../values/base";
import type { TypedValue } from "../values/presentation";
import { type BaseType, strip, type Type } from "../values/types";
import { valueAt } from "../values/variables";
import { wrap } from "./c-arithmetic";
import { castAddress } from "./class-casts";
import { ExpressionError } from "./errors";
import { floatBits } from "./float-bits";
import { roundTo } from "./floats";
import { isTrue } from "./operators";
import { nameOf, type Scalar, wideType } from "./scalars";
import { computed, type Session } from "./session";
import { toNumber, wholePart, wideAs, wideFrom } from "./wide-floats";

/** `scalar` as a value of `type`. */
export function cast(scalar: Scalar, type: Type, session: Session, position: number): TypedValue {
  const target = strip(type);
  switch (target.kind) {
    case "base":
      return computed(type, baseBits(scalar, target, session, position), session);
    case "enumeration":
      return computed(type, wholeBits(scalar, position), session);
    case "pointer": {
      let bits = wholeBits(scalar, position);
      if (scalar.kind === "pointer" && scalar.type.kind === "pointer" && session.rules === "c" && bits !== 0n)
        bits = castAddress(bits, scalar.type.target, target.target, session, position);
      // A reference is what it refers to, and so is an address that is cast to one.
      return target.form !== "pointer" && session.rules === "c"
        ? objectAt(bits, target.target, session, position)
        : computed(type, bits, session);
    }
    case "record":
    case "array":
      return objectAt(wholeBits(scalar, position), type, session, position);
    default:
      throw new ExpressionError(`nothing can be cast to ${type.name}`, position);
  }
}

/** wasmgdb's `(MyThing) 0xfff2c`: the object of that type at that address. */
function objectAt(bits: bigint, type: Type, session: Session, position: number): TypedValue {
  if (bits <= 0n || bits >= 1n << BigInt(8 * session.addressSize) || bits > BigInt(Number.MAX_SAFE_INTEGER))
    throw new ExpressionError(`0x${bits.toString(16)} is no address of an object`, position);
  return valueAt(type, address(Number(bits)), session.context);
}

/** A scalar as a whole number: what an address or a discriminant is. */
function wholeBits(scalar: Scalar, position: number): bigint {
  switch (scalar.kind) {
    case "integer":
      return scalar.value;
    case "boolean":
      return scalar.value ? 1n : 0n;
    case "character":
      return scalar.code;
    case "pointer":
      return scalar.address;
    case "null":
      return 0n;
    default:
      throw new ExpressionError(`${nameOf(scalar)} is no whole number`, position);
  }
}

/** The part that stays of a complex number where a real one is wanted. */
const realPart = ({ real, type }: Scalar & { kind: "complex" }): Scalar => ({
  kind: "float",
  value: real,
  type: { name: type.part === 4 ? "float" : "double", size: type.part },
});

function complexBits(scalar: Scalar, type: BaseType, position: number): bigint {
  const part = (type.size ?? 0) / 2;
  const number = scalar.kind === "complex" ? scalar.real : scalar.kind === "float" ? scalar.value : undefined;
  if (part !== 4 && part !== 8)
    throw new ExpressionError(`${type.name} is too wide to be computed with`, position);
  const real = number ?? (scalar.kind === "wide" ? toNumber(scalar, part) : wholeBits(scalar, position));
  const imaginary = scalar.kind === "complex" ? scalar.imaginary : 0;
  const bits = (value: number | bigint): bigint => floatBits(roundTo(value, part), part);
  return bits(real) | (bits(imaginary) << BigInt(8 * part));
}

function truncatedWide(scalar: Scalar & { kind: "wide" }, type: BaseType, position: number): bigint {
  const value = wholePart(scalar);
  const target = { name: type.name, bits: 8 * (type.size ?? 0), signed: isSigned(type) };
  if (value === undefined || wrap(value, target) !== value)
    throw new ExpressionError(`the number does not fit into ${type.name}`, position);
  return value;
}

function baseBits(scalar: Scalar, type: BaseType, session: Session, position: number): bigint {
  const size = type.size ?? 0;
  switch (type.encoding) {
    case DW_ATE.boolean:
      if (session.rules === "rust" && scalar.kind !== "boolean")
        throw new ExpressionError(`${nameOf(scalar)} cannot be cast to bool: compare it with 0`, position);
      return isTrue(scalar, session, position) ? 1n : 0n;
    case DW_ATE.float: {
      const wide = wideType(type);
      const given = scalar.kind === "complex" ? realPart(scalar) : scalar;
      if (wide !== undefined) {
        if (given.kind === "wide") return wideAs(given, wide).bits;
        return wideFrom(given.kind === "float" ? given.value : wholeBits(given, position), wide).bits;
      }
      if (size !== 4 && size !== 8)
        throw new ExpressionError(`${type.name} is too wide to be computed with`, position);
      if (given.kind === "wide") return floatBits(toNumber(given, size), size);
      const value = given.kind === "float" ? given.value : wholeBits(given, position);
      return floatBits(roundTo(value, size), size);
    }
    case DW_ATE.complex_float:
      return complexBits(scalar, type, position);
    case DW_ATE.signed:
    case DW_ATE.unsigned:
    case DW_ATE.signed_char:
    case DW_ATE.unsigned_char:
    case DW_ATE.UTF: {
      const given = scalar.kind === "complex" ? realPart(scalar) : scalar;
      const value =
        given.kind === "float"
          ? truncated(given.value, type, session, position)
          : given.kind === "wide"
            ? truncatedWide(given, type, position)
            : wholeBits(given, position);
      if (
        type.encoding === DW_ATE.UTF &&
        type.flavour.name === "rust" &&
        (value < 0n || value > 0xffn) &&
        scalar.kind !== "character"
      )
        throw new ExpressionError("only a u8 can be cast to char", position);
      return wrap(value, { name: type.name, bits: 8 * size, signed: isSigned(type) });
    }
    default:
      throw new ExpressionError(`nothing can be cast to ${type.name}`, position);
  }
}

/** Towards zero; beyond the type's range Rust takes its end and NaN as 0, and C has no result. */
function truncated(value: number, type: BaseType, session: Session, position: number): bigint {
  const bits = BigInt(8 * (type.size ?? 0));
  const [low, high] = isSigned(type)
    ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
    : [0n, (1n << bits) - 1n];
  const whole = Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
  if (whole !== undefined && whole >= low && whole <= high) return whole;
  if (session.rules !== "rust")
    throw new ExpressionError(`${value} does not fit into ${type.name}`, position);
  return Number.isNaN(value) ? 0n : value < 0 ? low : high;
}

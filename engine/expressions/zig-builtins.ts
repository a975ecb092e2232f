/**
 * Zig's builtin functions that only compute (language reference, Builtin Functions). Those that convert take the type
 * that the place wants of them, which here is the one that `@as` around them gives.
 */
import { DW_ATE } from "../dwarf/constants";
import { Missing } from "../dwarf/missing";
import { member } from "../values/access";
import { enumeratorOf } from "../values/enumerations";
import type { TypedValue } from "../values/presentation";
import { strip, type Type, typeOf } from "../values/types";
import { errorNumber, errorText } from "../values/zig/errors";
import { activeField } from "../values/zig/unions";
import { wrap } from "./c-arithmetic";
import { ExpressionError } from "./errors";
import { exactResult } from "./exact";
import { floatBits } from "./float-bits";
import { roundTo } from "./floats";
import { enumeratorOfType } from "./names";
import { checked } from "./rust-arithmetic";
import { type IntegerType, integer, nameOf, type Scalar, scalarOf, scalarValue } from "./scalars";
import { computed, type Session, Unavailable } from "./session";
import { alignmentOfType, offsetOf } from "./sizes";
import { type Expression, isTypeSyntax, type TypeSyntax } from "./syntax";
import { textValue } from "./typed";
import { meeting } from "./zig-arithmetic";

/** What a builtin asks of the evaluator. */
export interface Operands {
  typed(expression: Expression): TypedValue;
  scalar(expression: Expression): Scalar;
  type(syntax: TypeSyntax): Type;
}

type Builtin = Expression & { kind: "builtin" };
type Given = Scalar | TypedValue | ReturnType<typeof textValue>;

/** `@name(…)`; `wanted` is the type that the place gives it. */
export function zigBuiltin(
  { name, operands, position }: Builtin,
  wanted: Type | undefined,
  ask: Operands,
  session: Session,
): Given {
  const [first, second] = operands;
  const typed = (operand = first): TypedValue => ask.typed(operand as Expression);
  const scalar = (operand = first): Scalar => ask.scalar(operand as Expression);
  const type = (): Type => (first !== undefined && isTypeSyntax(first) ? ask.type(first) : typed().type);
  const fail = (why: string): never => {
    throw new ExpressionError(why, position);
  };
  const whole = (operand = first): Integer => {
    const value = scalar(operand);
    return value.kind === "integer" ? value : fail(`@${name} takes a whole number, not ${nameOf(value)}`);
  };
  const literal = (value: number): Scalar => integer(BigInt(value), COMPTIME);
  switch (name) {
    case "as":
      return asType(type(), second as Expression, ask, session);
    case "sizeOf":
      return literal(type().size ?? fail(`the size of ${type().name} is not known`));
    case "bitSizeOf":
      return literal(
        bitSize(type()) ?? fail(`the debug information does not tell the bits of ${type().name}`),
      );
    case "alignOf":
      return scalarAs(alignmentOfType(type(), session, position), COMPTIME, session, position);
    case "offsetOf":
    case "bitOffsetOf": {
      const field = literalText(second as Expression, position);
      const { value } = scalarAs(offsetOf(type(), [field], session, position), COMPTIME, session, position);
      return integer(name === "offsetOf" ? value : 8n * value, COMPTIME);
    }
    case "typeName":
    case "TypeOf":
      return name === "TypeOf" ? textValue(type().name) : quoted(type().name);
    case "field": {
      const found = member(typed(), literalText(second as Expression, position));
      return "problem" in found ? fail(found.problem) : found;
    }
    case "tagName":
      return quoted(tagName(typed(), fail), "[:0]const u8");
    case "errorName": {
      const text = errorText(typed()) ?? fail(`${typed().typeName} is no error`);
      if (text instanceof Missing) throw new Unavailable(text);
      return text.startsWith("error.")
        ? quoted(text.slice("error.".length), "[:0]const u8")
        : fail(`it is ${text}`);
    }
    case "intFromPtr": {
      const pointer = scalar();
      const address =
        pointer.kind === "null"
          ? 0n
          : pointer.kind === "pointer"
            ? pointer.address
            : fail("it is no pointer");
      return integer(address, { name: "usize", bits: 8 * session.addressSize, signed: false });
    }
    case "intFromEnum": {
      const value = typed();
      const tags = strip(value.type);
      const number = tags.kind === "enumeration" ? scalar() : fail(`${value.typeName} is no enumeration`);
      if (number.kind !== "integer" || tags.kind !== "enumeration") return fail("it is no enumeration");
      return integer(number.value, { ...number.type, name: strip(typeOf(tags.entry)).name });
    }
    case "intFromBool": {
      const value = scalar();
      if (value.kind !== "boolean") return fail(`${nameOf(value)} is no bool`);
      return integer(value.value ? 1n : 0n, { name: "u1", bits: 1, signed: false });
    }
    case "intFromError": {
      const number = errorNumber(typed()) ?? fail(`${typed().typeName} is no error`);
      if (number instanceof Missing) throw new Unavailable(number);
      return integer(BigInt(number), { name: "u16", bits: 16, signed: false });
    }
    case "abs": {
      const value = scalar();
      if (value.kind === "float") return { ...value, value: Math.abs(value.value) };
      const { value: number, type: of } = whole();
      const magnitude = number < 0n ? -number : number;
      const unsigned = { ...of, name: of.name.replace(/^i(?=\d|size)/, "u"), signed: false };
      return integer(magnitude, of.untyped === true ? of : unsigned);
    }
    case "min":
    case "max": {
      const [a, b] = [whole(), whole(second)];
      // Of numbers that the compiler knows, it takes the narrowest type that holds the result.
      if (a.type.name !== b.type.name)
        return fail(`@${name} of two types takes a type of its own, which is not told`);
      return a.value < b.value === (name === "min") ? a : b;
    }
    case "mod":
    case "rem":
    case "divTrunc":
    case "divFloor":
    case "divExact":
      return division(name, whole(), whole(second), position);
    case "popCount":
    case "clz":
    case "ctz":
      return bitCount(name, whole(), fail);
    default: {
      if (wanted === undefined)
        return fail(`write @as(T, @${name}(…)): the type that is wanted is not told here`);
      return converted(name, wanted, first as Expression, ask, session, position);
    }
  }
}

type Integer = Scalar & { kind: "integer" };

const COMPTIME: IntegerType = { name: "comptime_int", bits: 128, signed: true, untyped: true };

const quoted = (text: string, type = `*const [${text.length}:0]u8`) => textValue(`"${text}"`, type);

function scalarAs(value: TypedValue, type: IntegerType, session: Session, position: number): Integer {
  const scalar = scalarOf(value, session, position);
  if (scalar.kind !== "integer") throw new Error("a size is a whole number");
  return { kind: "integer", value: scalar.value, type };
}

function literalText(expression: Expression, position: number): string {
  if (expression.kind === "string") return String.fromCharCode(...expression.literal.units);
  throw new ExpressionError("a field's name is expected, in quotes", position);
}

/** `@as(T, x)`: what the language converts to T by itself, and what converts to whatever is wanted. */
function asType(type: Type, operand: Expression, ask: Operands, session: Session): Scalar | TypedValue {
  const { position } = operand;
  const target = strip(type);
  if (operand.kind === "builtin") {
    const value = zigBuiltin(operand, type, ask, session);
    if ("kind" in value) return coerced(value, type, session, position);
    if ("storage" in value)
      return value.type.name === type.name
        ? value
        : coerced(scalarOf(value, session, position), type, session, position);
  }
  if (operand.kind === "enumerator" && target.kind === "enumeration") {
    const value = enumeratorOfType(type, operand.name, session);
    if (value !== undefined) return value;
    throw new ExpressionError(`${type.name} has no .${operand.name}`, position);
  }
  if (target.kind === "base" || target.kind === "pointer") {
    const scalar = ask.scalar(operand);
    return coerced(scalar, type, session, position);
  }
  const value = ask.typed(operand);
  if (strip(value.type).name === target.name) return value;
  throw new ExpressionError(`${value.typeName} is not taken for ${type.name} by itself`, position);
}

function coerced(scalar: Scalar, type: Type, session: Session, position: number): TypedValue {
  const target = strip(type);
  if (scalar.kind === "integer") {
    const whole = integerTypeOf(target);
    const fits =
      whole !== undefined &&
      (scalar.type.untyped === true ||
        meeting(scalar, { kind: "integer", value: 0n, type: whole })?.name === whole.name);
    if (whole !== undefined && fits) {
      checked(scalar.value, whole, String(scalar.value), position);
      return computed(type, scalar.value, session);
    }
  }
  const isNumber = scalar.kind === "float" || (scalar.kind === "integer" && scalar.type.untyped === true);
  if (isNumber && target.kind === "base" && target.encoding === DW_ATE.float) {
    const size = floatSize(target.size, type, position);
    const wider = scalar.type.untyped === true || (scalar.kind === "float" && scalar.type.size <= size);
    if (wider) return computed(type, floatBits(roundTo(scalar.value, size), size), session);
  }
  if (scalar.kind === "boolean" && target.kind === "base" && target.encoding === DW_ATE.boolean)
    return scalarValue(scalar, session);
  if (
    scalar.kind === "pointer" &&
    target.kind === "pointer" &&
    scalar.type.target.name === target.target.name
  )
    return computed(type, scalar.address, session);
  throw new ExpressionError(`${nameOf(scalar)} is not taken for ${type.name} by itself`, position);
}

function floatSize(size: number | undefined, type: Type, position: number): 4 | 8 {
  if (size === 4 || size === 8) return size;
  throw new ExpressionError(`${type.name} is not computed with`, position);
}

function integerTypeOf(type: Type): IntegerType | undefined {
  const target = strip(type);
  if (target.kind !== "base" || (target.encoding !== DW_ATE.signed && target.encoding !== DW_ATE.unsigned))
    return undefined;
  const bits = target.bits ?? 8 * (target.size ?? 0);
  return { name: target.name, bits, signed: target.encoding === DW_ATE.signed };
}

/** `@name(x)` where a `type` is wanted. */
function converted(
  name: string,
  type: Type,
  operand: Expression,
  ask: Operands,
  session: Session,
  position: number,
): TypedValue {
  const target = strip(type);
  const whole = integerTypeOf(target);
  const fail = (): never => {
    throw new ExpressionError(`@${name} gives no ${type.name}`, position);
  };
  if (name === "bitCast") {
    const source = ask.typed(operand);
    const bits = bitSize(source.type);
    if (bits === undefined || bits !== bitSize(type) || source.type.size !== type.size) return fail();
    return session.world.value(type, source.storage);
  }
  const scalar = ask.scalar(operand);
  const number = scalar.kind === "integer" ? scalar.value : undefined;
  switch (name) {
    case "intCast": {
      if (whole === undefined || number === undefined) return fail();
      checked(number, whole, `@intCast(${number})`, position);
      return computed(type, number, session);
    }
    case "truncate":
      if (whole === undefined || number === undefined) return fail();
      return computed(type, wrap(number, whole), session);
    case "ptrFromInt":
      return target.kind === "pointer" && number !== undefined ? computed(type, number, session) : fail();
    case "ptrCast":
    case "alignCast":
    case "constCast":
      return target.kind === "pointer" && scalar.kind === "pointer"
        ? computed(type, scalar.address, session)
        : fail();
    case "enumFromInt":
      return target.kind === "enumeration" && number !== undefined ? computed(type, number, session) : fail();
    case "intFromFloat": {
      if (whole === undefined || scalar.kind !== "float") return fail();
      if (!Number.isFinite(scalar.value))
        throw new ExpressionError(`${scalar.value} does not fit into ${type.name}`, position);
      const cut = BigInt(Math.trunc(scalar.value));
      checked(cut, whole, `@intFromFloat(${scalar.value})`, position);
      return computed(type, cut, session);
    }
    case "floatFromInt":
    case "floatCast": {
      const value = name === "floatCast" && scalar.kind === "float" ? scalar.value : number;
      if (value === undefined || target.kind !== "base" || target.encoding !== DW_ATE.float) return fail();
      const size = floatSize(target.size, type, position);
      return computed(type, floatBits(roundTo(value, size), size), session);
    }
    default:
      return fail();
  }
}

/** Bits of a number, a pointer or an enumeration; what a structure has is not told where it is packed. */
function bitSize(declared: Type): number | undefined {
  const type = strip(declared);
  if (type.kind === "base" && type.encoding === DW_ATE.boolean) return 1;
  if (type.kind === "base") return type.bits ?? (type.size && 8 * type.size);
  if (type.kind === "enumeration") return type.bits ?? (type.size && 8 * type.size);
  return type.kind === "pointer" ? type.size && 8 * type.size : undefined;
}

function tagName(value: TypedValue, fail: (why: string) => never): string {
  const { type, storage, world } = value;
  const inner = strip(type);
  const active = activeField(inner, storage, world);
  if (active instanceof Missing) throw new Unavailable(active);
  if (active !== undefined) return active.name;
  if (inner.kind !== "enumeration") return fail(`${value.typeName} has no tag`);
  const name = enumeratorOf(inner, storage);
  if (name instanceof Missing) throw new Unavailable(name);
  return name ?? fail(`${value.text()} has no name`);
}

function division(name: string, left: Integer, right: Integer, position: number): Scalar {
  const type = meeting(left, right);
  if (type === undefined)
    throw new ExpressionError(`@${name} of ${nameOf(left)} and ${nameOf(right)} has no meaning`, position);
  const [a, b] = [left.value, right.value];
  const quotient = exactResult("/", a, b, position);
  const rest = a - quotient * b;
  const floor = rest !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
  const what = `@${name}(${a}, ${b})`;
  const unsure = (name === "mod" || name === "rem") && b < 0n;
  if (unsure || (name === "divExact" && rest !== 0n))
    throw new ExpressionError(`${what} would panic`, position);
  const results: Readonly<Record<string, bigint>> = {
    ...{ mod: a - floor * b, rem: rest, divTrunc: quotient, divFloor: floor, divExact: quotient },
  };
  return checked(results[name]!, type, what, position);
}

/** How many bits are set, or are 0 at an end; in the type that is just wide enough for all counts. */
function bitCount(name: string, { value, type }: Integer, fail: (why: string) => never): Scalar {
  if (type.untyped === true) return fail(`@${name} takes a number of a type: write @as(T, ${value})`);
  const digits = BigInt.asUintN(type.bits, value).toString(2).padStart(type.bits, "0");
  const count =
    name === "popCount"
      ? digits.replaceAll("0", "").length
      : name === "clz"
        ? digits.indexOf("1")
        : [...digits].reverse().indexOf("1");
  const bits = type.bits.toString(2).length;
  return integer(BigInt(count < 0 ? type.bits : count), { name: `u${bits}`, bits, signed: false });
}

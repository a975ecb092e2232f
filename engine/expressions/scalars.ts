/**
 * What operators work on: whole numbers of a width and a sign, floating-point numbers, truth values, characters,
 * pointers and texts. Values become scalars and scalars become values here.
 */
import { DW_ATE } from "../dwarf/constants";
import { Missing } from "../dwarf/missing";
import { fromBytes } from "../dwarf/stack-value";
import { throughReferences, wrappedValue } from "../values/access";
import { characterType, integerOf, isSigned } from "../values/base";
import { comparedPointer, convertedValue } from "../values/cpp/deref";
import type { Value } from "../values/model";
import { pointerTarget } from "../values/pointers";
import type { TypedValue } from "../values/presentation";
import { rustElements } from "../values/rust/elements";
import { quoteUtf8 } from "../values/text";
import { baseType, elementOf, type PointerType, pointerType, strip, type Type } from "../values/types";
import { errorNumber } from "../values/zig/errors";
import { optionalPayload } from "../values/zig/optionals";
import { type Complex, complexType } from "./complex";
import { ExpressionError } from "./errors";
import { floatBits } from "./float-bits";
import { computed, type Session, Unavailable } from "./session";
import type { Wide, WideType } from "./wide-floats";

export interface IntegerType {
  readonly name: string;
  readonly bits: number;
  readonly signed: boolean;
  /** A Rust literal without suffix: it takes the type of what it meets. */
  readonly untyped?: boolean;
  readonly enumeration?: boolean;
}

export interface FloatType {
  readonly name: string;
  readonly size: 4 | 8;
  readonly untyped?: boolean;
}

export type Scalar =
  | { readonly kind: "integer"; readonly value: bigint; readonly type: IntegerType }
  | { readonly kind: "float"; readonly value: number; readonly type: FloatType }
  /** `long double`, and half precision. */
  | ({ readonly kind: "wide" } & Wide)
  | ({ readonly kind: "complex" } & Complex)
  | { readonly kind: "boolean"; readonly value: boolean }
  /** Rust's char; C's characters are whole numbers. */
  | { readonly kind: "character"; readonly code: bigint }
  /** `extent`: bytes of the array that it stands for, whose text ends with it. */
  | {
      readonly kind: "pointer";
      readonly address: bigint;
      readonly type: PointerType;
      readonly extent?: number | undefined;
    }
  | { readonly kind: "null" }
  /** Quoted and escaped, which tells different texts apart. `cut`: what follows was not read. */
  | { readonly kind: "text"; readonly quoted: string; readonly cut: boolean };

/** Whether it is a scalar, and no value yet. */
export const isScalar = (given: Scalar | Value): given is Scalar => !("text" in given);

/** Bytes of a text that are compared. */
const TEXT_LIMIT = 4096;

/**
 * The scalar of a value, through references.
 * @throws ExpressionError when the value is none, Unavailable when it is not known
 */
export function scalarOf(value: TypedValue, session: Session, position: number): Scalar {
  const inner = throughReferences(value);
  const type = strip(inner.type);
  const { storage } = inner;
  if (storage.place instanceof Missing) throw new Unavailable(storage.place);
  switch (type.kind) {
    case "base":
      return baseScalar(inner, position);
    case "enumeration": {
      const number = known(integerOf(type, storage));
      if (number === undefined) break;
      const signed = type.signed ?? false;
      return integer(number, {
        name: type.name,
        bits: storage.bits ?? 8 * type.size!,
        signed,
        ...(session.rules === "rust" && { enumeration: true }),
      });
    }
    case "pointer":
      return { kind: "pointer", address: BigInt(known(pointerTarget(type, storage))!), type };
    case "array": {
      const at = storage.address;
      // Arrays of Rust and Zig do not become pointers: those of bytes can be compared as what they hold.
      if (session.rules !== "c") {
        const size = elementOf(type).size === 1 ? type.size : undefined;
        if (size === undefined || size > TEXT_LIMIT) break;
        return quotedText(known(storage.read(size)));
      }
      if (at === undefined) {
        if (characterType(elementOf(type))?.size !== 1 || (type.size ?? TEXT_LIMIT) >= TEXT_LIMIT) break;
        const bytes = known(storage.read(type.size!));
        const end = bytes.indexOf(0);
        return quotedText(end < 0 ? bytes : bytes.subarray(0, end));
      }
      return {
        kind: "pointer",
        address: BigInt(at),
        extent: type.size,
        type: pointerType(type.flavour, "pointer", () => elementOf(type), session.addressSize),
      };
    }
    case "void":
      if (type.size !== undefined) return { kind: "null" };
      break;
    case "record": {
      const held = optionalPayload(type, storage, inner.world);
      if (held === "null") return { kind: "null" };
      const payload = held === undefined ? undefined : known(held);
      if (payload !== undefined && payload.type !== type)
        return scalarOf(inner.world.value(payload.type, payload.storage), session, position);
      // Zig compares an error union with an error.
      const failure = type.flavour.name === "zig" ? errorNumber(inner) : undefined;
      if (failure !== undefined && known(failure) !== 0)
        return integer(BigInt(known(failure)), { name: "anyerror", bits: 16, signed: false });
      const pointer = comparedPointer(type, storage, inner.world);
      if (pointer !== undefined) return scalarOf(pointer.value, session, position);
      const converted = convertedValue(type, storage, inner.world);
      if (converted !== undefined) return scalarOf(known(converted).value, session, position);
      const wrapped = wrappedValue(inner);
      if (wrapped !== undefined) return scalarOf(wrapped, session, position);
      const text = textOf(inner);
      if (text !== undefined) return text;
      break;
    }
  }
  throw new ExpressionError(`${value.typeName} is no number, pointer or text`, position);
}

function known<T>(value: T | Missing): T {
  if (value instanceof Missing) throw new Unavailable(value);
  return value;
}

export const integer = (value: bigint, type: IntegerType): Scalar & { kind: "integer" } => ({
  kind: "integer",
  value,
  type,
});

function baseScalar(value: TypedValue, position: number): Scalar {
  const type = strip(value.type);
  if (type.kind !== "base") throw new Error("a base type");
  const size = type.size ?? 0;
  const { storage } = value;
  if (type.encoding === DW_ATE.complex_float) return complexScalar(value, position);
  if (type.encoding === DW_ATE.float) {
    const wide = wideType(type);
    if (wide !== undefined) return { kind: "wide", bits: fromBytes(known(storage.read(size))), type: wide };
    if (size !== 4 && size !== 8)
      throw new ExpressionError(`${type.name} is too wide to be computed with`, position);
    const bytes = known(storage.read(size));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const number = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    return {
      kind: "float",
      value: number,
      type: { name: type.name, size, untyped: UNTYPED.has(type.name) },
    };
  }
  const number = known(integerOf(type, storage));
  if (number === undefined) throw new ExpressionError(`${type.name} is no number`, position);
  if (type.encoding === DW_ATE.boolean) return { kind: "boolean", value: number !== 0n };
  if (type.encoding === DW_ATE.UTF && type.flavour.name === "rust")
    return { kind: "character", code: number };
  const bits = storage.bits ?? 8 * size;
  return integer(number, {
    name: type.name,
    bits,
    signed: isSigned(type),
    untyped: UNTYPED.has(type.name),
  });
}

/** A type that numbers of JavaScript are too narrow for, or too wide; undefined for every other. */
export function wideType({
  name,
  size,
}: {
  readonly name: string;
  readonly size: number | undefined;
}): WideType | undefined {
  // Zig's f80 has another format in as many bytes.
  return (size === 16 && name !== "f80") || size === 2 ? { name, size } : undefined;
}

function complexScalar({ type, storage }: TypedValue, position: number): Scalar {
  const part = (type.size ?? 0) / 2;
  if (part !== 4 && part !== 8)
    throw new ExpressionError(`${type.name} is too wide to be computed with`, position);
  const bytes = known(storage.read(2 * part));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (offset: number): number =>
    part === 4 ? view.getFloat32(offset, true) : view.getFloat64(offset, true);
  return { kind: "complex", real: at(0), imaginary: at(part), type: complexType(part) };
}

/** Types of literals that have none yet. */
const UNTYPED: ReadonlySet<string> = new Set(["{integer}", "{float}", "comptime_int", "comptime_float"]);

/** A value that its language sees as text: `&str`, String; other languages' by their own view. */
function textOf(value: TypedValue): Scalar | undefined {
  const bytes = rustElements(value.type, value.storage, value.world);
  if (bytes instanceof Missing) throw new Unavailable(bytes);
  if (bytes !== undefined && /^(&(mut )?|Box<)str\b/.test(value.typeName ?? "")) {
    return quotedText(
      bytes.count === 0 ? new Uint8Array(0) : known(bytes.at(0).read(Math.min(bytes.count, TEXT_LIMIT))),
      bytes.count > TEXT_LIMIT,
    );
  }
  const shown = value.summary({ hex: false, budget: TEXT_LIMIT, depth: 0 });
  if (!/^"/.test(shown)) return undefined;
  if (value.missing !== undefined) throw new Unavailable(value.missing);
  return { kind: "text", quoted: shown.replace(/…$/, ""), cut: shown.endsWith("…") };
}

export function quotedText(bytes: Uint8Array, cut = false): Scalar & { kind: "text" } {
  return { kind: "text", quoted: quoteUtf8(bytes, Number.POSITIVE_INFINITY), cut };
}

/** A scalar as a value; text stays what it was and is not asked for here. */
export function scalarValue(scalar: Exclude<Scalar, { kind: "text" }>, session: Session): TypedValue {
  const { flavour, addressSize } = session;
  switch (scalar.kind) {
    case "integer": {
      const { name, bits, signed } = scalar.type;
      const plain = name === "char" ? DW_ATE.signed_char : DW_ATE.signed;
      const encoding = signed ? plain : DW_ATE.unsigned;
      return computed(baseType(flavour, name, encoding, Math.ceil(bits / 8)), scalar.value, session);
    }
    case "float":
      return computed(
        baseType(flavour, scalar.type.name, DW_ATE.float, scalar.type.size),
        floatBits(scalar.value, scalar.type.size),
        session,
      );
    case "wide":
      return computed(
        baseType(flavour, scalar.type.name, DW_ATE.float, scalar.type.size),
        scalar.bits,
        session,
      );
    case "complex": {
      const { name, part } = scalar.type;
      const [real, imaginary] = [floatBits(scalar.real, part), floatBits(scalar.imaginary, part)];
      const bits = real | (imaginary << BigInt(8 * part));
      return computed(baseType(flavour, name, DW_ATE.complex_float, 2 * part), bits, session);
    }
    case "boolean":
      return computed(baseType(flavour, "bool", DW_ATE.boolean, 1), scalar.value ? 1n : 0n, session);
    case "character":
      return computed(baseType(flavour, "char", DW_ATE.UTF, 4), scalar.code, session);
    case "pointer":
      return computed(scalar.type, scalar.address, session);
    case "null":
      return computed({ ...voidNull(session), size: addressSize }, 0n, session);
  }
}

function voidNull({ flavour, addressSize }: Session): Type {
  const name = flavour.name === "cpp" ? "nullptr_t" : flavour.name === "c" ? "void *" : "null";
  return { kind: "void", flavour, name, size: addressSize, entry: undefined };
}

/** A scalar's type in words, for errors. */
export function nameOf(scalar: Scalar): string {
  switch (scalar.kind) {
    case "integer":
    case "float":
    case "wide":
    case "complex":
      return scalar.type.name;
    case "pointer":
      return scalar.type.name;
    case "boolean":
      return "bool";
    case "character":
      return "char";
    case "null":
      return "null";
    case "text":
      return "a text";
  }
}

/**
 * Method-like reads: `v.len()`, `s.is_empty()`, `opt.has_value()`, `p.get()`. They call nothing: each asks the
 * value's own view what the method of that name would answer, and there are no others.
 */
import { Missing } from "../dwarf/missing";
import { addressOf, element, member, owners, throughReferences, wrappedValue } from "../values/access";
import { activeAlternative, optionalValue } from "../values/cpp/holders";
import { libraryName as cppName, Part } from "../values/cpp/layout";
import { ownersOf } from "../values/cpp/pointers";
import { shapeOf } from "../values/fields";
import type { Value } from "../values/model";
import type { TypedValue } from "../values/presentation";
import { cellContent } from "../values/rust/cells";
import { wholePart } from "../values/rust/layout";
import { libraryPath } from "../values/rust/library";
import { strip } from "../values/types";
import { activeVariant } from "../values/variants";
import { NO_CALLS } from "./constructions";
import { cppRead } from "./cpp-functions";
import { ExpressionError } from "./errors";
import { lengthOf } from "./lengths";
import { optionalRead } from "./rust-functions";
import { type MethodCall, rustRead } from "./rust-reads";
import { integer, type Scalar, scalarOf } from "./scalars";
import { type Session, Unavailable } from "./session";
import { sizeType } from "./sizes";
import type { Expression } from "./syntax";
import { isTyped } from "./typed";

/** What one read gives on one kind of value; undefined where the value has no such method. */
type Read = (
  owner: TypedValue,
  session: Session,
  position: number,
) => Scalar | TypedValue | Missing | undefined;

const truthValue = (value: boolean): Scalar => ({ kind: "boolean", value });

const length: Read = (owner, session) => {
  const count = lengthOf(owner);
  return typeof count === "number" ? integer(BigInt(count), sizeType(session)) : count;
};
const isEmpty: Read = (owner) => {
  const count = lengthOf(owner);
  return typeof count === "number" ? truthValue(count === 0) : count;
};
const isVariant =
  (type: "Option" | "Result", variant: string): Read =>
  (owner) => {
    const active = variantOf(owner, type);
    return typeof active === "string" ? truthValue(active === variant) : active;
  };
const atEnd =
  (end: "front" | "back"): Read =>
  (owner, session) => {
    const count = session.rules === "c" ? lengthOf(owner) : undefined;
    if (typeof count !== "number" || count === 0) return count instanceof Missing ? count : undefined;
    return found(element(owner, end === "front" ? 0 : count - 1));
  };
/** A part of a C++ library object by its member's name. */
const partOf =
  (type: string, name: string): Read =>
  (owner) =>
    cppName(owner.type) === type ? cppPart(owner).member(name)?.value : undefined;
const referred: Read = (owner) =>
  cppName(owner.type) === "reference_wrapper" ? cppPart(owner).member("__f_")?.target()?.value : undefined;
const either =
  (...reads: readonly Read[]): Read =>
  (owner, session, position) => {
    for (const read of reads) {
      const outcome = read(owner, session, position);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  };

const hasValue: Read = (owner) => {
  const value = optionalOf(owner);
  return value === undefined || value instanceof Missing ? value : truthValue(value !== "nullopt");
};
const value: Read = (owner, _session, position) => {
  const held = optionalOf(owner);
  if (held === "nullopt") throw new ExpressionError("it holds no value: value() would throw", position);
  return held instanceof Part ? held.value : held;
};
const unwrap =
  (...wanted: readonly string[]): Read =>
  (owner, _session, position) => {
    const variant = variantOf(owner, "Option") ?? variantOf(owner, "Result");
    if (variant === undefined || variant instanceof Missing) return variant;
    if (!wanted.includes(variant))
      throw new ExpressionError(`it is ${variant}: unwrap would panic`, position);
    return found(member(owner, "0"));
  };
const data: Read = (owner, session) => {
  const count = session.rules === "c" ? lengthOf(owner) : undefined;
  const first = typeof count === "number" && count > 0 ? found(element(owner, 0)) : undefined;
  return first && found(addressOf(first));
};
const useCount: Read = (owner, session) => {
  const name = cppName(owner.type);
  if (name !== "shared_ptr" && name !== "weak_ptr") return undefined;
  const count = ownersOf(cppPart(owner));
  return typeof count === "number"
    ? integer(BigInt(count), { ...sizeType(session), name: "long", signed: true })
    : count;
};
/** The pointer that `lock()` shares: null where the object is gone. */
const lock: Read = (owner) => {
  if (cppName(owner.type) !== "weak_ptr") return undefined;
  const count = ownersOf(cppPart(owner));
  if (typeof count !== "number") return count;
  return count === 0 ? { kind: "null" } : cppPart(owner).member("__ptr_")?.value;
};
const expired: Read = (owner) => {
  const count = cppName(owner.type) === "weak_ptr" ? ownersOf(cppPart(owner)) : undefined;
  return typeof count === "number" ? truthValue(count === 0) : count;
};
const index: Read = (owner, session) => {
  const active = cppName(owner.type) === "variant" ? activeAlternative(cppPart(owner)) : undefined;
  if (active === undefined || active instanceof Missing) return active;
  const type = sizeType(session);
  // A variant without a value has the largest index.
  return integer(active === "valueless" ? (1n << BigInt(type.bits)) - 1n : BigInt(active), type);
};
const content: Read = (owner) => {
  const cell = cellContent(wholePart(owner.type, owner.storage), owner.world);
  return cell && owner.world.value(cell.type, cell.storage);
};
const isNull: Read = (owner, session, position) => {
  if (strip(owner.type).kind !== "pointer") return undefined;
  const pointer = scalarOf(owner, session, position);
  return pointer.kind === "pointer" ? truthValue(pointer.address === 0n) : undefined;
};

const READS: Readonly<Record<string, Read>> = {
  len: length,
  size: length,
  length,
  is_empty: isEmpty,
  empty: isEmpty,
  is_some: isVariant("Option", "Some"),
  is_none: isVariant("Option", "None"),
  is_ok: isVariant("Result", "Ok"),
  is_err: isVariant("Result", "Err"),
  unwrap: unwrap("Some", "Ok"),
  unwrap_err: unwrap("Err"),
  is_null: isNull,
  has_value: hasValue,
  value,
  get: either(partOf("unique_ptr", "__ptr_"), partOf("shared_ptr", "__ptr_"), referred, content),
  use_count: useCount,
  lock,
  expired,
  load: (owner) =>
    cppName(owner.type) === "atomic"
      ? cppPart(owner).member("__a_")?.member("__a_value")?.value
      : /::sync::atomic::Atomic/.test(libraryPath(owner.type) ?? "")
        ? wrappedValue(owner)
        : undefined,
  front: atEnd("front"),
  back: atEnd("back"),
  data,
  c_str: data,
  index,
  real: partOf("complex", "__re_"),
  imag: partOf("complex", "__im_"),
  count: partOf("chrono::duration", "__rep_"),
};

export const METHODS: readonly string[] = Object.keys(READS);

/** A call as it is written. */
export interface WrittenCall extends Omit<MethodCall, "operands"> {
  readonly operands: readonly Expression[];
}

/** What methods ask of the evaluator. */
export interface MethodOperands {
  /** An operand as a part: a literal still takes the type of what it meets. */
  part(expression: Expression): Value;
}

/** What `value.name(…)` reads. @throws ExpressionError where the value's view does not know it */
export function method(call: WrittenCall, operands: MethodOperands): Scalar | Value {
  const { self, name, session, position } = call;
  const plain = call.operands.length === 0 || IGNORES_OPERANDS.has(name);
  const read = plain && Object.hasOwn(READS, name) ? READS[name] : undefined;
  if (read !== undefined && isTyped(self)) {
    for (const owner of owners(self)) {
      const outcome = read(owner, session, position);
      if (outcome instanceof Missing) throw new Unavailable(outcome);
      if (outcome !== undefined) return outcome;
    }
  }
  const given = (): MethodCall => ({
    ...call,
    operands: call.operands.map((operand) => operands.part(operand)),
  });
  const answer =
    session.rules === "rust"
      ? (optionalRead(given()) ?? rustRead(given()))
      : session.rules === "c"
        ? cppRead(given())
        : undefined;
  if (answer !== undefined) return answer;
  if (call.operands.length > 0) throw new ExpressionError(NO_CALLS, position);
  throw new ExpressionError(
    `${self.typeName} has no ${name}() that can be read without running code`,
    position,
  );
}

/** Methods whose operand says how to read, and not what: an atomic's order of memory. */
const IGNORES_OPERANDS: ReadonlySet<string> = new Set(["load"]);

function found(outcome: ReturnType<typeof member>): TypedValue | undefined {
  return "problem" in outcome ? undefined : outcome;
}

const cppPart = ({ type, storage, world }: TypedValue): Part => new Part(type, storage, world);

function optionalOf(owner: TypedValue): ReturnType<typeof optionalValue> {
  return cppName(owner.type) === "optional" ? optionalValue(cppPart(owner)) : undefined;
}

/** What a C++ optional holds; undefined for every other type. */
export function optionalContent(value: Value): TypedValue | "nullopt" | undefined {
  const held = isTyped(value) ? optionalOf(throughReferences(value)) : undefined;
  if (held instanceof Missing) throw new Unavailable(held);
  return held instanceof Part ? held.value : held;
}

/** Whether a C++ optional holds a value, which is what it means as a condition; undefined for every other type. */
export function holdsValue(value: TypedValue): boolean | undefined {
  const held = optionalContent(value);
  return held === undefined ? undefined : held !== "nullopt";
}

/** The active variant of an `Option` or a `Result`. */
function variantOf(owner: TypedValue, name: "Option" | "Result"): string | Missing | undefined {
  const type = strip(owner.type);
  const wanted = type.kind === "record" && type.flavour.name === "rust" && type.name.startsWith(`${name}<`);
  if (!wanted || type.definition === undefined) return undefined;
  const { variantPart } = shapeOf(type.definition);
  const active = variantPart && activeVariant(variantPart, owner.storage, owner.world);
  return active instanceof Missing ? active : active?.name;
}

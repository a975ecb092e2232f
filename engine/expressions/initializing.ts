/**
 * Values between braces: C's compound literals (C23 §6.5.3.6, §6.7.11), C++'s aggregates (C++23 §9.4.2) and Zig's
 * initializers. They are bytes of their own, in no memory: a pointer to them, or to a text in them, there is not.
 */
import { DW_ACCESS, DW_AT, DW_TAG } from "../dwarf/constants";
import { Missing } from "../dwarf/missing";
import { fromBytes } from "../dwarf/stack-value";
import { anonymousRecord, shapeOf } from "../values/fields";
import type { TypedValue } from "../values/presentation";
import { type PlacedField, placedFields } from "../values/records";
import { Storage } from "../values/storage";
import { elementOf, type RecordType, strip, type Type } from "../values/types";
import { wrap } from "./c-arithmetic";
import { cast } from "./casts";
import { NO_CALLS } from "./constructions";
import { ExpressionError } from "./errors";
import { enumeratorOfType } from "./names";
import { nameOf, type Scalar, scalarOf } from "./scalars";
import { computed, type Session, Unavailable } from "./session";
import type { Expression, Initializer, TypeSyntax } from "./syntax";
import { bytesOf } from "./text-literals";

/** What initializing asks of the evaluator. */
export interface Initializing {
  scalar(expression: Expression): Scalar;
  typed(expression: Expression): TypedValue;
  whole(expression: Expression): bigint;
  type(syntax: TypeSyntax): Type;
}

type Initialized = Expression & { kind: "initialized" };

/** Bytes that a value between braces may have. */
const LARGEST = 2 ** 16;

/**
 * The value that the braces make.
 * @param type what it is within another one, where it is not written in front of the braces
 */
export function initialized(
  expression: Initialized,
  type: Type | undefined,
  operands: Initializing,
  session: Session,
): TypedValue {
  const { position } = expression;
  const declared = expression.type === undefined ? type : operands.type(expression.type);
  if (declared === undefined)
    throw new ExpressionError("its type has to be written in front of the braces", position);
  return computed(declared, new Braces(operands, session).bits(declared, expression), session);
}

class Braces {
  constructor(
    private readonly operands: Initializing,
    private readonly session: Session,
  ) {}

  /** The bits of a value of the type, its first byte lowest. */
  bits(type: Type, expression: Initialized): bigint {
    const target = strip(type);
    const { initializers, position } = expression;
    if (type.size === undefined || type.size > LARGEST)
      throw new ExpressionError(`the size of ${type.name} is not known, or too large`, position);
    if (target.kind === "record") return this.record(target, expression);
    if (target.kind === "array") return this.array(type, expression);
    const [only, more] = initializers;
    if (more !== undefined || only?.name !== undefined)
      throw new ExpressionError(`${type.name} has one value`, (more ?? only)!.position);
    return only === undefined ? 0n : this.one(type, only.value);
  }

  private array(type: Type, { initializers, position }: Initialized): bigint {
    const array = strip(type);
    if (array.kind !== "array") throw new Error("an array");
    const element = elementOf(array);
    const { size } = element;
    if (size === undefined || size === 0)
      throw new ExpressionError(`the size of ${element.name} is not known`, position);
    const count = type.size! / size;
    const [first] = initializers;
    if (
      initializers.length === 1 &&
      first!.value.kind === "string" &&
      element.size === first!.value.literal.unit
    )
      return this.text(type, first!.value);
    let bits = 0n;
    let next = 0;
    for (const { index, name, value, position: at } of initializers) {
      if (name !== undefined) throw new ExpressionError(`${type.name} has no members`, at);
      if (index !== undefined) next = Number(this.operands.whole(index));
      if (next < 0 || next >= count) throw new ExpressionError(`${type.name} has ${count} elements`, at);
      bits = placed(bits, this.one(element, value), 8 * size * next++, 8 * size);
    }
    if (this.session.rules === "zig" && next !== count)
      throw new ExpressionError(`${type.name} has ${count} elements, not ${next}`, position);
    return bits;
  }

  private record(type: RecordType, { initializers, position }: Initialized): bigint {
    const { session } = this;
    if (type.definition === undefined)
      throw new ExpressionError(`${type.name} is only declared in this build`, position);
    if (session.flavour.name === "cpp" && !isAggregate(type)) throw new ExpressionError(NO_CALLS, position);
    const blank = { kind: "value", bytes: new Uint8Array(type.size ?? 0), provenance: "computed" } as const;
    const fields = placedFields(type, new Storage(blank, session.context.machine), session.world).filter(
      ({ field }) => field.kind !== "static",
    );
    const isUnion = type.definition.tag === DW_TAG.union_type;
    const given = new Set<PlacedField>();
    let bits = 0n;
    let next = 0;
    for (const initializer of initializers) {
      next = this.turnOf(initializer, fields, next, type);
      const field = fields[next++];
      if (field === undefined || (isUnion && given.size > 0))
        throw new ExpressionError(`${type.name} has no more members`, initializer.position);
      given.add(field);
      const { skip, bits: width } = field.storage();
      const value = this.one(field.field.type, initializer.value);
      bits = placed(bits, value, skip, width ?? 8 * (field.field.type.size ?? 0));
    }
    const left = fields.find((field) => !given.has(field));
    // C fills up with zeros; C++ and Zig with what each member's declaration says, which is not in the debug information.
    if (left !== undefined && session.flavour.name !== "c" && !isUnion)
      throw new ExpressionError(
        `what ${type.name} has for ${left.field.name} is not known: write it`,
        position,
      );
    return bits;
  }

  private turnOf(
    { name, index, position }: Initializer,
    fields: readonly PlacedField[],
    next: number,
    type: RecordType,
  ): number {
    if (index !== undefined) throw new ExpressionError(`${type.name} has no elements`, position);
    if (name === undefined && this.session.rules === "zig")
      throw new ExpressionError(`the members of ${type.name} are given by name`, position);
    if (
      name === undefined &&
      shapeOf(type.definition!).fields.some((field) => anonymousRecord(field) !== undefined)
    )
      throw new ExpressionError(
        `${type.name} has members without names: give the others by theirs`,
        position,
      );
    if (name === undefined) return next;
    const found = fields.findIndex(({ field }) => field.name === name);
    if (found < 0) throw new ExpressionError(`${type.name} has no member ${name}`, position);
    return found;
  }

  /** The bits of one member or element. */
  private one(type: Type, value: Expression): bigint {
    const { session, operands } = this;
    const { position } = value;
    if (value.kind === "initialized" && value.type === undefined) return this.bits(type, value);
    const target = strip(type);
    if (value.kind === "string") return this.text(type, value);
    if (value.kind === "enumerator") {
      const enumerator = enumeratorOfType(type, value.name, session);
      if (enumerator === undefined) throw new ExpressionError(`${type.name} has no .${value.name}`, position);
      return bitsOf(enumerator);
    }
    if (target.kind === "record" || target.kind === "array") {
      const typed = operands.typed(value);
      if (strip(typed.type).name !== target.name)
        throw new ExpressionError(`a ${type.name} is expected here, not ${typed.typeName}`, position);
      return bitsOf(typed);
    }
    const scalar = operands.scalar(value);
    const made = cast(scalar, type, session, position);
    if (session.rules === "zig" || session.flavour.name === "cpp") {
      const after = scalarOf(made, session, position);
      if (isNarrowed(scalar, after))
        throw new ExpressionError(`${nameOf(scalar)} does not fit into ${type.name} without loss`, position);
    }
    return bitsOf(made);
  }

  /** A char array from a text, whose NUL may be left out where there is just no room for it. */
  private text(type: Type, { literal, position }: Expression & { kind: "string" }): bigint {
    const target = strip(type);
    const { units, unit } = literal;
    if (target.kind !== "array" || elementOf(target).size !== unit)
      throw new ExpressionError("a text that is typed has no address", position);
    if (units.length * unit > type.size!)
      throw new ExpressionError(`the text is longer than ${type.name}`, position);
    return fromBytes(bytesOf(literal));
  }
}

function placed(bits: bigint, value: bigint, at: number, width: number): bigint {
  const mask = (1n << BigInt(width)) - 1n;
  const shift = BigInt(at);
  return (bits & ~(mask << shift)) | ((value & mask) << shift);
}

function bitsOf({ storage, size }: TypedValue): bigint {
  const bytes = storage.read(size ?? 0);
  if (bytes instanceof Missing) throw new Unavailable(bytes);
  return fromBytes(bytes);
}

/** Whether a conversion has changed a number (C++23 §9.4.5, "narrowing"). */
function isNarrowed(before: Scalar, after: Scalar): boolean {
  if (before.kind === "float") return after.kind !== "float" || !Object.is(before.value, after.value);
  if (before.kind !== "integer") return false;
  if (after.kind === "integer") return wrap(before.value, before.type) !== after.value;
  return after.kind === "float" && BigInt(after.value) !== before.value;
}

/** A class that can be given its members' values: without constructors, virtual functions and hidden members. */
function isAggregate(type: RecordType): boolean {
  const own = type.definition?.name?.replace(/<.*$/s, "");
  const isPrivate = type.definition?.tag === DW_TAG.class_type;
  for (const child of type.definition?.children() ?? []) {
    const access = child.unsigned(DW_AT.accessibility) ?? (isPrivate ? DW_ACCESS.private : DW_ACCESS.public);
    if (child.tag === DW_TAG.member && access !== DW_ACCESS.public && !child.flag(DW_AT.external))
      return false;
    if (child.tag === DW_TAG.inheritance && child.unsigned(DW_AT.virtuality)) return false;
    if (child.tag !== DW_TAG.subprogram || child.flag(DW_AT.artificial)) continue;
    if (child.name === own || child.unsigned(DW_AT.virtuality)) return false;
  }
  return true;
}

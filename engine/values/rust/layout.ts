/** Finding one's way in the private structure of Rust's library types, which changes from release to release. */
import { DW_TAG } from "../../dwarf/constants";
import type { Missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { type Field, fieldStorage, isTraitType, shapeOf } from "../fields";
import { pointerTarget } from "../pointers";
import type { World } from "../presentation";
import type { Storage } from "../storage";
import { type PointerType, type RecordType, strip, type Type, typeOf } from "../types";

/** A place inside a value: what is there, and the expression that leads to it. */
export interface Part {
  readonly type: Type;
  readonly storage: Storage;
  /** From the whole value's expression to this part's; undefined when none leads there. */
  readonly path?: ((whole: string) => string) | undefined;
}

/** A member by its DWARF name. */
export function part(type: Type, storage: Storage, name: string, world: World): Part | undefined {
  const record = strip(type);
  if (record.kind !== "record" || record.definition === undefined) return undefined;
  const field = shapeOf(record.definition).fields.find(({ entry }) => entry.name === name);
  return field && fieldPart(field, storage, world);
}

function fieldPart(field: Field, storage: Storage, world: World): Part {
  const { name } = field;
  const at = fieldStorage(field, storage, world);
  // What is only known by the pointer that leads here, no expression of its own tells.
  const isNamed = name !== undefined && at.tail === undefined;
  return {
    ...resolved(field.type, at),
    path: isNamed ? (whole) => `${whole}.${name}` : undefined,
  };
}

/** A member of a part, of a member, and so on: `member(cell, world, "value", "value")`. */
export function member(of: Part, world: World, ...names: readonly string[]): Part | undefined {
  let inner: Part | undefined = of;
  for (const name of names) inner = inner && joined(inner, part(inner.type, inner.storage, name, world));
  return inner;
}

/** A value known by a trait alone, as what it is. */
export function resolved(type: Type, storage: Storage): Part {
  const { tail } = storage;
  return tail !== undefined && isTraitType(strip(type))
    ? { type: tail.type, storage: storage.closed() }
    : { type, storage };
}

function joined(outer: Part, inner: Part | undefined): Part | undefined {
  if (inner === undefined) return undefined;
  const first = outer.path;
  const then = inner.path;
  return { ...inner, path: first && then && ((whole) => then(first(whole))) };
}

/** The whole value as a part of itself. */
export const wholePart = (type: Type, storage: Storage): Part => ({ type, storage, path: (whole) => whole });

/** A member that is a whole number: a length, a capacity. */
export function numberPart(
  type: Type,
  storage: Storage,
  name: string,
  world: World,
): number | Missing | undefined {
  const found = part(type, storage, name, world);
  return found && numberOf(found);
}

/** A whole number as JavaScript's. */
export function numberOf(part: Part): number | Missing | undefined {
  const value = integerOf(part.type, part.storage);
  return typeof value === "bigint" ? Number(value) : value;
}

/** Wrappers around a pointer (Unique, NonNull, RawVec, RawVecInner) are so deep. */
const WRAPPERS = 8;

/** The first pointer inside a wrapper, by the order of its members. */
export function innerPointer(type: Type, storage: Storage, world: World, depth = 0): Part | undefined {
  const inner = strip(type);
  if (inner.kind === "pointer") return { type: inner, storage };
  if (inner.kind !== "record" || inner.definition === undefined || depth > WRAPPERS) return undefined;
  for (const field of shapeOf(inner.definition).fields) {
    if (field.kind !== "member") continue;
    const found = innerPointer(field.type, fieldStorage(field, storage, world), world, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The address in a pointer part. */
export function targetOf(pointer: Part): number | Missing {
  return pointerTarget(strip(pointer.type) as PointerType, pointer.storage);
}

/** The type that a generic parameter stands for, e.g. `T` of `Vec<T>`. */
export function parameter(type: RecordType, name: string): Type | undefined {
  for (const child of type.definition?.children() ?? []) {
    if (child.tag === DW_TAG.template_type_parameter && child.name === name) return typeOf(child);
  }
  return undefined;
}

/** What `Some` holds in a type of Option, whatever a value of it holds. */
export function someOf(declared: Type): Type | undefined {
  const option = strip(declared);
  if (option.kind !== "record" || option.definition === undefined) return undefined;
  const { variantPart } = shapeOf(option.definition);
  for (const variant of variantPart?.children() ?? []) {
    const some = shapeOf(variant).fields.find(({ name }) => name === "Some");
    const payload = some && strip(some.type);
    if (payload?.kind === "record" && payload.definition !== undefined)
      return shapeOf(payload.definition).fields.find(({ name }) => name === "0")?.type;
  }
  return undefined;
}

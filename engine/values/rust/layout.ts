/** Finding one's way in the private structure of Rust's library types, which changes from release to release. */
import { DW_TAG } from "../../dwarf/constants";
import type { Missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { fieldStorage, shapeOf } from "../fields";
import { pointerTarget } from "../pointers";
import type { World } from "../presentation";
import type { Storage } from "../storage";
import { type PointerType, type RecordType, strip, type Type, typeOf } from "../types";

export interface Part {
  readonly type: Type;
  readonly storage: Storage;
}

/** A member by its DWARF name. */
export function part(type: Type, storage: Storage, name: string, world: World): Part | undefined {
  const record = strip(type);
  if (record.kind !== "record" || record.definition === undefined) return undefined;
  const field = shapeOf(record.definition).fields.find(({ entry }) => entry.name === name);
  return field && { type: field.type, storage: fieldStorage(field, storage, world) };
}

/** A member that is a whole number: a length, a capacity. */
export function numberPart(
  type: Type,
  storage: Storage,
  name: string,
  world: World,
): number | Missing | undefined {
  const found = part(type, storage, name, world);
  const value = found && integerOf(found.type, found.storage);
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

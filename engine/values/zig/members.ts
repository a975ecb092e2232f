/** The members of the structures that Zig's compiler makes for its own types. */
import type { Missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { fieldStorage, shapeOf } from "../fields";
import type { World } from "../presentation";
import type { Storage } from "../storage";
import { type RecordType, strip, type Type } from "../types";

export interface Member {
  readonly type: Type;
  readonly storage: Storage;
}

/**
 * The members of a structure whose name fits and that has exactly members of these names, in any order;
 * undefined for every other type.
 */
export function membersOf<Name extends string>(
  declared: Type,
  storage: Storage,
  world: World,
  name: RegExp,
  ...names: readonly Name[]
): Readonly<Record<Name, Member>> | undefined {
  const type = strip(declared);
  if (type.kind !== "record" || type.form !== "struct" || type.flavour.name !== "zig") return undefined;
  if (type.definition === undefined || !name.test(type.name)) return undefined;
  const { fields } = shapeOf(type.definition);
  if (fields.length !== names.length) return undefined;
  const found = new Map<string, Member>();
  for (const field of fields)
    if (field.name !== undefined)
      found.set(field.name, { type: field.type, storage: fieldStorage(field, storage, world) });
  return names.every((wanted) => found.has(wanted))
    ? (Object.fromEntries(found) as Record<Name, Member>)
    : undefined;
}

/** A member of a record (or union) by its name. */
export function memberNamed(
  type: RecordType,
  storage: Storage,
  name: string,
  world: World,
): Member | undefined {
  const field =
    type.definition && shapeOf(type.definition).fields.find((candidate) => candidate.name === name);
  return field && { type: field.type, storage: fieldStorage(field, storage, world) };
}

/** A member that is a whole number; undefined when its type has none. */
export function numberIn({ type, storage }: Member): number | Missing | undefined {
  const value = integerOf(type, storage);
  return typeof value === "bigint" ? Number(value) : value;
}

/** Whether a type is Zig's `void`, which has one value and no bytes. */
export const isVoid = (declared: Type): boolean =>
  strip(declared).kind === "void" || declared.name === "void";

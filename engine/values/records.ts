/** Structs, classes and unions: `{x: 1, y: 2}`, with members, base classes and, last, static members as children. */
import { anonymousRecord, type Field, fieldStorage, NESTING_LIMIT, shapeOf } from "./fields";
import type { SummaryField } from "./flavour";
import type { Child } from "./model";
import {
  inner,
  namedChildren,
  type Presentation,
  type Style,
  SUMMARY_DEPTH,
  type World,
} from "./presentation";
import type { Storage } from "./storage";
import { type RecordType, strip } from "./types";

/** A field of a record, or of an anonymous record inside of it. */
export interface PlacedField {
  readonly field: Field;
  readonly storage: () => Storage;
}

/** The fields of a record that has been given a name. */
export function presentFields(
  name: string,
  type: RecordType,
  fields: readonly PlacedField[],
  world: World,
): Presentation {
  return {
    summary: (style) => fieldsText(name, type, fields, world, style),
    children: namedChildren(fields.length, () => fields.map((placed) => fieldChild(placed, world))),
  };
}

/** All fields, those of anonymous members in their place; static ones last. */
export function placedFields(type: RecordType, storage: Storage, world: World, depth = 0): PlacedField[] {
  if (type.definition === undefined || depth > NESTING_LIMIT) return [];
  return shapeOf(type.definition).fields.flatMap((field) => {
    const place = () => fieldStorage(field, storage, world);
    const anonymous = anonymousRecord(field);
    return anonymous === undefined
      ? [{ field, storage: place }]
      : placedFields(anonymous, place(), world, depth + 1);
  });
}

function fieldChild({ field, storage }: PlacedField, world: World): Child {
  const name = field.name;
  const nameable = name !== undefined && /^(\w|\$)+$/.test(name);
  return {
    name: name ?? "<unnamed>",
    value: world.value(field.type, storage()),
    path: nameable ? (parent) => `${parent}.${name}` : undefined,
    ...(field.kind === "base" ? { hint: "base" as const } : {}),
  };
}

function fieldsText(
  name: string,
  type: RecordType,
  placed: readonly PlacedField[],
  world: World,
  style: Style,
): string {
  const shown = placed.filter(({ field }) => field.kind !== "static" && !field.artificial);
  if (shown.length > 0 && style.depth >= SUMMARY_DEPTH)
    return type.flavour.record(name, [{ name: "", text: "…" }]);
  const fields: SummaryField[] = [];
  let used = name.length + 2;
  for (const { field, storage } of shown) {
    if (used > style.budget - 4) {
      fields.push({ name: "", text: "…" });
      break;
    }
    if (isEmpty(field)) continue;
    const label = field.kind === "base" ? "" : (field.name ?? "<unnamed>");
    const text = world.value(field.type, storage()).summary(inner(style, used + label.length + 2));
    fields.push({ name: label, text });
    used += label.length + text.length + 4;
  }
  return type.flavour.record(name, fields);
}

/** Rust's markers that hold nothing. */
function isEmpty(field: Field): boolean {
  return (
    field.type.flavour.name === "rust" && field.type.size === 0 && field.type.name.startsWith("PhantomData")
  );
}

/**
 * The field of a name, in the record itself, then in its bases. A base class is found by its own name as well.
 */
export function findField(
  type: RecordType,
  name: string,
  storage: Storage,
  world: World,
  depth = 0,
): PlacedField | undefined {
  if (depth > NESTING_LIMIT) return undefined;
  const fields = placedFields(type, storage, world);
  const own = fields.find(({ field }) => field.name === name);
  if (own !== undefined) return own;
  for (const { field, storage: place } of fields) {
    if (field.kind !== "base") continue;
    const base = strip(field.type);
    if (base.kind !== "record") continue;
    const found = findField(base, name, place(), world, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

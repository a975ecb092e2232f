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
  const shown = fields.filter(({ field }) => !isEmpty(field));
  return {
    summary: (style) => fieldsText(name, type, shown, world, style),
    children: namedChildren(shown.length, () => shown.map((placed) => fieldChild(placed, world))),
  };
}

/** Records that one question looks into: ones that hold themselves twice would double at every level. */
const RECORD_LIMIT = 1000;
/** Base classes that a name is looked for in. */
const BASE_LIMIT = 100;

/** All fields, those of anonymous members in their place; static ones last. */
export function placedFields(type: RecordType, storage: Storage, world: World): PlacedField[] {
  const placed: PlacedField[] = [];
  let records = 0;
  const place = (record: RecordType, within: Storage, depth: number): void => {
    if (record.definition === undefined || depth > NESTING_LIMIT || ++records > RECORD_LIMIT) return;
    for (const field of shapeOf(record.definition).fields) {
      const at = () => fieldStorage(field, within, world);
      const anonymous = anonymousRecord(field);
      if (anonymous === undefined) placed.push({ field, storage: at });
      else place(anonymous, at(), depth + 1);
    }
  };
  place(type, storage, 0);
  return placed;
}

/** A name, or a tuple field's number, as an expression can have it after the dot. */
const NAMEABLE = /^(?:[\p{L}_][\p{L}\p{N}_$]*|[0-9]+)$/u;

function fieldChild({ field, storage }: PlacedField, world: World): Child {
  const name = field.name;
  const nameable = name !== undefined && NAMEABLE.test(name);
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
  const shown = placed.filter(
    ({ field }) => field.kind !== "static" && !field.artificial && !isEmptyBase(field),
  );
  if (shown.length > 0 && style.depth >= SUMMARY_DEPTH)
    return type.flavour.record(name, [{ name: "", text: "…" }]);
  const fields: SummaryField[] = [];
  let used = name.length + 2;
  for (const { field, storage } of shown) {
    if (used > style.budget - 4) {
      fields.push({ name: "", text: "…" });
      break;
    }
    const label = field.kind === "base" ? "" : (field.name ?? "<unnamed>");
    const text = world.value(field.type, storage()).summary(inner(style, used + label.length + 2));
    fields.push({ name: label, text });
    used += label.length + text.length + 4;
  }
  return type.flavour.record(name, fields);
}

/** A base class without data says nothing of an object. */
function isEmptyBase(field: Field, depth = 0): boolean {
  const type = field.kind === "base" ? strip(field.type) : undefined;
  // A class takes a byte of its own, however empty it is.
  if (type?.kind !== "record" || type.size !== 1 || type.definition === undefined || depth > NESTING_LIMIT)
    return false;
  return shapeOf(type.definition).fields.every(
    (inner) => inner.kind === "static" || isEmptyBase(inner, depth + 1),
  );
}

/** Rust's markers that hold nothing: a programmer never looks at them. */
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
): PlacedField | undefined {
  let searched = 0;
  const search = (record: RecordType, within: Storage, depth: number): PlacedField | undefined => {
    if (depth > NESTING_LIMIT || ++searched > BASE_LIMIT) return undefined;
    const fields = placedFields(record, within, world);
    const own = fields.find(({ field }) => field.name === name);
    if (own !== undefined) return own;
    for (const { field, storage: place } of fields) {
      const base = field.kind === "base" ? strip(field.type) : undefined;
      const found = base?.kind === "record" ? search(base, place(), depth + 1) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(type, storage, 0);
}

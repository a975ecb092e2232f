/**
 * What a record is made of (DWARF 5 §5.7): members with their offsets and bits, base classes, static members,
 * and Rust's variant part.
 */
import { type Address, address } from "../bytes/offsets";
import { attributeName, DW_AT, DW_TAG } from "../dwarf/constants";
import { Missing, missing } from "../dwarf/missing";
import type { Entry, Unit } from "../dwarf/model";
import type { World } from "./presentation";
import { Storage } from "./storage";
import { type RecordType, strip, type Type, typeOf } from "./types";

export interface Field {
  readonly kind: "member" | "base" | "static";
  /** As written after the dot; undefined for an anonymous struct or union. */
  readonly name: string | undefined;
  readonly type: Type;
  readonly entry: Entry;
  /** Made by the compiler (a vtable pointer, a discriminant). */
  readonly artificial: boolean;
}

/** Records nested in each other without a name, or by inheritance, are followed so far. */
export const NESTING_LIMIT = 16;

export interface RecordShape {
  readonly fields: readonly Field[];
  readonly variantPart: Entry | undefined;
}

/** What was found of each record, by its offset: views ask for one member after the other. */
const shapes = new WeakMap<Unit, Map<number, RecordShape>>();

/** The fields of a record (or of a variant), static ones last; anonymous records' fields stand in their place. */
export function shapeOf(owner: Entry): RecordShape {
  let known = shapes.get(owner.unit);
  if (known === undefined) {
    known = new Map();
    shapes.set(owner.unit, known);
  }
  let shape = known.get(owner.offset);
  if (shape === undefined) {
    shape = readShape(owner);
    known.set(owner.offset, shape);
  }
  return shape;
}

function readShape(owner: Entry): RecordShape {
  const fields: Field[] = [];
  const statics: Field[] = [];
  let variantPart: Entry | undefined;
  for (const entry of owner.children()) {
    const isMember = entry.tag === DW_TAG.member;
    if (entry.tag === DW_TAG.variant_part) variantPart = entry;
    else if (entry.tag === DW_TAG.inheritance) fields.push(fieldOf(entry, "base"));
    else if (entry.tag === DW_TAG.variable || (isMember && isStatic(entry))) {
      // The compiler's own, such as clang's `_vtable$`, is no member that the program declares.
      if (!entry.flag(DW_AT.artificial)) statics.push(fieldOf(entry, "static"));
    } else if (isMember) fields.push(fieldOf(entry, "member"));
  }
  return { fields: [...fields, ...statics], variantPart };
}

/** In DWARF 2 to 4 a static member is a member that is external and only declared. */
function isStatic(entry: Entry): boolean {
  return (
    entry.flag(DW_AT.external) ||
    (entry.flag(DW_AT.declaration) && entry.attribute(DW_AT.data_member_location) === undefined)
  );
}

function fieldOf(entry: Entry, kind: Field["kind"]): Field {
  const type = typeOf(entry);
  const name = kind === "base" ? type.name : entry.name && type.flavour.fieldName(entry.name);
  return { kind, name, type, entry, artificial: entry.flag(DW_AT.artificial) };
}

/** Whether a field is an anonymous struct or union, whose fields belong to the outer record. */
export function anonymousRecord(field: Field): RecordType | undefined {
  if (field.kind !== "member" || field.name !== undefined) return undefined;
  const type = strip(field.type);
  return type.kind === "record" ? type : undefined;
}

/** Where a field of the record at `storage` is. */
export function fieldStorage(field: Field, storage: Storage, world: World): Storage {
  const { tail } = storage;
  const at = describedStorage(field, storage, world);
  if (tail === undefined) return at;
  if (!isOpenEnded(field.type)) return at.closed();
  // The type describes the least alignment; the open end lies where its own alignment puts it.
  const over = (at.address ?? 0) % tail.align;
  return at.at(over === 0 ? 0 : tail.align - over).ending(tail);
}

/** Rust's type of what is known by a trait alone: `dyn Speak`, `(dyn Error + Send)`. */
export const isTraitType = (type: Type): boolean =>
  type.kind === "record" && type.flavour.name === "rust" && /^\(?dyn /.test(type.entry?.name ?? "");

/** Whether a type leaves open what lies at its end: it is known by a trait, or its last member is open-ended. */
function isOpenEnded(declared: Type, depth = 0): boolean {
  const type = strip(declared);
  if (type.kind !== "record" || type.flavour.name !== "rust" || depth > NESTING_LIMIT) return false;
  if (isTraitType(type)) return true;
  const last = type.definition && shapeOf(type.definition).fields.findLast(({ kind }) => kind === "member");
  return last !== undefined && isOpenEnded(last.type, depth + 1);
}

/** Where a field is by what the debug information says of it. */
function describedStorage(field: Field, storage: Storage, world: World): Storage {
  if (field.kind === "static") return world.variable(field.entry).storage;
  const { entry } = field;
  const start = memberStart(entry, storage, world);
  if (start instanceof Missing) return new Storage(start, storage.machine);
  const odd = [DW_AT.bit_size, DW_AT.data_bit_offset, DW_AT.bit_offset, DW_AT.byte_size].find(
    (at) => entry.own(at) !== undefined && entry.constant(at, true) === undefined,
  );
  if (odd !== undefined)
    return new Storage(missing("unsupported-operation", attributeName(odd)), storage.machine);
  const bitSize = entry.unsigned(DW_AT.bit_size);
  const dataBitOffset = entry.unsigned(DW_AT.data_bit_offset);
  // Rust 1.63 gives the unsized end of a record a width of 0: it is no bit-field.
  if (bitSize === undefined || bitSize === 0) {
    if (dataBitOffset === undefined) return start;
    return dataBitOffset % 8 === 0
      ? storage.at(dataBitOffset / 8)
      : storage.bitField(dataBitOffset, 8 * (field.type.size ?? 0));
  }
  if (dataBitOffset !== undefined) return storage.bitField(dataBitOffset, bitSize);
  // DWARF 2 and 3 count from the most significant bit of a unit of DW_AT_byte_size.
  const oldOffset = entry.constant(DW_AT.bit_offset, true);
  const unitSize = entry.unsigned(DW_AT.byte_size) ?? field.type.size;
  if (oldOffset === undefined || unitSize === undefined) return start.bitField(0, bitSize);
  return start.bitField(8 * unitSize - Number(oldOffset) - bitSize, bitSize);
}

function memberStart(entry: Entry, storage: Storage, world: World): Storage | Missing {
  const expression = entry.expression(DW_AT.data_member_location);
  if (expression === undefined) {
    const offset = entry.unsigned(DW_AT.data_member_location);
    // A union's members, and those that data_bit_offset places, have none.
    if (offset === undefined && entry.attribute(DW_AT.data_member_location) !== undefined)
      return missing("unsupported-operation", attributeName(DW_AT.data_member_location));
    return storage.at(offset ?? 0);
  }
  const base: Address | undefined = storage.address;
  // An expression without a base address still works when it only adds a constant: evaluate it from 0.
  const place = world.place(expression, entry.unit, base, [BigInt(base ?? 0)]);
  if (place instanceof Missing) return place;
  if (place.kind !== "memory") return missing("malformed", "the location of a member");
  if (base === undefined) {
    return place.address < 2 ** 31 && !usesMemory(entry)
      ? storage.at(place.address)
      : missing("no-location", "its containing object has no address");
  }
  return new Storage(
    { kind: "memory", address: address(place.address), provenance: storage.provenance },
    storage.machine,
  );
}

/** Whether a member's location depends on the object itself, as a virtual base's does. */
function usesMemory(entry: Entry): boolean {
  return entry.tag === DW_TAG.inheritance && entry.attribute(DW_AT.virtuality) !== undefined;
}

/**
 * Variant parts (DWARF 5 §5.7.10), Rust's enums: the discriminant says which variant is active, a variant
 * without a discriminant value is the one for all others (the niche), and only the active one is shown.
 */

import { ByteReader } from "../bytes/reader";
import { DW_AT, DW_DSC, DW_TAG } from "../dwarf/constants";
import { Missing, missing } from "../dwarf/missing";
import type { Entry } from "../dwarf/model";
import { fromBytes } from "../dwarf/stack-value";
import { signedness } from "./base";
import { wideConstant } from "./constants";
import { fieldStorage, NESTING_LIMIT, shapeOf } from "./fields";
import { type Presentation, unavailable, type World } from "./presentation";
import { type PlacedField, placedFields, presentFields } from "./records";
import { aliveIn, isState, stateName } from "./rust/coroutines";
import type { Storage } from "./storage";
import { type RecordType, strip, type Type, typeOf } from "./types";

/** The active variant: its name, and the record that holds its payload. */
export interface ActiveVariant {
  readonly name: string;
  readonly type: RecordType | undefined;
  readonly fields: readonly PlacedField[];
}

/** A struct, class or union; with a variant part, its active variant. */
export function presentRecord(type: RecordType, storage: Storage, world: World): Presentation {
  if (type.definition === undefined) return unavailable(missing("incomplete-type", type.name));
  if (storage.place instanceof Missing) return unavailable(storage.place);
  const { variantPart } = shapeOf(type.definition);
  if (variantPart === undefined)
    return presentFields(type.name, type, placedFields(type, storage, world), world);
  const active = activeVariant(variantPart, storage, world);
  if (active instanceof Missing) return unavailable(active);
  return presentFields(active.name, active.type ?? type, active.fields, world);
}

/** Finds the active variant of the value at `storage`. */
export function activeVariant(part: Entry, storage: Storage, world: World): ActiveVariant | Missing {
  const chosen = chooseVariant(part, storage, world);
  if (chosen instanceof Missing) return chosen;
  const member = shapeOf(chosen).fields.find((field) => field.kind === "member");
  if (member === undefined) return { name: chosen.name ?? "<empty>", type: undefined, fields: [] };
  const payload = strip(member.type);
  const name = member.name ?? payload.name;
  if (payload.kind !== "record") {
    return {
      name,
      type: undefined,
      fields: [{ field: member, storage: () => fieldStorage(member, storage, world) }],
    };
  }
  const fields = placedFields(payload, fieldStorage(member, storage, world), world);
  const state = payload.entry?.name;
  if (!isState(member.entry) || state === undefined) return { name, type: payload, fields };
  return { name: stateName(state, member.entry), type: payload, fields: aliveIn(state, fields) };
}

function chooseVariant(part: Entry, storage: Storage, world: World): Entry | Missing {
  const variants = [...part.children()].filter((child) => child.tag === DW_TAG.variant);
  const discriminant = part.reference(DW_AT.discr);
  if (discriminant === undefined) {
    const possible = variants.length === 1 ? variants : variants.filter((variant) => !isUninhabited(variant));
    return possible.length === 1 ? possible[0]! : missing("malformed", "an enum without a discriminant");
  }
  const type = typeOf(discriminant);
  const { size } = type;
  if (size === undefined || size > 16) return missing("malformed", "the discriminant's type");
  const at = fieldStorage(
    { kind: "member", name: undefined, type, entry: discriminant, artificial: true },
    storage,
    world,
  );
  const bytes = at.read(size);
  if (bytes instanceof Missing) return bytes;
  const signed = signedness(strip(type));
  const cut = (number: bigint): bigint =>
    signed ? BigInt.asIntN(8 * size, number) : BigInt.asUintN(8 * size, number);
  const value = cut(fromBytes(bytes));
  let otherwise: Entry | undefined;
  for (const variant of variants) {
    const list = variant.attribute(DW_AT.discr_list);
    const single = wideConstant(variant, DW_AT.discr_value, signed);
    if (single !== undefined && cut(single) === value) return variant;
    if (list?.kind === "block" && listCovers(list.bytes, value, signed)) return variant;
    if (list === undefined && variant.attribute(DW_AT.discr_value) === undefined) otherwise = variant;
  }
  return otherwise ?? missing("malformed", `no variant has the discriminant ${value}`);
}

/**
 * Whether a record (or a variant) can have no value, since a member's type has none, as Rust's `Infallible`: an
 * enum of which one variant alone can be has no discriminant.
 */
function isUninhabited(owner: Entry, depth = 0): boolean {
  if (depth > NESTING_LIMIT) return false;
  const { fields, variantPart } = shapeOf(owner);
  const hasNoValue = (declared: Type): boolean => {
    const type = strip(declared);
    if (type.kind === "base") return type.name === "!";
    if (type.kind === "array")
      return type.dimensions.every(({ count }) => count !== 0) && hasNoValue(type.element);
    return (
      type.kind === "record" && type.definition !== undefined && isUninhabited(type.definition, depth + 1)
    );
  };
  const variants = [...(variantPart?.children() ?? [])].filter(({ tag }) => tag === DW_TAG.variant);
  return (
    fields.some((field) => field.kind === "member" && hasNoValue(field.type)) ||
    (variantPart !== undefined && variants.every((variant) => isUninhabited(variant, depth + 1)))
  );
}

/** DW_AT_discr_list (§5.7.10): labels and ranges, of LEB128 numbers with the discriminant's sign. */
function listCovers(bytes: Uint8Array, value: bigint, signed: boolean): boolean {
  const reader = new ByteReader(bytes, "DW_AT_discr_list");
  const bound = (): bigint => (signed ? reader.slebBig() : reader.ulebBig());
  while (!reader.atEnd) {
    const kind = reader.u8();
    const low = bound();
    const high = kind === DW_DSC.range ? bound() : low;
    if (low <= value && value <= high) return true;
  }
  return false;
}

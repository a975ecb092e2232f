/**
 * Pointers to members of C++ (Itanium C++ ABI 2.3, in ARM's variant, which Wasm has): for data the distance from the
 * object's start, −1 for null. For functions two words: a table slot, or for a virtual function its distance from the
 * start of the vtable; and twice what is added to `this`, plus one for a virtual function.
 */
import { type Address, address } from "../bytes/offsets";
import { DW_AT, DW_OP, DW_TAG } from "../dwarf/constants";
import { Missing, missing } from "../dwarf/missing";
import type { Entry } from "../dwarf/model";
import { fromBytes } from "../dwarf/stack-value";
import { type Field, NESTING_LIMIT, shapeOf } from "./fields";
import { functionHint } from "./pointers";
import { type Presentation, unavailable, type World } from "./presentation";
import type { Storage } from "./storage";
import { type MemberPointerType, strip, typeFrom } from "./types";

/** What a pointer to member holds. */
export type MemberPlace =
  | { readonly kind: "null" }
  | { readonly kind: "data"; readonly offset: number }
  | { readonly kind: "function"; readonly slot: number; readonly adjustment: number }
  /** `entry`: bytes from the start of the vtable. */
  | { readonly kind: "virtual"; readonly entry: number; readonly adjustment: number };

export function memberPlace(type: MemberPointerType, storage: Storage): MemberPlace | Missing {
  const bytes = storage.read(type.size ?? 0);
  if (bytes instanceof Missing) return bytes;
  if (!type.toFunction) {
    const offset = BigInt.asIntN(8 * bytes.length, fromBytes(bytes));
    return offset === -1n ? { kind: "null" } : { kind: "data", offset: Number(offset) };
  }
  const size = bytes.length / 2;
  const pointer = Number(fromBytes(bytes.subarray(0, size)));
  const second = BigInt.asIntN(8 * size, fromBytes(bytes.subarray(size)));
  const adjustment = Number(second >> 1n);
  if ((second & 1n) === 1n) return { kind: "virtual", entry: pointer, adjustment };
  return pointer === 0 ? { kind: "null" } : { kind: "function", slot: pointer, adjustment };
}

/** The table slot of the function that a virtual member pointer calls on an object with this vtable. */
export function virtualSlot(vtable: Address, entry: number, storage: Storage): number | Missing {
  const { machine } = storage;
  const bytes = machine.memory(address(vtable + entry), machine.addressSize);
  if (bytes instanceof Missing) return bytes;
  const slot = fromBytes(bytes);
  return slot < 2n ** 32n ? Number(slot) : missing("inconsistent", `0x${slot.toString(16)} is no table slot`);
}

export function presentMemberPointer(type: MemberPointerType, storage: Storage, world: World): Presentation {
  const place = memberPlace(type, storage);
  if (place instanceof Missing) return unavailable(place);
  switch (place.kind) {
    case "null":
      return { summary: () => "nullptr" };
    case "data":
      return { summary: () => memberText(type.owner, place.offset) };
    case "function":
      return {
        summary: (style) =>
          `slot ${place.slot}${functionHint(place.slot, world, style)}${adjusted(place.adjustment)}`,
      };
    case "virtual": {
      const index = place.entry / storage.machine.addressSize;
      const name = virtualName(type.owner, index, place.adjustment);
      const hint = name === undefined ? "" : ` <${name}>`;
      return { summary: () => `vtable[${index}]${hint}${adjusted(place.adjustment)}` };
    }
  }
}

function adjusted(adjustment: number): string {
  if (adjustment === 0) return "";
  return adjustment < 0 ? `, this - ${-adjustment}` : `, this + ${adjustment}`;
}

/** A member by its place: `&Node::weight`, or `Node+4` where the class has none there. */
function memberText(owner: Entry | undefined, offset: number): string {
  const found = memberAt(owner, offset);
  return found === undefined ? `${owner?.name ?? ""}+${offset}` : `&${owner!.name}::${found}`;
}

/** The fields of a class, and where each begins; those without a fixed place, as virtual bases, are left out. */
function* placedFields(owner: Entry | undefined): Iterable<{ field: Field; at: number }> {
  const record = owner && typeFrom(owner);
  const definition = record?.kind === "record" ? record.definition : undefined;
  for (const field of definition === undefined ? [] : shapeOf(definition).fields) {
    const at = field.kind === "static" ? undefined : field.entry.unsigned(DW_AT.data_member_location);
    if (at !== undefined) yield { field, at };
  }
}

const baseEntry = ({ field }: { field: Field }): Entry | undefined => strip(field.type).entry;

/** The name of the member there, of the class itself or of its bases. */
function memberAt(owner: Entry | undefined, offset: number, depth = 0): string | undefined {
  if (depth > NESTING_LIMIT) return undefined;
  for (const placed of placedFields(owner)) {
    const { field, at } = placed;
    if (field.kind === "member" && !field.artificial && at === offset) return field.name;
    const size = field.type.size ?? 0;
    if (field.kind !== "base" || at > offset || offset >= at + size) continue;
    const found = memberAt(baseEntry(placed), offset - at, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The virtual function of an index in the vtable that the base at `offset` begins with. */
function virtualName(owner: Entry | undefined, index: number, offset: number, depth = 0): string | undefined {
  const record = owner && typeFrom(owner);
  if (record?.kind !== "record" || record.definition === undefined || depth > NESTING_LIMIT) return undefined;
  const { definition } = record;
  if (offset === 0)
    for (const child of definition.children())
      if (child.tag === DW_TAG.subprogram && elementOf(child) === index)
        return `${record.name}::${child.name}`;
  for (const placed of placedFields(definition)) {
    const { field, at } = placed;
    if (field.kind !== "base" || at > offset || offset >= at + (field.type.size ?? 0)) continue;
    const found = virtualName(baseEntry(placed), index, offset - at, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Which function of its vtable a virtual one is: `DW_OP_constu` and its index. */
function elementOf(method: Entry): number | undefined {
  const expression = method.expression(DW_AT.vtable_elem_location);
  if (expression === undefined || expression[0] !== DW_OP.constu) return undefined;
  let index = 0;
  for (let i = 1; i < expression.length; i++) index += (expression[i]! & 0x7f) * 2 ** (7 * (i - 1));
  return index;
}

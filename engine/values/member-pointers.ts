/**
 * Pointers to members of C++ (Itanium C++ ABI 2.3, in ARM's variant, which Wasm has): for data the distance from the
 * object's start, −1 for null. For functions two words: a table slot, or for a virtual function its distance from the
 * start of the vtable; and twice what is added to `this`, plus one for a virtual function.
 */
import { type Address, address } from "../bytes/offsets";
import { DW_AT } from "../dwarf/constants";
import { Missing, missing } from "../dwarf/missing";
import type { Entry } from "../dwarf/model";
import { fromBytes } from "../dwarf/stack-value";
import { shapeOf } from "./fields";
import { functionHint } from "./pointers";
import { type Presentation, unavailable, type World } from "./presentation";
import type { Storage } from "./storage";
import { type MemberPointerType, typeFrom } from "./types";

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
      return { summary: () => `vtable[${index}]${adjusted(place.adjustment)}` };
    }
  }
}

function adjusted(adjustment: number): string {
  if (adjustment === 0) return "";
  return adjustment < 0 ? `, this - ${-adjustment}` : `, this + ${adjustment}`;
}

/** A member by its place: `&Node::weight`, or `Node+4` where the class has none there. */
function memberText(owner: Entry | undefined, offset: number): string {
  const record = owner && typeFrom(owner);
  const definition = record?.kind === "record" ? record.definition : undefined;
  const found =
    definition &&
    shapeOf(definition).fields.find(
      ({ kind, artificial, entry }) =>
        kind === "member" && !artificial && entry.unsigned(DW_AT.data_member_location) === offset,
    );
  return found === undefined ? `${owner?.name ?? ""}+${offset}` : `&${owner!.name}::${found.name}`;
}

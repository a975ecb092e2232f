/** C++'s `object.*pointer` and `object->*pointer`: the member of this object that a pointer to member means. */
import { type Address, address } from "../bytes/offsets";
import { Missing } from "../dwarf/missing";
import { fromBytes } from "../dwarf/stack-value";
import { throughReferences } from "../values/access";
import { memberPlace, virtualSlot } from "../values/member-pointers";
import type { TypedValue } from "../values/presentation";
import { pointerType, strip, typeFrom } from "../values/types";
import { castOffset } from "./class-casts";
import { ExpressionError } from "./errors";
import { computed, type Session, Unavailable } from "./session";

/**
 * The member; of a member function a pointer to the function that would be called.
 * @throws ExpressionError for a null pointer, or operands of other kinds
 */
export function pointedMember(
  value: TypedValue,
  pointer: TypedValue,
  session: Session,
  position: number,
): TypedValue {
  const object = throughReferences(value);
  const type = strip(throughReferences(pointer).type);
  if (type.kind !== "member-pointer")
    throw new ExpressionError(`${pointer.typeName} is no pointer to member`, position);
  if (strip(object.type).kind !== "record")
    throw new ExpressionError(`${value.typeName} has no members`, position);
  const place = known(memberPlace(type, throughReferences(pointer).storage));
  // A member of a base lies in the object's part of that base.
  const base = type.owner === undefined ? 0 : castOffset(object.type, typeFrom(type.owner), position);
  const functionAt = (slot: number): TypedValue => {
    const { addressSize, flavour } = session;
    const pointsAt = pointerType(flavour, "pointer", () => type.target, addressSize);
    return computed(pointsAt, BigInt(slot), session);
  };
  switch (place.kind) {
    case "null":
      throw new ExpressionError("it is a null pointer to member", position);
    case "data":
      return object.world.value(type.target, object.storage.at(base + place.offset));
    case "function":
      return functionAt(place.slot);
    case "virtual": {
      const part = object.storage.at(base + place.adjustment);
      const vtable = known(part.read(session.addressSize));
      return functionAt(known(virtualSlot(addressIn(vtable, position), place.entry, part)));
    }
  }
}

function known<T>(value: T | Missing): T {
  if (value instanceof Missing) throw new Unavailable(value);
  return value;
}

function addressIn(bytes: Uint8Array, position: number): Address {
  const bits = fromBytes(bytes);
  if (bits === 0n || bits > BigInt(Number.MAX_SAFE_INTEGER))
    throw new ExpressionError("the object has no vtable yet", position);
  return address(Number(bits));
}

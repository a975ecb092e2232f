/**
 * Optionals: a structure `?T` of `data` (since Zig 0.15 `payload`) and `some`; where `T` is a pointer or a slice, which are never 0, Zig 0.11
 * gives no more than that, and 0 stands for `null`.
 */
import { Missing, missing } from "../../dwarf/missing";
import { pointerTarget } from "../pointers";
import { namedChildren, unavailable, type View, type World } from "../presentation";
import type { Storage } from "../storage";
import { strip, type Type } from "../types";
import { type Member, membersOf, numberIn } from "./members";
import { sliceElements } from "./slices";

export const optionalView: View = (type, storage, world) => {
  const held = structured(type, storage, world);
  if (held === undefined) return undefined;
  if (held instanceof Missing) return unavailable(held);
  if (held === "null") return { summary: () => type.flavour.nullPointer };
  const payload = world.value(held.type, held.storage);
  return {
    summary: (style) => payload.summary(style),
    children: namedChildren(1, () => [
      { name: ".?", value: payload, path: (parent) => `${parent}.?`, hint: "virtual" },
    ]),
  };
};

function structured(type: Type, storage: Storage, world: World): Member | "null" | Missing | undefined {
  const older = membersOf(type, storage, world, /^\?/, "data", "some");
  const newer = older ? undefined : membersOf(type, storage, world, /^\?/, "payload", "some");
  const flag = (older ?? newer)?.some;
  const some = flag && numberIn(flag);
  if (some === undefined) return undefined;
  if (some instanceof Missing) return some;
  if (some === 0) return "null";
  return some === 1
    ? (older?.data ?? newer!.payload)
    : missing("inconsistent", `${some} is no flag of an optional`);
}

/** What an optional holds: of a pointer or a slice itself. Undefined for a type that is never one. */
export function optionalPayload(
  declared: Type,
  storage: Storage,
  world: World,
): Member | "null" | Missing | undefined {
  const type = strip(declared);
  const own = structured(type, storage, world);
  if (own !== undefined || type.flavour.name !== "zig") return own;
  const held = type.kind === "pointer" ? pointerTarget(type, storage) : sliceElements(type, storage, world);
  if (held === undefined) return undefined;
  if (held === 0 || (held instanceof Missing && held.reason === "null-pointer")) return "null";
  return held instanceof Missing ? held : { type, storage };
}

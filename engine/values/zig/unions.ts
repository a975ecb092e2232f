/**
 * Tagged unions: a structure of `tag`, an enumeration, and `payload`, a union of what the tags stand for. Debug and
 * ReleaseSafe give bare unions a tag as well, to check it. Only the active field is shown; before Zig 0.16 one of
 * type void is not among the payload's.
 */
import { Missing, missing } from "../../dwarf/missing";
import { enumeratorOf } from "../enumerations";
import { inner, namedChildren, unavailable, type View, type World } from "../presentation";
import type { Storage } from "../storage";
import { type EnumerationType, strip, type Type } from "../types";
import { isVoid, type Member, memberNamed, membersOf } from "./members";

interface ActiveField {
  readonly name: string;
  /** The enumeration that tells the fields apart. */
  readonly tag: EnumerationType;
  /** Undefined for a field of type void. */
  readonly payload: Member | undefined;
}

/** The active field of a tagged union; undefined for every other type. */
export function activeField(type: Type, storage: Storage, world: World): ActiveField | Missing | undefined {
  const members = membersOf(type, storage, world, /./s, "payload", "tag");
  const payload = members && strip(members.payload.type);
  const tag = members && strip(members.tag.type);
  if (payload?.kind !== "record" || payload.form !== "union" || tag?.kind !== "enumeration") return undefined;
  if (payload.name !== `${strip(type).name}:Payload`) return undefined;
  const name = enumeratorOf(tag, members!.tag.storage);
  if (name instanceof Missing) return name;
  if (name === undefined) return missing("inconsistent", "its tag is none of the union's");
  const held = memberNamed(payload, members!.payload.storage, name, world);
  return { name, tag, payload: held && isVoid(held.type) ? undefined : held };
}

export const taggedUnionView: View = (type, storage, world) => {
  const active = activeField(type, storage, world);
  if (active === undefined) return undefined;
  if (active instanceof Missing) return unavailable(active);
  const { name, payload } = active;
  if (payload === undefined) return { summary: () => type.flavour.enumerator(name) };
  const value = world.value(payload.type, payload.storage);
  return {
    summary: (style) =>
      type.flavour.record(type.name, [{ name, text: value.summary(inner(style, name.length + 8)) }]),
    children: namedChildren(1, () => [{ name, value, path: (parent) => `${parent}.${name}` }]),
  };
};

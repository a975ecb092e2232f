/** Optionals that are no pointers: a structure `?T` of `data` and `some`. Its payload, or `null`. */
import { Missing, missing } from "../../dwarf/missing";
import { namedChildren, unavailable, type View } from "../presentation";
import { membersOf, numberIn } from "./members";

export const optionalView: View = (type, storage, world) => {
  const members = membersOf(type, storage, world, /^\?/, "data", "some");
  if (members === undefined) return undefined;
  const some = numberIn(members.some);
  if (some instanceof Missing) return unavailable(some);
  if (some === 0) return { summary: () => type.flavour.nullPointer };
  if (some !== 1) return unavailable(missing("inconsistent", `${some} is no flag of an optional`));
  const payload = world.value(members.data.type, members.data.storage);
  return {
    summary: (style) => payload.summary(style),
    children: namedChildren(1, () => [
      { name: ".?", value: payload, path: (parent) => `${parent}.data`, hint: "virtual" },
    ]),
  };
};

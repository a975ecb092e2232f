/**
 * Errors. An error is a number, the same for the same name in the whole program, 0 for none. Where the debug
 * information has the names, they are its type's enumerators; what Zig 0.11 to 0.14 emit for Wasm is a bare number.
 */
import { Missing } from "../../dwarf/missing";
import { enumeratorOf } from "../enumerations";
import { namedChildren, unavailable, type View } from "../presentation";
import { membersOf, numberIn } from "./members";

/** `E!T`: a structure of `tag`, the error, and `value`. */
export const errorUnionView: View = (type, storage, world) => {
  const members = membersOf(type, storage, world, /!/, "tag", "value");
  const number = members && numberIn(members.tag);
  if (members === undefined || number === undefined) return undefined;
  if (number instanceof Missing) return unavailable(number);
  const name = number === 0 ? "value" : "tag";
  const value = world.value(members[name].type, members[name].storage);
  return {
    summary: (style) => value.summary(style),
    children: namedChildren(1, () => [{ name, value, path: (parent) => `${parent}.${name}` }]),
  };
};

/** An error of any set; Zig 0.11 calls `E!void` by the same name. */
export const errorView: View = (type, storage) => {
  if (type.name !== "anyerror") return undefined;
  const number = numberIn({ type, storage });
  if (number === undefined) return undefined;
  if (number instanceof Missing) return unavailable(number);
  if (number === 0) return { summary: () => "no error" };
  const name = type.kind === "enumeration" ? enumeratorOf(type, storage) : undefined;
  return { summary: () => (typeof name === "string" ? `error.${name}` : `error ${number}`) };
};

/**
 * Zig's own views of types. Its compiler describes slices, optionals, error unions and tagged unions as plain
 * structures of members with fixed names; a name that the language reserves for such a type tells them from
 * structures of the program.
 */
import { Missing } from "../../dwarf/missing";
import { pointerTarget } from "../pointers";
import type { View } from "../presentation";
import { errorUnionView, errorView } from "./errors";
import { optionalView } from "./optionals";
import { sentinelView, sliceView } from "./slices";
import { taggedUnionView } from "./unions";

/** Only an optional pointer can be 0, and Zig 0.11 calls it by its pointer's name. */
const nullView: View = (type, storage) => {
  const target = type.kind === "pointer" ? pointerTarget(type, storage) : undefined;
  if (target === undefined || target instanceof Missing || target !== 0) return undefined;
  return { target, summary: () => type.flavour.nullPointer };
};

export const zigViews: readonly View[] = [
  sliceView,
  optionalView,
  errorUnionView,
  errorView,
  taggedUnionView,
  nullView,
  sentinelView,
];

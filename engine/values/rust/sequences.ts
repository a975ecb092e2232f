/** Rust's sequences as lists: `[1, 2]` for slices, `vec![…]`'s elements for Vec. */
import { Missing } from "../../dwarf/missing";
import { presentElements } from "../arrays";
import { unavailable, type View } from "../presentation";
import { rustElements } from "./elements";

export const sequenceView: View = (type, storage, world) => {
  const elements = rustElements(type, storage, world);
  if (elements === undefined) return undefined;
  return elements instanceof Missing
    ? unavailable(elements)
    : presentElements(elements, world, type.flavour.array);
};

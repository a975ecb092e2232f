/** A single bit of a `vector<bool>` or `bitset`: what their `[]` gives, and their iterators. */
import { DW_ATE } from "../../dwarf/constants";
import { Missing } from "../../dwarf/missing";
import { addressText, leading } from "../pointers";
import { inner, namedChildren, type Presentation, unavailable } from "../presentation";
import { baseType, strip } from "../types";
import { delegated } from "./holders";
import { corrupted, Part } from "./layout";

/** The bit of the word that `__seg_` points at. */
function bitAt(whole: Part, index: number): Part | undefined {
  const word = whole.member("__seg_")?.target();
  const bits = 8 * (word?.type.size ?? 0);
  if (word === undefined || index >= bits) return undefined;
  const bool = baseType(strip(whole.type).flavour, "bool", DW_ATE.boolean, 1);
  return new Part(bool, word.storage.bitField(index, 1), whole.world);
}

/** `vector<bool>::reference`: a word and a mask with one bit. */
export function referredBit(whole: Part): Part | Missing | undefined {
  const mask = whole.member("__mask_")?.number();
  if (mask === undefined || mask instanceof Missing) return mask;
  const index = Math.log2(mask);
  return Number.isInteger(index) ? bitAt(whole, index) : corrupted(`a mask of 0x${mask.toString(16)}`);
}

export function presentBitReference(whole: Part): Presentation | undefined {
  const bit = referredBit(whole);
  return bit instanceof Missing ? unavailable(bit) : delegated(bit);
}

/** `vector<bool>::iterator`: a word and the number of its bit. */
export function iteratedBit(whole: Part): Part | undefined {
  const index = whole.member("__ctz_")?.number();
  return typeof index === "number" ? bitAt(whole, index) : undefined;
}

export function presentBitIterator(whole: Part): Presentation | undefined {
  const word = whole.member("__seg_")?.pointer();
  const bit = iteratedBit(whole);
  if (word === undefined || word instanceof Missing || bit === undefined) return undefined;
  if (word === 0) return { target: word, summary: () => "nullptr" };
  const at = addressText(word, whole.storage.machine.addressSize);
  const index = whole.member("__ctz_")!.value;
  const { value } = bit;
  return {
    target: word,
    summary: (style) => {
      const place = `${at} bit ${index.text()}`;
      return leading(place, ` → ${value.summary(inner(style, place.length + 3))}`, style).trim();
    },
    children: namedChildren(1, () => [{ name: "*", value, path: (parent) => `(*${parent})` }]),
  };
}

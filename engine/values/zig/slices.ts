/**
 * Slices: a structure `[]T` (or with a sentinel, `[:0]T`) of `ptr` and `len`. Zig has no type for text: bytes that
 * read as text are shown as text, all others as numbers; the elements are the numbers either way.
 */
import { address } from "../../bytes/offsets";
import { Missing, missing } from "../../dwarf/missing";
import { type Elements, presentElements } from "../arrays";
import { addressText, leading, pointerTarget } from "../pointers";
import { type Presentation, unavailable, type View, type World } from "../presentation";
import { Storage } from "../storage";
import { isPlainText, quoteUtf8, TEXT_LIMIT, textAt } from "../text";
import { type BaseType, strip, type Type } from "../types";
import { membersOf, numberIn } from "./members";

const SLICE = /^\[(:[^\]]*)?\]/;

/** A slice's elements; Missing as a null pointer for an optional slice that is null; undefined for other types. */
export function sliceElements(type: Type, storage: Storage, world: World): Elements | Missing | undefined {
  const members = membersOf(type, storage, world, SLICE, "ptr", "len");
  const pointer = members && strip(members.ptr.type);
  if (members === undefined || pointer?.kind !== "pointer") return undefined;
  const base = pointerTarget(pointer, members.ptr.storage);
  const count = numberIn(members.len);
  if (base instanceof Missing) return base;
  // The pointer of a slice is never 0: an optional slice uses that for null.
  if (base === 0) return missing("null-pointer");
  if (count === undefined || count instanceof Missing) return count;
  const element = pointer.target;
  const { size } = element;
  if (size === undefined) return missing("incomplete-type", element.name);
  const end = base + count * size;
  if (end > 2 ** (8 * world.frame.machine.addressSize))
    return missing(
      "inconsistent",
      `${count} elements from 0x${base.toString(16)} on are more than memory holds`,
    );
  const { provenance } = members.ptr.storage;
  return {
    type: element,
    count,
    lower: 0,
    at: (index) =>
      new Storage({ kind: "memory", address: address(base + index * size), provenance }, storage.machine),
  };
}

export const sliceView: View = (type, storage, world) => {
  const elements = sliceElements(type, storage, world);
  if (elements === undefined) return undefined;
  if (elements instanceof Missing)
    return elements.reason === "null-pointer"
      ? { summary: () => type.flavour.nullPointer }
      : unavailable(elements);
  const listed = presentElements(elements, world, type.flavour.array);
  return isByte(strip(elements.type)) ? asText(elements, listed) : listed;
};

/** `[*:0]const u8`, as Zig from 0.16 on calls a pointer to bytes that end in a 0: its text. */
export const sentinelView: View = (type, storage, world) => {
  if (type.kind !== "pointer" || !/^\??\[\*:0\](const )?u8$/.test(type.name)) return undefined;
  const target = pointerTarget(type, storage);
  const found = target instanceof Missing ? target : textAt(storage.machine, target, 1, TEXT_LIMIT);
  if (target instanceof Missing || found instanceof Missing || !isPlainText(found.bytes, found.more))
    return undefined;
  const at = addressText(target, world.frame.machine.addressSize);
  return {
    target,
    summary: (style) => leading(at, ` ${quoteUtf8(found.bytes, style.budget, found.more)}`, style),
  };
};

const isByte = (type: Type): type is BaseType => type.kind === "base" && type.name === "u8";

/** The same, with its text as summary when it is one. */
function asText(elements: Elements, listed: Presentation): Presentation {
  const length = Math.min(elements.count, TEXT_LIMIT);
  const bytes = length === 0 ? undefined : elements.at(0).read(length);
  if (bytes === undefined || bytes instanceof Missing) return listed;
  const more = length < elements.count;
  if (!isPlainText(bytes, more)) return listed;
  return {
    ...listed,
    summary: (style) => (style.hex ? listed.summary(style) : quoteUtf8(bytes, style.budget, more)),
  };
}

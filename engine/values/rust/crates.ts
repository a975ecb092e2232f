/**
 * Containers of the crates that most programs have in them: SmallVec, ArrayVec and ArrayString, Bytes, IndexMap and
 * IndexSet. As with the library's, a layout that is not known does not apply, and the members are shown.
 */
import { Missing, missing } from "../../dwarf/missing";
import { type Elements, presentElements } from "../arrays";
import { unavailable, type View, type World } from "../presentation";
import type { Storage } from "../storage";
import { isPlainText, quoteUtf8, TEXT_LIMIT } from "../text";
import { elementOf, type RecordType, sizeOf, strip, type Type } from "../types";
import { contiguous } from "./contiguous";
import { Entries, type MapEntry, presentEntries } from "./entries";
import { innerPointer, member, numberOf, type Part, parameter, wholePart } from "./layout";
import { pathOf, unwrapped } from "./library";

const BYTES = /^bytes::(bytes::Bytes|bytes_mut::BytesMut)$/;

/** The elements of a sequence of one of these crates; undefined for every other type. */
export function crateElements(
  type: RecordType,
  storage: Storage,
  world: World,
): Elements | Missing | undefined {
  const path = pathOf(type) ?? "";
  const whole = wholePart(type, storage);
  if (path === "smallvec::SmallVec") return smallElements(type, whole, world);
  if (/^arrayvec::\w+::Array(Vec|String)$/.test(path)) return inlineElements(whole, world);
  if (!BYTES.test(path)) return undefined;
  const pointer = member(whole, world, "ptr");
  const bare = pointer && unwrapped(pointer, world);
  const target = bare && strip(bare.type);
  const length = lengthOf(whole, world);
  if (target?.kind !== "pointer" || length === undefined) return undefined;
  return contiguous(bare!, target.target, length, world);
}

function lengthOf(whole: Part, world: World): number | Missing | undefined {
  const length = member(whole, world, "len");
  return length && numberOf(length);
}

/** ArrayVec: an array of places, of which the first are filled. */
function inlineElements(whole: Part, world: World): Elements | Missing | undefined {
  const places = member(whole, world, "xs");
  const length = lengthOf(whole, world);
  const array = places && strip(places.type);
  if (array?.kind !== "array" || length === undefined || length instanceof Missing) return undefined;
  const slot = strip(elementOf(array));
  const type = slot.kind === "record" ? parameter(slot, "T") : undefined;
  return type && filled(type, places!, length, array.size);
}

/** Elements at the front of a place of `room` bytes. */
function filled(
  type: Type,
  place: Part,
  count: number,
  room: number | undefined,
): Elements | Missing | undefined {
  const stride = sizeOf(type);
  if (stride === undefined || room === undefined) return undefined;
  if (count * stride > room) return missing("inconsistent", `${count} elements in room for ${room / stride}`);
  return { type, count, lower: 0, at: (index) => place.storage.at(index * stride) };
}

/** SmallVec with its feature `union`: up to the array's length its capacity is its length, and the elements lie inside. */
function smallElements(type: RecordType, whole: Part, world: World): Elements | Missing | undefined {
  const given = parameter(type, "A");
  const array = given && strip(given);
  const capacity = member(whole, world, "capacity");
  const inline = member(whole, world, "data", "inline");
  const heap = member(whole, world, "data", "heap");
  const number = capacity && numberOf(capacity);
  if (number instanceof Missing) return number;
  const room = array?.kind === "array" ? array.dimensions[0]?.count : undefined;
  if (array?.kind !== "array" || number === undefined || typeof room !== "number") return undefined;
  const element = elementOf(array);
  if (number <= room) return inline && filled(element, inline, number, array.size);
  const pointer = heap && member(heap, world, "__0");
  const length = heap && member(heap, world, "__1");
  const bare = pointer && unwrapped(pointer, world);
  const count = length && numberOf(length);
  return bare && count !== undefined ? contiguous(bare, element, count, world) : undefined;
}

/** `b"text"` for bytes that read as text, and an ArrayString's text. */
export const crateTextView: View = (type, storage, world) => {
  const path = pathOf(type) ?? "";
  const isText = path === "arrayvec::array_string::ArrayString";
  if (type.kind !== "record" || !(isText || BYTES.test(path))) return undefined;
  const elements = crateElements(type, storage, world);
  if (elements === undefined || elements instanceof Missing) return elements && unavailable(elements);
  const shown = Math.min(elements.count, TEXT_LIMIT);
  const bytes = shown === 0 ? new Uint8Array(0) : elements.at(0).read(shown);
  if (bytes instanceof Missing) return unavailable(bytes);
  const more = shown < elements.count;
  if (!isText && (shown === 0 || !isPlainText(bytes, more))) return undefined;
  const listed = presentElements(elements, world, type.flavour.array);
  const sign = isText ? "" : "b";
  return { ...listed, summary: (style) => sign + quoteUtf8(bytes, Math.max(8, style.budget), more) };
};

export const indexView: View = (type, storage, world) => {
  const entries = indexEntries(type, storage, world);
  return entries instanceof Missing ? unavailable(entries) : entries && presentEntries(entries, world);
};

/** The entries of an IndexMap or an IndexSet, in their order; undefined for every other type. */
export function indexEntries(type: Type, storage: Storage, world: World): Entries | Missing | undefined {
  const path = pathOf(type);
  const isMap = path === "indexmap::map::IndexMap";
  if (!isMap && path !== "indexmap::set::IndexSet") return undefined;
  const whole = wholePart(type, storage);
  const list = member(whole, world, ...(isMap ? [] : ["map"]), "core", "entries");
  const length = list && lengthOf(list, world);
  const vec = list && strip(list.type);
  const bucket = vec?.kind === "record" ? parameter(vec, "T") : undefined;
  const buffer = list && member(list, world, "buf");
  const pointer = buffer && innerPointer(buffer.type, buffer.storage, world);
  if (pointer === undefined || bucket === undefined || length === undefined) return undefined;
  const buckets = contiguous(pointer, bucket, length, world);
  if (buckets instanceof Missing) return buckets;
  return new Entries(buckets.count, each(buckets, isMap, world));
}

function* each(buckets: Elements, isMap: boolean, world: World): Generator<MapEntry, Missing | undefined> {
  for (let index = 0; index < buckets.count; index++) {
    const bucket = wholePart(buckets.type, buckets.at(index));
    const [key, value] = [member(bucket, world, "key"), member(bucket, world, "value")];
    if (key === undefined || value === undefined) return missing("malformed", "a bucket of an IndexMap");
    yield { key, value: isMap ? value : undefined };
  }
  return undefined;
}

/** C++'s text: `std::string` in its short and its long form, `string_view`, and their wider sisters. */
import type { Address } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import { type Elements, elementChildren } from "../arrays";
import { type Presentation, unavailable } from "../presentation";
import { quoteUnits, quoteUtf8, TEXT_LIMIT } from "../text";
import { strip } from "../types";
import { contiguous, corrupted, type Part } from "./layout";

/** A string's characters: inside of the object while they fit there, on the heap otherwise. */
export function stringElements(whole: Part): Elements | Missing | undefined {
  const representation = whole.member("__rep_", "__r_");
  const short = representation?.member("__s");
  const long = representation?.member("__l");
  if (short === undefined || long === undefined) return undefined;
  const isLong = longForm(short);
  if (isLong === undefined || isLong instanceof Missing) return isLong;
  return isLong ? longElements(long, short) : shortElements(short);
}

/** Which form it has: a flag since LLVM 15, before that a bit of the byte that holds the short form's size. */
function longForm(short: Part): boolean | Missing | undefined {
  const flag = short.member("__is_long_");
  if (flag !== undefined) {
    const value = flag.number();
    return typeof value === "number" ? value !== 0 : value;
  }
  const size = short.member("__size_")?.number();
  const mask = sizeMask(short);
  return typeof size === "number" && mask !== undefined ? (size & mask) !== 0 : (size as Missing | undefined);
}

/** The bit of a flagless size byte that marks the long form: the byte's last bit in memory order. */
function sizeMask(short: Part): number | undefined {
  const size = short.member("__size_");
  const data = short.member("__data_");
  if (size === undefined || data === undefined) return undefined;
  return size.storage.skip > data.storage.skip || isBehind(size, data) ? 0x80 : 0x01;
}

function isBehind(one: Part, other: Part): boolean {
  const { address } = one.storage;
  return address !== undefined && other.storage.address !== undefined && address > other.storage.address;
}

function shortElements(short: Part): Elements | Missing | undefined {
  const data = short.member("__data_");
  const array = data && strip(data.type);
  let size = short.member("__size_")?.number();
  if (data === undefined || array?.kind !== "array" || size === undefined || size instanceof Missing)
    return size instanceof Missing ? size : undefined;
  if (short.member("__is_long_") === undefined && sizeMask(short) === 0x01) size >>= 1;
  const capacity = array.dimensions[0]?.count;
  const stride = array.element.size;
  if (typeof capacity !== "number" || stride === undefined) return undefined;
  if (size >= capacity) return crowded(size, capacity);
  return { type: array.element, count: size, lower: 0, at: (index) => data.storage.at(index * stride) };
}

/** The room that a string says it has holds one character more than the string, and is memory as a whole. */
function longElements(long: Part, short: Part): Elements | Missing | undefined {
  const data = long.member("__data_");
  const elements = counted(data, long.member("__size_"));
  const room = roomOf(long, short);
  if (room === undefined || elements === undefined || elements instanceof Missing) return elements;
  if (elements.count >= room) return crowded(elements.count, room);
  const all = contiguous(elements.type, data!.pointer() as Address, room, data!.storage);
  return all instanceof Missing ? all : elements;
}

/** Characters that the long form has room for; undefined where that is not known. */
function roomOf(long: Part, short: Part): number | undefined {
  const capacity = long.member("__cap_");
  const count = capacity?.number();
  if (capacity === undefined || typeof count !== "number") return undefined;
  const flag = short.member("__is_long_");
  // Without a flag of its own, one of the capacity's bits is the mark.
  if (flag === undefined)
    return sizeMask(short) === 0x01 ? count - (count % 2) : count % 2 ** (8 * (capacity.type.size ?? 4) - 1);
  // Where the flag is the lowest bit of the word, the others count pairs.
  return flag.storage.skip < capacity.storage.skip ? 2 * count : count;
}

const crowded = (size: number, room: number): Missing =>
  corrupted(`${size} characters in a string with room for ${Math.max(0, room - 1)}`);

/** A pointer and a count of what it points at. */
export function counted(data: Part | undefined, size: Part | undefined): Elements | Missing | undefined {
  const pointer = data && strip(data.type);
  const base = data?.pointer();
  const count = size?.number();
  if (base instanceof Missing) return base;
  if (count instanceof Missing) return count;
  if (data === undefined || pointer?.kind !== "pointer" || base === undefined || count === undefined)
    return undefined;
  return contiguous(pointer.target, base, count, data.storage);
}

/** `string_view`: a pointer and a length. */
export const viewElements = (whole: Part): Elements | Missing | undefined =>
  counted(whole.member("__data_", "__data"), whole.member("__size_", "__size"));

/**
 * Characters as text in quotes, and one by one behind it.
 * @param written what the program calls them
 */
export function presentText(
  characters: Elements | Missing | undefined,
  whole: Part,
  written: (characters: Elements) => Elements = (bare) => bare,
): Presentation | undefined {
  if (characters === undefined) return undefined;
  if (characters instanceof Missing) return unavailable(characters);
  const size = characters.type.size;
  if (size !== 1 && size !== 2 && size !== 4) return undefined;
  const shown = Math.min(characters.count, TEXT_LIMIT / size);
  const bytes = shown === 0 ? new Uint8Array(0) : characters.at(0).read(shown * size);
  if (bytes instanceof Missing) return unavailable(bytes);
  const more = shown < characters.count;
  return {
    summary: (style) => {
      const limit = Math.max(8, style.budget);
      return size === 1 ? quoteUtf8(bytes, limit, more) : quoteUnits(bytes, size, limit, more);
    },
    children: elementChildren(written(characters), whole.world),
  };
}

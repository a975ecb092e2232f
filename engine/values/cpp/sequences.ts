/** C++'s containers whose elements are found by their index: `vector`, `array`, `deque`, `span`, bits. */
import { once } from "../../bytes/errors";
import { type Address, address } from "../../bytes/offsets";
import { DW_ATE, DW_TAG } from "../../dwarf/constants";
import { Missing, missing } from "../../dwarf/missing";
import { fromBytes } from "../../dwarf/stack-value";
import { type Elements, elementsOf } from "../arrays";
import { baseType, strip, type Type } from "../types";
import {
  contiguous,
  corrupted,
  libraryName,
  memoryAt,
  numberArgument,
  type Part,
  typeArgument,
} from "./layout";
import { counted, stringElements, viewElements } from "./text";

/** `vector`: two pointers around the elements; `vector<bool>` keeps bits. */
export function vectorElements(whole: Part): Elements | Missing | undefined {
  const begin = whole.member("__begin_");
  const end = whole.member("__end_");
  if (begin === undefined) return undefined;
  if (end === undefined) return bitsBehind(begin, whole.member("__size_"), typeArgument(whole.type, 0));
  const pointer = strip(begin.type);
  const from = begin.pointer();
  const to = end.pointer();
  const room = whole.member("__cap_", "__end_cap_")?.pointer() ?? to;
  for (const bound of [from, to, room]) if (bound instanceof Missing) return bound;
  if (pointer.kind !== "pointer" || from === undefined || to === undefined) return undefined;
  const stride = pointer.target.size;
  if (to === from && (room as Address) >= (to as Address))
    return contiguous(pointer.target, from as Address, 0, begin.storage);
  if (stride === undefined || stride === 0) return missing("incomplete-type", pointer.target.name);
  const count = ((to as Address) - (from as Address)) / stride;
  if (!Number.isInteger(count) || count < 0 || (room as Address) < (to as Address))
    return corrupted("a vector whose end lies before its begin, or behind its capacity");
  return contiguous(pointer.target, from as Address, count, begin.storage);
}

function bitsBehind(
  words: Part,
  size: Part | undefined,
  type: Type | undefined,
): Elements | Missing | undefined {
  const base = words.pointer();
  const count = size?.number();
  if (base instanceof Missing) return base;
  if (count instanceof Missing) return count;
  if (base === undefined || count === undefined || type === undefined) return undefined;
  if (strip(type).kind !== "base") return undefined;
  if (
    count > 0 &&
    words.storage.machine.memory(address(base + Math.ceil(count / 8) - 1), 1) instanceof Missing
  )
    return corrupted(`${count} bits from 0x${base.toString(16)} on are not all in memory`);
  const bits = memoryAt(base, words.storage);
  return { type, count, lower: 0, at: (index) => bits.bitField(index, 1) };
}

/** `bitset<N>`: words of bits, or one. */
export function bitsetElements(whole: Part): Elements | undefined {
  const count = numberArgument(whole.type, 0);
  const words = whole.member("__first_");
  if (count === undefined || (words === undefined && count > 0n)) return undefined;
  const bool = baseType(strip(whole.type).flavour, "bool", DW_ATE.boolean, 1);
  const { storage } = words ?? whole;
  return { type: bool, count: Number(count), lower: 0, at: (index) => storage.bitField(index, 1) };
}

/** `array<T, N>`: a plain array; one without elements has some other member instead. */
export function arrayElements(whole: Part): Elements | Missing | undefined {
  const element = typeArgument(whole.type, 0);
  const count = numberArgument(whole.type, 0);
  if (count === 0n && element !== undefined)
    return { type: element, count: 0, lower: 0, at: () => whole.storage };
  const elements = whole.member("__elems_");
  const array = elements && strip(elements.type);
  return array?.kind === "array" ? elementsOf(array, elements!.storage, whole.world) : undefined;
}

/** `span<T>` has a size, `span<T, N>` has it in its type. */
export function spanElements(whole: Part): Elements | Missing | undefined {
  const data = whole.member("__data_", "__data");
  const size = whole.member("__size_", "__size");
  if (size !== undefined) return counted(data, size);
  const base = data?.pointer();
  const pointer = data && strip(data.type);
  const extent = numberArgument(whole.type, 0);
  if (base instanceof Missing) return base;
  if (base === undefined || pointer?.kind !== "pointer" || extent === undefined) return undefined;
  return contiguous(pointer.target, base, Number(extent), data!.storage);
}

export const initializerListElements = (whole: Part): Elements | Missing | undefined =>
  counted(whole.member("__begin_"), whole.member("__size_"));

/**
 * `deque`: blocks of elements, whose addresses stand in a row. How many elements a block has is no member of
 * the object: it follows from the element's size (the library's `__deque_block_size`), and is held against the
 * number of blocks.
 */
export function dequeElements(whole: Part): Elements | Missing | undefined {
  const blocks = whole.member("__map_");
  const begin = blocks?.member("__begin_")?.pointer();
  const end = blocks?.member("__end_")?.pointer();
  const start = whole.member("__start_")?.number();
  const count = whole.member("__size_")?.number();
  const element = typeArgument(whole.type, 0);
  for (const part of [begin, end, start, count]) if (part instanceof Missing) return part;
  if (begin === undefined || end === undefined || start === undefined || count === undefined)
    return undefined;
  const stride = element?.size;
  if (element !== undefined && begin === end && count === 0)
    return contiguous(element, address(0), 0, whole.storage);
  if (element === undefined || stride === undefined || stride === 0) return undefined;
  const perBlock = stride < 256 ? Math.floor(4096 / stride) : 16;
  const { machine } = whole.storage;
  const pointer = machine.addressSize;
  const first = begin as Address;
  const room = (((end as Address) - first) / pointer) * perBlock;
  const offset = start as number;
  if (!Number.isInteger(room) || offset + (count as number) > room)
    return corrupted(`a deque of ${count} elements with room for ${room}`);
  const at = (index: number) => {
    const position = offset + index;
    const bytes = machine.memory(address(first + Math.floor(position / perBlock) * pointer), pointer);
    if (bytes instanceof Missing) return memoryAt(bytes, whole.storage);
    const block = Number(fromBytes(bytes));
    return memoryAt(address(block + (position % perBlock) * stride), whole.storage);
  };
  return { type: element, count: count as number, lower: 0, at };
}

const BY_NAME: Readonly<Record<string, (whole: Part) => Elements | Missing | undefined>> = {
  vector: vectorElements,
  valarray: vectorElements,
  array: arrayElements,
  span: spanElements,
  initializer_list: initializerListElements,
  deque: dequeElements,
  bitset: bitsetElements,
  basic_string: stringElements,
  basic_string_view: viewElements,
};

/** The elements of a container that the language's own `[]` takes an index of. */
export function indexedElements(whole: Part): Elements | Missing | undefined {
  const elements = bareElements(whole);
  return elements === undefined || elements instanceof Missing ? elements : asWritten(elements, whole);
}

/** The same by the type that the library gives them. */
export function bareElements(whole: Part): Elements | Missing | undefined {
  const name = libraryName(whole.type);
  return name !== undefined && Object.hasOwn(BY_NAME, name) ? BY_NAME[name]!(whole) : undefined;
}

/**
 * Elements of the type that the program gave, where the library has a name of its own for it, as `value_type`. It is
 * asked for late: a class of the library has hundreds of members to pass over.
 */
export function asWritten(elements: Elements, whole: Part): Elements {
  const bare = elements.type;
  if (bare.kind !== "alias" || bare.entry?.tag !== DW_TAG.typedef) return elements;
  const written = once(() => {
    const type = typeArgument(whole.type, 0);
    return type?.size === bare.size ? type : bare;
  });
  return {
    ...elements,
    get type() {
      return written() ?? bare;
    },
  };
}

/** Arrays (DWARF 5 §5.5): elements by page however many there are, and arrays of characters as text. */
import { Missing, missing } from "../dwarf/missing";
import type { Place } from "../dwarf/place";
import { fromBytes } from "../dwarf/stack-value";
import { characterType, integerOf } from "./base";
import type { Child, Children } from "./model";
import { inner, type Presentation, type Style, SUMMARY_DEPTH, unavailable, type World } from "./presentation";
import type { Storage } from "./storage";
import { quoteUnits, quoteUtf8, TEXT_LIMIT } from "./text";
import { type ArrayType, arrayType, type BaseType, type Count, sizeOf, strip, type Type } from "./types";

/** Elements in a row: what arrays, slices and vectors have in common. */
export interface Elements {
  readonly type: Type;
  readonly count: number;
  /** Index of the first one. */
  readonly lower: number;
  /** Set where nothing says how many there are; `count` is then 0. */
  readonly open?: boolean;
  at(index: number): Storage;
}

export function presentArray(type: ArrayType, storage: Storage, world: World): Presentation {
  if (storage.place instanceof Missing) return unavailable(storage.place);
  const elements = elementsOf(type, storage, world);
  if (elements instanceof Missing) return unavailable(elements);
  const element = characterType(elements.type);
  if (element !== undefined && elements.open !== true) {
    const text = characters(element, elements.count, storage);
    if (text !== undefined) return { ...text, children: elementChildren(elements, world) };
  }
  return presentElements(elements, world, type.flavour.array);
}

/** An array's elements; Missing when their number or their size is not known. */
export function elementsOf(type: ArrayType, storage: Storage, world: World): Elements | Missing {
  const dimensions = counted(type, storage, world);
  if (dimensions instanceof Missing) return dimensions;
  const [outermost, ...rest] = dimensions;
  const { count, lower } = outermost!;
  const element = rest.length === 0 ? type.element : arrayType(type.flavour, type.element, rest, type.stride);
  const size = sizeIn(element, storage, world);
  if (size instanceof Missing) return size;
  const stride = rest.length === 0 ? (type.stride ?? size) : size;
  if (stride === undefined) return missing("incomplete-type", element.name);
  const inBits = !Number.isInteger(stride) || (size !== undefined && stride < size);
  const at = (index: number): Storage => {
    const offset = (index - lower) * stride;
    return inBits ? storage.bitField(8 * offset, 8 * Math.min(stride, size ?? stride)) : storage.at(offset);
  };
  // An array of open length (a flexible member) has as many elements as the debug information says: none.
  return { type: element, count: count ?? 0, lower, open: count === undefined, at };
}

/** An array's dimensions with the counts that they have in the frame; undefined for one of open length. */
function counted(
  type: ArrayType,
  storage: Storage,
  world: World,
): { lower: number; count: number | undefined }[] | Missing {
  const dimensions = [];
  for (const { lower, count } of type.dimensions) {
    const known = countOf(count, type, world, storage);
    if (known instanceof Missing) return known;
    dimensions.push({ lower, count: known });
  }
  return dimensions;
}

/** A type's size in bytes; of an array of variable length the size that it has in the frame. */
export function sizeIn(
  declared: Type,
  storage: Storage,
  world: World,
  depth = 0,
): number | Missing | undefined {
  const size = sizeOf(declared);
  const type = strip(declared);
  if (size !== undefined || type.kind !== "array" || depth > NESTING_LIMIT) return size;
  const dimensions = counted(type, storage, world);
  if (dimensions instanceof Missing) return dimensions;
  let total = type.stride ?? sizeIn(type.element, storage, world, depth + 1);
  if (total instanceof Missing) return total;
  for (const { count } of dimensions) {
    if (total === undefined || count === undefined) return undefined;
    total *= count;
  }
  return total && Math.ceil(total);
}

/** Arrays of arrays that are followed. */
const NESTING_LIMIT = 32;

function countOf(
  count: Count,
  type: ArrayType,
  world: World,
  storage: Storage,
): number | Missing | undefined {
  if (count === undefined || typeof count === "number")
    return count === undefined ? undefined : Math.max(0, count);
  if ("unknown" in count) return missing("unsupported-operation", count.unknown);
  let value: bigint | Missing | undefined;
  if ("entry" in count) {
    const variable = world.variable(count.entry);
    value = variable.missing ?? integerOf(variable.type, variable.storage);
  } else {
    const unit = type.entry?.unit;
    const place = unit && world.place(count.expression, unit, storage.address);
    if (place instanceof Missing) return place;
    value = place && numberIn(place);
  }
  if (value instanceof Missing) return value;
  if (value !== undefined) value += BigInt(count.plus);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return value === undefined || value < 0n || value > limit
    ? missing("malformed", "its length")
    : Number(value);
}

/** What an expression gives that computes a number: what it left on the stack, or said to be the value. */
function numberIn(place: Place): bigint | undefined {
  if (place.kind === "memory") return BigInt(place.address);
  return place.kind === "value" || place.kind === "register" ? fromBytes(place.bytes) : undefined;
}

/** Elements as a list, with children by page. */
export function presentElements(
  elements: Elements,
  world: World,
  [open, close]: readonly [string, string],
): Presentation {
  return {
    summary: (style) => open + listText(elements, world, style) + close,
    children: elementChildren(elements, world),
  };
}

/** Elements as text, separated by commas, until the budget is spent. */
export function listText(elements: Elements, world: World, style: Style): string {
  if (elements.count === 0) return elements.open === true ? "…" : "";
  if (style.depth >= SUMMARY_DEPTH) return "…";
  let text = "";
  for (let i = 0; i < elements.count; i++) {
    if (text.length > style.budget - 4) return `${text}…`;
    const storage = elements.at(elements.lower + i);
    text += world.value(elements.type, storage).summary(inner(style, text.length + 2));
    if (i + 1 < elements.count) text += ", ";
  }
  return text;
}

export function elementChildren(elements: Elements, world: World): Children {
  return {
    namedCount: 0,
    indexedCount: elements.count,
    named: () => [],
    indexed(start, count) {
      const children: Child[] = [];
      for (let i = Math.max(0, start); i < Math.min(start + count, elements.count); i++) {
        const index = elements.lower + i;
        children.push({
          name: `[${index}]`,
          value: world.value(elements.type, elements.at(index)),
          path: (parent) => `${parent}[${index}]`,
        });
      }
      return children;
    },
  };
}

function characters(type: BaseType, count: number, storage: Storage): Presentation | undefined {
  const size = type.size;
  if (size !== 1 && size !== 2 && size !== 4) return undefined;
  const shown = Math.min(count, TEXT_LIMIT);
  const bytes = storage.read(shown * size);
  if (bytes instanceof Missing) return undefined;
  return {
    summary(style) {
      const used = usedBytes(bytes, size);
      const more = used === bytes.length && shown < count;
      return size === 1
        ? quoteUtf8(bytes.subarray(0, used), style.budget, more)
        : quoteUnits(bytes.subarray(0, used), size, style.budget, more);
    },
  };
}

/** Bytes in front of the NULs that fill the array's end. */
function usedBytes(bytes: Uint8Array, size: number): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return Math.ceil(end / size) * size;
}

/** What Rust counts as a run of elements: slices behind fat pointers, Vec, and VecDeque. */
import { Missing, missing } from "../../dwarf/missing";
import type { Elements } from "../arrays";
import type { World } from "../presentation";
import type { Storage } from "../storage";
import { type RecordType, sizeOf, strip, type Type } from "../types";
import { contiguous } from "./contiguous";
import { crateElements } from "./crates";
import {
  innerPointer,
  member,
  numberOf,
  numberPart,
  type Part,
  parameter,
  part,
  targetOf,
  wholePart,
} from "./layout";
import { libraryName, libraryPath, unwrapped } from "./library";

/** The elements of a slice or a Vec; undefined for every other type. */
export function rustElements(declared: Type, storage: Storage, world: World): Elements | Missing | undefined {
  const type = strip(declared);
  if (type.kind !== "record" || type.flavour.name !== "rust" || type.definition === undefined)
    return undefined;
  return (
    sliceElements(type, storage, world) ??
    vecElements(type, storage, world) ??
    dequeElements(type, storage, world) ??
    remainingElements(type, storage, world) ??
    crateElements(type, storage, world)
  );
}

/** Fat pointers to slices and texts; those to a type that ends in one have other names. */
const FAT = /^(&(mut )?|\*(const|mut) |(\w+::)*(Box|NonNull|Unique)<)(\[|str\b)/;

/** `&[T]`, `Box<[T]>`, `&str`: a record of `data_ptr` and `length`. */
function sliceElements(type: RecordType, storage: Storage, world: World): Elements | Missing | undefined {
  if (!FAT.test(type.entry?.name ?? "")) return undefined;
  const pointer = part(type, storage, "data_ptr", world);
  const length = numberPart(type, storage, "length", world);
  if (pointer === undefined || length === undefined) return undefined;
  const pointed = strip(pointer.type);
  return pointed.kind === "pointer" ? contiguous(pointer, pointed.target, length, world) : undefined;
}

/** `Vec<T>`: a buffer, which holds a pointer somewhere inside, and `len`. */
function vecElements(type: RecordType, storage: Storage, world: World): Elements | Missing | undefined {
  if (!/^(\w+::)*Vec</.test(type.entry?.name ?? "")) return undefined;
  const buffer = part(type, storage, "buf", world);
  const length = numberPart(type, storage, "len", world);
  const element = parameter(type, "T");
  const pointer = buffer && innerPointer(buffer.type, buffer.storage, world);
  if (buffer === undefined || pointer === undefined || length === undefined || element === undefined)
    return undefined;
  const capacity = capacityOf(buffer, world);
  const overflows = typeof capacity === "number" && typeof length === "number" && length > capacity;
  if (overflows && sizeOf(element) !== 0)
    return missing("inconsistent", `${length} elements in room for ${capacity}`);
  return contiguous(pointer, element, length, world);
}

/** How many elements a `RawVec` has room for; elements without a size need none. */
function capacityOf(buffer: Part, world: World): number | Missing | undefined {
  const room = member(buffer, world, "inner", "cap") ?? member(buffer, world, "cap");
  const bare = room && unwrapped(room, world);
  return bare && numberOf(bare);
}

/**
 * `VecDeque<T>`: a ring in a buffer, from `head` on for `len` elements, going on at the buffer's start. Before
 * Rust 1.67 it went from `tail` to `head`.
 */
function dequeElements(type: RecordType, storage: Storage, world: World): Elements | Missing | undefined {
  if (libraryName(type) !== "VecDeque") return undefined;
  const whole = wholePart(type, storage);
  const element = parameter(type, "T");
  const buffer = member(whole, world, "buf");
  const pointer = buffer && innerPointer(buffer.type, buffer.storage, world);
  const capacity = buffer && capacityOf(buffer, world);
  const head = numberPart(type, storage, "head", world);
  const tail = numberPart(type, storage, "tail", world);
  const length = numberPart(type, storage, "len", world);
  for (const number of [capacity, head, tail, length]) if (number instanceof Missing) return number;
  if (element === undefined || pointer === undefined) return undefined;
  return ring(pointer, element, numbers(capacity, head, tail, length), world);
}

interface Ring {
  readonly capacity: number;
  readonly first: number;
  readonly count: number;
}

function numbers(
  ...[capacity, head, tail, length]: readonly (number | Missing | undefined)[]
): Ring | undefined {
  if (typeof capacity !== "number" || typeof head !== "number") return undefined;
  if (typeof length === "number") return { capacity, first: head, count: length };
  if (typeof tail !== "number") return undefined;
  // Elements without a size have no buffer: the numbers then go round at half of the address space.
  const round = capacity === 0 ? 2 ** 31 : capacity;
  return { capacity, first: tail, count: (head - tail + round) % round };
}

function ring(
  pointer: Part,
  type: Type,
  ring: Ring | undefined,
  world: World,
): Elements | Missing | undefined {
  if (ring === undefined) return undefined;
  const { capacity, first, count } = ring;
  // Elements without a size need no room.
  const rolls = sizeOf(type) !== 0;
  if (rolls && (count > capacity || (first >= capacity && capacity > 0)))
    return missing("inconsistent", `${count} elements from ${first} on in room for ${capacity}`);
  const buffer = contiguous(pointer, type, rolls ? capacity : count, world);
  if (buffer instanceof Missing) return buffer;
  return { ...buffer, count, at: (index) => buffer.at(rolls ? (first + index) % capacity : 0) };
}

/** Iterators over a slice or a Vec: from `ptr` on to an end, which counts elements that have no size. */
const ITERATORS = /^(core::slice::iter::Iter(Mut)?|alloc::vec::into_iter::IntoIter)$/;

function remainingElements(type: RecordType, storage: Storage, world: World): Elements | Missing | undefined {
  const path = libraryPath(type);
  if (path === "core::array::iter::IntoIter") return remainingOfArray(type, storage, world);
  if (!ITERATORS.test(path ?? "")) return undefined;
  const whole = wholePart(type, storage);
  const element = parameter(type, "T");
  const from = member(whole, world, "ptr");
  const counted = member(whole, world, "end_or_len");
  const to = counted ?? member(whole, world, "end");
  const [first, last] = [from, to].map((part) => part && innerPointer(part.type, part.storage, world));
  const stride = element?.size;
  if (first === undefined || last === undefined || element === undefined || stride === undefined)
    return undefined;
  const [start, end] = [targetOf(first), targetOf(last)];
  if (start instanceof Missing) return start;
  if (end instanceof Missing) return end;
  const count = stride === 0 && counted !== undefined ? end : (end - start) / Math.max(1, stride);
  if (!Number.isInteger(count) || count < 0)
    return missing("inconsistent", "an iterator that ends before it begins");
  return contiguous(first, element, count, world);
}

/** `[T; N]`'s own iterator: the array, and which of its elements are alive. */
function remainingOfArray(type: RecordType, storage: Storage, world: World): Elements | Missing | undefined {
  const whole = wholePart(type, storage);
  const inner = member(whole, world, "inner");
  const iterator = (inner && unwrapped(inner, world)) ?? whole;
  const element = parameter(type, "T");
  const data = member(iterator, world, "data");
  const [from, to] = ["start", "end"].map((name) => {
    const found = member(iterator, world, "alive", name);
    return found && numberOf(found);
  });
  if (from instanceof Missing) return from;
  if (to instanceof Missing) return to;
  const stride = element?.size;
  if (data === undefined || stride === undefined || from === undefined || to === undefined) return undefined;
  const room = stride === 0 ? to : (data.type.size ?? 0) / stride;
  if (to < from || to > room) return missing("inconsistent", `elements ${from}..${to} of ${room}`);
  return { type: element!, count: to - from, lower: 0, at: (i) => data.storage.at((from + i) * stride) };
}

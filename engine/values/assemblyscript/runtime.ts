/**
 * Objects of AssemblyScript's runtime: 20 bytes of header in front of every managed pointer say which class an object
 * is of (rtId) and how long it is (rtSize); the runtime's own table (`__rtti_base`) says which classes are arrays, and
 * of what, or maps and sets. No debug information describes them, nor the fields of the program's own classes.
 *
 * A number of the program may look like a pointer. The header is therefore held against what the allocator keeps
 * true, and what is found is offered beside the number, never in its place.
 */
import { address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing, missing } from "../../dwarf/missing";

/** Where a module's runtime keeps what is read here. */
export interface Runtime {
  readonly machine: Machine;
  /** Address of the table of classes; undefined when it is not known. */
  readonly classes: number | undefined;
}

export interface ElementKind {
  readonly name: string;
  readonly size: number;
  readonly float: boolean;
  readonly signed: boolean;
  /** The elements are pointers to objects. */
  readonly managed: boolean;
}

export type ManagedObject =
  | { readonly kind: "string"; readonly at: number; readonly bytes: number }
  | { readonly kind: "buffer"; readonly at: number; readonly bytes: number }
  | {
      readonly kind: "array";
      readonly name: string;
      readonly at: number;
      readonly count: number;
      readonly element: ElementKind;
    }
  | {
      /** Entries in the order in which they were added, of a Set keys alone. */
      readonly kind: "map" | "set";
      /** Where the entries lie, those that were removed among them. */
      readonly at: number;
      readonly places: number;
      readonly count: number;
      readonly key: ElementKind;
      readonly value: ElementKind | undefined;
    }
  | {
      /** An instance of a class of the program, whose fields nothing describes. */
      readonly kind: "object";
      readonly at: number;
      readonly bytes: number;
      readonly class: number;
    };

/** Header (`~lib/rt/common/OBJECT`): mmInfo, gcInfo, gcInfo2, rtId, rtSize. */
const HEADER = 20;
/** What of it a block's size counts. */
const COUNTED = 16;
const ALIGNMENT = 16;
/** Bytes that a block may be longer than asked for: what is left would be no block of its own. */
const SLACK = 32;

const ID = { Object: 0, ArrayBuffer: 1, String: 2 } as const;

/** TypeinfoFlags of `~lib/shared/typeinfo`. */
const FLAG = {
  arrayView: 1 << 0,
  array: 1 << 1,
  staticArray: 1 << 2,
  set: 1 << 3,
  map: 1 << 4,
} as const;
/** Of a class without pointers; all others of a class of the program are clear. */
const POINTER_FREE = 1 << 5;

/** Bits of the flags that say what the elements, or a map's values, are; those of a map's keys follow them. */
const VALUE = 6;
const KEY = 15;
/** From there on: the size in bytes, one bit for each, and these. */
const SIGNED = 1 << 5;
const FLOAT = 1 << 6;
const MANAGED = 1 << 8;

interface Header {
  readonly id: number;
  readonly size: number;
}

/** The object at a pointer; undefined when there is none, or none whose contents are known. */
export function objectAt(pointer: number, runtime: Runtime): ManagedObject | undefined {
  const header = headerAt(pointer, runtime);
  if (header === undefined) return undefined;
  const { id, size } = header;
  if (id === ID.String) return size % 2 === 0 ? { kind: "string", at: pointer, bytes: size } : undefined;
  if (id === ID.ArrayBuffer) return { kind: "buffer", at: pointer, bytes: size };
  const flags = flagsOf(id, runtime);
  if (flags === undefined) return undefined;
  if ((flags & ~POINTER_FREE) === 0) return { kind: "object", at: pointer, bytes: size, class: id };
  const element = elementKind(flags >>> VALUE);
  if (element === undefined) return undefined;
  if ((flags & FLAG.map) !== 0)
    return map("map", pointer, size, elementKind(flags >>> KEY), element, runtime);
  if ((flags & FLAG.set) !== 0) return map("set", pointer, size, element, undefined, runtime);
  if ((flags & FLAG.staticArray) !== 0) return staticArray(pointer, size, element);
  if ((flags & FLAG.array) !== 0) return array(pointer, size, element, runtime, true);
  return (flags & FLAG.arrayView) !== 0 ? array(pointer, size, element, runtime, false) : undefined;
}

function headerAt(pointer: number, { machine }: Runtime): Header | undefined {
  if (pointer < HEADER || pointer % ALIGNMENT !== 0) return undefined;
  const words = readWords(machine, pointer - HEADER, 5);
  if (words === undefined) return undefined;
  const [block, , , id, size] = words as [number, number, number, number, number];
  // The lowest two bits say whether the block and the one before it are free.
  const room = (block & ~3) >>> 0;
  const spare = room - COUNTED - size;
  if (spare < 0 || spare >= SLACK || (room + 4) % ALIGNMENT !== 0) return undefined;
  const end = size === 0 ? undefined : machine.memory(address(pointer + size - 1), 1);
  return end instanceof Missing ? undefined : { id, size };
}

function flagsOf(id: number, { machine, classes }: Runtime): number | undefined {
  const count = classes === undefined ? undefined : readWords(machine, classes, 1)?.[0];
  if (classes === undefined || count === undefined || id >= count) return undefined;
  return readWords(machine, classes + 4 + 4 * id, 1)?.[0];
}

function elementKind(flags: number): ElementKind | undefined {
  const size = flags & 31;
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) return undefined;
  const float = (flags & FLOAT) !== 0;
  const signed = (flags & SIGNED) !== 0;
  const managed = (flags & MANAGED) !== 0;
  return { name: `${float ? "f" : signed ? "i" : "u"}${8 * size}`, size, float, signed, managed };
}

function staticArray(at: number, size: number, element: ElementKind): ManagedObject | undefined {
  const count = size / element.size;
  return Number.isInteger(count) ? { kind: "array", name: "StaticArray", at, count, element } : undefined;
}

/** Array and the typed arrays: buffer, dataStart, byteLength and, of an Array, its length. */
function array(
  pointer: number,
  size: number,
  element: ElementKind,
  runtime: Runtime,
  counted: boolean,
): ManagedObject | undefined {
  const words = size < (counted ? 16 : 12) ? undefined : readWords(runtime.machine, pointer, counted ? 4 : 3);
  if (words === undefined) return undefined;
  const [buffer, start, bytes, length] = words as [number, number, number, number | undefined];
  const count = length ?? bytes / element.size;
  const name = counted ? "Array" : "typed array";
  if (buffer === 0 && count === 0) return { kind: "array", name, at: 0, count, element };
  const held = headerAt(buffer, runtime);
  const inside = held !== undefined && start >= buffer && start + bytes <= buffer + held.size;
  if (!inside || !Number.isInteger(count) || count * element.size > bytes) return undefined;
  return { kind: "array", name, at: start, count, element };
}

/**
 * Map and Set (`~lib/map`): buckets, their mask, the buffer of entries, its capacity, the entries that it has had
 * and those that it has.
 */
function map(
  kind: "map" | "set",
  pointer: number,
  size: number,
  key: ElementKind | undefined,
  value: ElementKind | undefined,
  runtime: Runtime,
): ManagedObject | undefined {
  const words = size < 24 ? undefined : readWords(runtime.machine, pointer, 6);
  if (words === undefined || key === undefined) return undefined;
  const [, , at, capacity, places, count] = words as [number, number, number, number, number, number];
  const held = headerAt(at, runtime);
  if (held?.id !== ID.ArrayBuffer || places > capacity || count > places) return undefined;
  const found = { kind, at, places, count, key, value } as const;
  return places * entryLayout(found).stride <= held.size ? found : undefined;
}

/** How an entry lies: its key, a map's value, and the link to the next one of its bucket, each on its own alignment. */
export function entryLayout({ key, value }: { key: ElementKind; value: ElementKind | undefined }): {
  readonly value: number;
  readonly link: number;
  readonly stride: number;
} {
  const aligned = (offset: number, size: number): number => Math.ceil(offset / size) * size;
  const valueAt = aligned(key.size, value?.size ?? 1);
  const link = aligned(valueAt + (value?.size ?? 0), 4);
  return { value: valueAt, link, stride: aligned(link + 4, Math.max(4, key.size, value?.size ?? 0)) };
}

/** The addresses of the entries that a map has; one that was removed has the lowest bit of its link set. */
export function entriesOf(
  found: Extract<ManagedObject, { kind: "map" | "set" }>,
  { machine }: Runtime,
): readonly number[] | Missing {
  const { link, stride } = entryLayout(found);
  const bytes = machine.memory(address(found.at), found.places * stride);
  if (bytes instanceof Missing) return bytes;
  const entries: number[] = [];
  for (let offset = 0; offset < bytes.length; offset += stride)
    if ((bytes[offset + link]! & 1) === 0) entries.push(found.at + offset);
  return entries.length === found.count
    ? entries
    : missing("inconsistent", `it counts ${found.count} entries, and has ${entries.length}`);
}

function readWords(machine: Machine, at: number, count: number): readonly number[] | undefined {
  const bytes = machine.memory(address(at), 4 * count);
  if (bytes instanceof Missing) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => view.getUint32(4 * index, true));
}

/**
 * Objects of AssemblyScript's runtime: 20 bytes of header in front of every managed pointer say which class an object
 * is of (rtId) and how long it is (rtSize); the runtime's own table (`__rtti_base`) says which classes are arrays, and
 * of what. No debug information describes them.
 *
 * A number of the program may look like a pointer. The header is therefore held against what the allocator keeps
 * true, and what is found is offered beside the number, never in its place.
 */
import { address } from "../../bytes/offsets";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";

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
  valueAlign: 6,
  valueSigned: 1 << 11,
  valueFloat: 1 << 12,
  valueManaged: 1 << 14,
} as const;

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
  const element = flags === undefined ? undefined : elementKind(flags);
  if (flags === undefined || element === undefined) return undefined;
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
  const size = (flags >>> FLAG.valueAlign) & 31;
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) return undefined;
  const float = (flags & FLAG.valueFloat) !== 0;
  const signed = (flags & FLAG.valueSigned) !== 0;
  const managed = (flags & FLAG.valueManaged) !== 0;
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

function readWords(machine: Machine, at: number, count: number): readonly number[] | undefined {
  const bytes = machine.memory(address(at), 4 * count);
  if (bytes instanceof Missing) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => view.getUint32(4 * index, true));
}

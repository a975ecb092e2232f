/** What Rust counts as a run of elements: slices behind fat pointers, and Vec. */
import { address } from "../../bytes/offsets";
import { Missing, missing } from "../../dwarf/missing";
import type { Elements } from "../arrays";
import type { World } from "../presentation";
import { Storage } from "../storage";
import { type RecordType, sizeOf, strip, type Type } from "../types";
import { innerPointer, numberPart, type Part, parameter, part, targetOf } from "./layout";

/** The elements of a slice or a Vec; undefined for every other type. */
export function rustElements(declared: Type, storage: Storage, world: World): Elements | Missing | undefined {
  const type = strip(declared);
  if (type.kind !== "record" || type.flavour.name !== "rust" || type.definition === undefined)
    return undefined;
  return sliceElements(type, storage, world) ?? vecElements(type, storage, world);
}

/** `&[T]`, `Box<[T]>`, `&str`: a record of `data_ptr` and `length`. */
function sliceElements(type: RecordType, storage: Storage, world: World): Elements | Missing | undefined {
  const pointer = part(type, storage, "data_ptr", world);
  const length = numberPart(type, storage, "length", world);
  if (pointer === undefined || length === undefined) return undefined;
  const pointed = strip(pointer.type);
  return pointed.kind === "pointer" ? elements(pointer, pointed.target, length, world) : undefined;
}

/** `Vec<T>`: a buffer, which holds a pointer somewhere inside, and `len`. */
function vecElements(type: RecordType, storage: Storage, world: World): Elements | Missing | undefined {
  if (!/^(\w+::)*Vec</.test(type.entry?.name ?? "")) return undefined;
  const buffer = part(type, storage, "buf", world);
  const length = numberPart(type, storage, "len", world);
  const element = parameter(type, "T");
  const pointer = buffer && innerPointer(buffer.type, buffer.storage, world);
  if (pointer === undefined || length === undefined || element === undefined) return undefined;
  return elements(pointer, element, length, world);
}

function elements(pointer: Part, type: Type, count: number | Missing, world: World): Elements | Missing {
  if (count instanceof Missing) return count;
  const base = targetOf(pointer);
  if (base instanceof Missing) return base;
  const stride = sizeOf(type);
  if (stride === undefined) return missing("incomplete-type", type.name);
  // No allocation is larger than half of the address space: a larger one was never initialised.
  if (count * stride > 2 ** 31 * (world.frame.machine.addressSize === 8 ? 2 ** 20 : 1))
    return missing("malformed", `a length of ${count}: it is not initialised here`);
  const machine = world.frame.machine;
  const { provenance } = pointer.storage;
  return {
    type,
    count,
    lower: 0,
    at: (index) =>
      new Storage({ kind: "memory", address: address(base + index * stride), provenance }, machine),
  };
}

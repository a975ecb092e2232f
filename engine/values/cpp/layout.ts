/**
 * Finding one's way in the private structure of C++'s library types: by the names of members, never by their
 * offsets, so that releases of libc++ that hold the same members in another order are read alike.
 */
import { type Address, address } from "../../bytes/offsets";
import { DW_AT, DW_TAG } from "../../dwarf/constants";
import { Missing, missing } from "../../dwarf/missing";
import type { Entry } from "../../dwarf/model";
import type { Elements } from "../arrays";
import { integerOf } from "../base";
import { pointeeOf, pointerTarget } from "../pointers";
import type { TypedValue, World } from "../presentation";
import { findField } from "../records";
import { Storage } from "../storage";
import { strip, type Type, typeOf } from "../types";

/** Namespaces that only version the library's ABI. */
const INLINE_NAMESPACE = /^__(\d+|cxx11|ndk\d+|fs)$/;

/** A library type's name without its arguments, e.g. `vector`, `chrono::duration`; undefined outside of std. */
export function libraryName(declared: Type): string | undefined {
  const { entry } = strip(declared);
  const own = entry?.name;
  if (entry === undefined || own === undefined) return undefined;
  const names = [own.replace(/<.*$/s, "")];
  let scope = entry.parent;
  for (let depth = 0; depth < 8 && scope?.tag === DW_TAG.namespace; depth++, scope = scope.parent) {
    const name = scope.name;
    if (name === undefined) return undefined;
    if (!INLINE_NAMESPACE.test(name)) names.unshift(name);
  }
  if (names[0] !== "std" || names.length < 2) return undefined;
  return names.slice(1).join("::");
}

/** A part of a library object: a member, what a pointer leads to, a node of a tree. */
export class Part {
  constructor(
    readonly type: Type,
    readonly storage: Storage,
    readonly world: World,
    /** From the whole's expression to this part's. */
    readonly path: (whole: string) => string = (whole) => whole,
  ) {}

  /** The member, or member of a base class, that has one of these names; releases differ in underscores. */
  member(...names: string[]): Part | undefined {
    const record = strip(this.type);
    if (record.kind !== "record" || record.definition === undefined) return undefined;
    for (const name of names) {
      const found = findField(record, name, this.storage, this.world);
      if (found === undefined) continue;
      const path = (whole: string) => `${this.path(whole)}.${name}`;
      return new Part(found.field.type, found.storage(), this.world, path).unpaired();
    }
    return undefined;
  }

  /** Up to LLVM 19 an object and its allocator were a `__compressed_pair`, whose first value is the object. */
  private unpaired(): Part | undefined {
    return libraryName(this.type) === "__compressed_pair" ? this.member("__value_") : this;
  }

  get value(): TypedValue {
    return this.world.value(this.type, this.storage);
  }

  /** As a whole number; undefined when its type has none. */
  number(): number | Missing | undefined {
    const value = integerOf(this.type, this.storage);
    return typeof value === "bigint" ? Number(value) : value;
  }

  /** The address in a pointer. */
  pointer(): Address | Missing | undefined {
    const type = strip(this.type);
    return type.kind === "pointer" ? pointerTarget(type, this.storage) : undefined;
  }

  /** What a pointer points at. */
  target(): Part | undefined {
    const type = strip(this.type);
    if (type.kind !== "pointer") return undefined;
    const pointee = pointeeOf(type, this.storage, this.world);
    return new Part(pointee.type, pointee.storage, this.world, (whole) => `(*${this.path(whole)})`);
  }

  /** The part of `type` at an address. */
  elsewhere(type: Type, at: Address | Missing): Part {
    return new Part(type, memoryAt(at, this.storage), this.world);
  }
}

/** Memory at an address that a value of `from` holds. */
export function memoryAt(at: Address | Missing, from: Storage): Storage {
  const place =
    at instanceof Missing ? at : ({ kind: "memory", address: at, provenance: from.provenance } as const);
  return new Storage(place, from.machine);
}

/** The type that a template's parameter stands for, by its place among the parameters that are types. */
export function typeArgument(declared: Type, index: number): Type | undefined {
  return typeArguments(declared)[index];
}

/** All types among a template's arguments, those of packs in their place. */
export function typeArguments(declared: Type): readonly Type[] {
  const type = strip(declared);
  const entry = type.kind === "record" ? (type.definition ?? type.entry) : type.entry;
  return entry === undefined
    ? []
    : [...parametersOf(entry, DW_TAG.template_type_parameter)].map((e) => typeOf(e));
}

/** A template's argument that is a number, by its place among such. */
export function numberArgument(declared: Type, index: number): bigint | undefined {
  const type = strip(declared);
  const entry = type.kind === "record" ? (type.definition ?? type.entry) : type.entry;
  if (entry === undefined) return undefined;
  return [...parametersOf(entry, DW_TAG.template_value_parameter)][index]?.constant(DW_AT.const_value, true);
}

function* parametersOf(entry: Entry, tag: number): Iterable<Entry> {
  for (const child of entry.children()) {
    if (child.tag === tag) yield child;
    else if (child.tag === DW_TAG.GNU_template_parameter_pack) yield* parametersOf(child, tag);
  }
}

/** The node type that a container's allocator allocates, found among its template's arguments. */
export function nodeType(container: Part, name: string, depth = 0): Type | undefined {
  for (const member of [
    "__node_alloc_",
    "__alloc_",
    "__pair1_",
    "__p1_",
    "__size_alloc_",
    "__before_begin_",
  ]) {
    const record = strip(container.type);
    if (record.kind !== "record") return undefined;
    const field = findField(record, member, container.storage, container.world);
    const found = field && argumentNamed(field.field.type, name, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

function argumentNamed(type: Type, name: string, depth: number): Type | undefined {
  if (depth > 3) return undefined;
  for (const argument of typeArguments(type)) {
    const found = libraryName(argument) === name ? strip(argument) : argumentNamed(argument, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The bytes contradict what the library keeps true of a living object. */
export const corrupted = (detail: string): Missing => missing("inconsistent", detail);

/**
 * `count` elements of `type` in a row from `base` on; Missing when they cannot all be in memory. Where there are none,
 * the type may be one that is only declared: clang describes it where the first one is made.
 */
export function contiguous(type: Type, base: Address, count: number, from: Storage): Elements | Missing {
  const stride = count === 0 ? 0 : type.size;
  if (stride === undefined) return missing("incomplete-type", type.name);
  if (!Number.isSafeInteger(count) || count < 0) return corrupted(`${count} elements`);
  if (count > 0) {
    const last = from.machine.memory(address(base + count * stride - 1), 1);
    const first = from.machine.memory(base, 1);
    for (const end of [first, last])
      if (end instanceof Missing && end.reason === "out-of-bounds")
        return corrupted(`${count} elements from 0x${base.toString(16)} on are not all in memory`);
  }
  return {
    type,
    count,
    lower: 0,
    at: (index) => memoryAt(address(base + index * stride), from),
  };
}

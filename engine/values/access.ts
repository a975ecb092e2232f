/** Going on from a value as expressions do: a member, an element, what it points at, its address. */
import { DW_ATE } from "../dwarf/constants";
import type { Provenance } from "../dwarf/machine";
import { Missing, missing } from "../dwarf/missing";
import { elementsOf, sizeIn } from "./arrays";
import { integerOf } from "./base";
import { arrowTarget } from "./cpp/deref";
import { Part } from "./cpp/layout";
import { indexedElements } from "./cpp/sequences";
import { shapeOf } from "./fields";
import { pointeeOf } from "./pointers";
import type { TypedValue, World } from "./presentation";
import { findField } from "./records";
import { derefTarget } from "./rust/deref";
import { rustElements } from "./rust/elements";
import { resolved } from "./rust/layout";
import { wrappedBy } from "./rust/library";
import { sharedElements } from "./rust/shared";
import { Storage } from "./storage";
import { baseType, pointerType, strip, type Type } from "./types";
import { activeVariant } from "./variants";
import { sliceElements } from "./zig/slices";
import { activeField } from "./zig/unions";

/** What an access gave: a value, or why the language has no such access here, or what is not known for it. */
export type Accessed = TypedValue | { readonly problem: string; readonly missing?: Missing };

const unknown = (missing: Missing): Accessed => ({ problem: missing.text, missing });

/** References and library types that lead to each other are followed so far. */
const REFERENCES = 16;

/** What references lead to; the value itself when it is none. */
export function throughReferences(value: TypedValue): TypedValue {
  const { world } = value;
  let inner = value;
  for (let depth = 0; depth < REFERENCES; depth++) {
    const type = strip(inner.type);
    if (type.kind !== "pointer" || type.form === "pointer") break;
    inner = pointeeOf(type, inner.storage, world);
  }
  return inner;
}

/** What a type of the language's library leads to by `*`; undefined for one that does not. */
function libraryTarget({ type, storage, world }: TypedValue): TypedValue | Missing | undefined {
  const target = derefTarget(type, storage, world) ?? arrowTarget(type, storage, world);
  return target instanceof Missing ? target : target && world.value(target.type, target.storage);
}

/**
 * What a wrapper of Rust's library (a cell, an atomic, a niche), or a value known by a trait, is shown as; undefined for
 * every other type.
 */
export function wrappedValue({ type, storage, world }: TypedValue): TypedValue | undefined {
  const known = resolved(type, storage);
  const inner = known.type === type ? wrappedBy(type, storage, world) : known;
  return inner && inner.type !== type ? world.value(inner.type, inner.storage) : undefined;
}

/**
 * The values on which `value.name` may find its name, as the language looks for it: behind references, and in
 * Rust behind everything that dereferences as well.
 */
export function* owners(value: TypedValue): Iterable<TypedValue> {
  let inner = throughReferences(value);
  const pointed = zigPointee(inner);
  if (pointed !== undefined) yield pointed;
  for (let depth = 0; depth < REFERENCES; depth++) {
    yield inner;
    if (inner.type.flavour.name !== "rust") return;
    const target = libraryTarget(inner) ?? wrappedValue(inner);
    if (target === undefined || target instanceof Missing) return;
    inner = throughReferences(target);
  }
}

/** What Zig's pointer to one array stands for: the array itself. */
function zigPointee({ type, storage, world }: TypedValue): TypedValue | undefined {
  const pointer = type.flavour.name === "zig" ? strip(type) : undefined;
  if (pointer?.kind !== "pointer" || strip(pointer.target).kind !== "array") return undefined;
  return pointeeOf(pointer, storage, world);
}

/** The first owner's outcome that is a value; failing that the first owner's problem. */
function firstOf(value: TypedValue, access: (owner: TypedValue) => Accessed): Accessed {
  let problem: Accessed | undefined;
  for (const owner of owners(value)) {
    const outcome = access(owner);
    if (!("problem" in outcome)) return outcome;
    problem ??= outcome;
  }
  return problem!;
}

/** `value.name`; of a Rust enum, a field of its active variant. */
export function member(value: TypedValue, name: string): Accessed {
  return firstOf(value, (owner) => ownMember(owner, name));
}

function ownMember(owner: TypedValue, name: string): Accessed {
  const { world } = owner;
  const type = strip(owner.type);
  if (type.kind === "pointer") {
    if (type.flavour.name !== "zig") return { problem: `${owner.typeName} is a pointer: use ->` };
    return ownMember(pointeeOf(type, owner.storage, world), name);
  }
  if (type.kind === "array" && type.flavour.name === "zig" && name === "len") return arrayLength(owner);
  if (type.kind !== "record") return { problem: `${owner.typeName} has no members` };
  if (type.definition === undefined) return { problem: `${type.name} is only declared in this build` };
  const part = shapeOf(type.definition).variantPart;
  if (part !== undefined) {
    const active = activeVariant(part, owner.storage, world);
    if (active instanceof Missing) return unknown(active);
    const found = active.fields.find(({ field }) => field.name === name);
    return found === undefined
      ? { problem: `${active.name} has no field ${name}` }
      : world.value(found.field.type, found.storage());
  }
  const found = findField(type, name, owner.storage, world);
  if (found === undefined) {
    const active = activeField(type, owner.storage, world);
    if (active instanceof Missing) return unknown(active);
    if (active?.name === name && active.payload !== undefined)
      return world.value(active.payload.type, active.payload.storage);
    const why = active === undefined ? `has no member ${name}` : `is ${active.name} at present, not ${name}`;
    return { problem: `${type.name} ${why}` };
  }
  return world.value(found.field.type, found.storage());
}

/** Zig's `array.len`, which its type says. */
function arrayLength({ type, storage, world }: TypedValue): Accessed {
  const array = strip(type);
  const elements = array.kind === "array" ? elementsOf(array, storage, world) : undefined;
  if (elements === undefined) return { problem: `${type.name} has no length` };
  if (elements instanceof Missing) return unknown(elements);
  const size = world.frame.machine.addressSize;
  return numberValue(baseType(type.flavour, "usize", DW_ATE.unsigned, size), BigInt(elements.count), world);
}

/** A number that is not in memory, as a value. */
function numberValue(
  type: Type,
  number: bigint,
  world: World,
  provenance: Provenance = "computed",
): TypedValue {
  const bytes = new Uint8Array(type.size ?? 0);
  for (let i = 0, rest = number; i < bytes.length; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return world.value(type, new Storage({ kind: "value", bytes, provenance }, world.frame.machine));
}

/** `*value`; of a C++ reference, `*` is of what it refers to. */
export function dereference(given: TypedValue): Accessed {
  const value = given.type.flavour.name === "cpp" ? throughReferences(given) : given;
  const { world } = value;
  const type = strip(value.type);
  if (type.kind === "array") return element(value, 0);
  if (type.kind === "pointer") return pointeeOf(type, value.storage, world);
  const wrapped = wrappedValue(value);
  if (wrapped !== undefined) return dereference(wrapped);
  const target = libraryTarget(value);
  if (target === undefined) return { problem: `${value.typeName} is not a pointer` };
  return target instanceof Missing ? unknown(target) : target;
}

/** `value[index]`: of an array, of a pointer, of what a language's view counts as elements. */
export function element(value: TypedValue, index: number): Accessed {
  return firstOf(value, (owner) => ownElement(owner, index));
}

function ownElement(owner: TypedValue, index: number): Accessed {
  const { world } = owner;
  const type = strip(owner.type);
  const elements =
    type.kind === "array"
      ? elementsOf(type, owner.storage, world)
      : (rustElements(type, owner.storage, world) ??
        sharedElements(type, owner.storage, world) ??
        sliceElements(type, owner.storage, world) ??
        indexedElements(new Part(type, owner.storage, world)));
  if (elements instanceof Missing) return unknown(elements);
  if (elements !== undefined) {
    const last = elements.lower + elements.count - 1;
    // What stands behind a flexible member is not said by its type.
    const open = type.kind === "array" && elements.count === 0 && type.size !== 0;
    if (index < elements.lower || (index > last && !open) || !Number.isSafeInteger(index))
      return { problem: `index ${index} is outside of ${elements.lower}..${last}` };
    return world.value(elements.type, elements.at(index));
  }
  if (type.kind !== "pointer") return { problem: `${owner.typeName} has no elements` };
  const size = sizeIn(type.target, owner.storage, world);
  if (size instanceof Missing) return unknown(size);
  const first = pointeeOf(type, owner.storage, world);
  // The first one lies there, whatever its size: `table[0]` of an `int (*table)[]`.
  if (index === 0) return first;
  if (size === undefined) return { problem: `the size of ${type.target.name} is not known` };
  return world.value(first.type, first.storage.at(index * size));
}

/** `&value`: a pointer, in Rust a reference; of a C++ reference, the address of what it refers to. */
export function addressOf(value: TypedValue): Accessed {
  const { world } = value;
  const declared = strip(value.type);
  const isAlias =
    declared.kind === "pointer" && declared.form !== "pointer" && declared.flavour.name === "cpp";
  const subject = isAlias ? pointeeOf(declared, value.storage, world) : value;
  const at = subject.address;
  if (at === undefined) return { problem: "it is not in memory, so it has no address" };
  const { flavour } = subject.type;
  const form = flavour.name === "rust" ? "reference" : "pointer";
  const type = pointerType(flavour, form, () => subject.type, world.frame.machine.addressSize);
  return numberValue(type, BigInt(at), world, subject.provenance);
}

/** A value as a whole number, for an index. */
export function wholeNumber(value: TypedValue): bigint | Missing {
  return integerOf(value.type, value.storage) ?? missing("malformed", `${value.typeName} is no whole number`);
}

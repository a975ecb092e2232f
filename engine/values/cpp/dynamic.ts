/**
 * What a pointer or reference to a base class really leads to (Itanium C++ ABI 2.5.2, 2.9): the object's vtable
 * tells where the whole object starts and, by its type_info's name or by its own address, of which class it is.
 *
 * clang describes each vtable of a unit as a variable `_vtable$` of its class; older releases do not, and then the
 * class is the one of the type_info's name. Where neither leads to a class the pointer is shown as it is declared.
 */
import { address } from "../../bytes/offsets";
import { DW_AT, DW_TAG } from "../../dwarf/constants";
import { isSameEntry } from "../../dwarf/entries";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import type { Entry, Unit } from "../../dwarf/model";
import { fromBytes } from "../../dwarf/stack-value";
import { definitionAnywhere } from "../definitions";
import { fieldStorage, NESTING_LIMIT, shapeOf } from "../fields";
import type { Child, Children } from "../model";
import { addressText, isOpaque, leading, pointerTarget } from "../pointers";
import { inner, type Style, SUMMARY_DEPTH, type TypedValue, type View, type World } from "../presentation";
import type { Storage } from "../storage";
import { textAt } from "../text";
import { type RecordType, strip, type Type, typeFrom } from "../types";
import { vtableAt, vtableNamed } from "../vtables";
import { memoryAt } from "./layout";

/** Polymorphic pointers and references as what they lead to; undefined where that is what they say. */
export const dynamicView: View = (type, storage, world) => {
  if (type.kind !== "pointer") return undefined;
  const target = pointerTarget(type, storage);
  const pointed = strip(type.target);
  if (target instanceof Missing || target === 0 || pointed.kind !== "record" || isOpaque(type))
    return undefined;
  const object = wholeObject(pointed, memoryAt(target, storage), world);
  const found = object && strip(object.type).entry;
  if (object === undefined || (found && pointed.definition && isSameEntry(found, pointed.definition)))
    return undefined;
  const address = type.form === "pointer" ? addressText(target, type.size ?? 4) : "";
  return {
    target,
    children: object.children && withoutPaths(object.children),
    summary: (style) => leading(address, ` ${summaryOf(object, style, address !== "")}`, style).trim(),
  };
};

/** An object that a pointer led to, shown as the whole that it is part of; undefined where it is all of it. */
export function dynamicObject(part: TypedValue): TypedValue | undefined {
  const declared = strip(part.type);
  if (declared.kind !== "record" || declared.flavour.name !== "cpp" || part.address === undefined)
    return undefined;
  const object = wholeObject(declared, part.storage, part.world);
  const found = object && strip(object.type).entry;
  if (object === undefined || (found && declared.definition && isSameEntry(found, declared.definition)))
    return undefined;
  const { type, storage, world, typeName, missing, address, size, target, provenance } = part;
  return {
    ...{ type, storage, world, typeName, missing, address, size, target, provenance },
    children: object.children && withoutPaths(object.children),
    text: (format) => `(${object.typeName}) ${object.text(format)}`,
    summary: (style) => summaryOf(object, style, false),
  };
}

function summaryOf(object: TypedValue, style: Style, pointer: boolean): string {
  const name = `(${object.typeName})`;
  // Only the outermost pointer looks further, as with plain ones.
  const limit = pointer ? 1 : SUMMARY_DEPTH;
  return style.depth >= limit ? name : `${name} ${object.summary(inner(style, name.length + 12))}`;
}

/** The members of another class than the pointer's are not its own, so no plain expression reaches them. */
function withoutPaths(children: Children): Children {
  const bare = (child: Child): Child => ({ ...child, path: undefined });
  return {
    ...children,
    named: () => children.named().map(bare),
    indexed: (start, count) => children.indexed(start, count).map(bare),
  };
}

/** Objects are not larger than this, as far as we look for their start. */
const OBJECT_LIMIT = 2 ** 24;

/** The whole object around a base class's part of it, as its own class; undefined where its vtable does not tell. */
export function wholeObject(declared: RecordType, part: Storage, world: World): TypedValue | undefined {
  const { machine } = part;
  const unit = declared.definition?.unit;
  const vtable = vtablePointer(declared, part, world);
  if (vtable === undefined || unit === undefined) return undefined;
  const size = machine.addressSize;
  // In front of the functions stand the distance to the object's start, and its type_info.
  const distance = word(machine, vtable - 2 * size);
  if (distance === undefined || part.address === undefined) return undefined;
  const offset = Number(BigInt.asIntN(8 * size, distance));
  if (offset > 0 || offset < -OBJECT_LIMIT || part.address + offset <= 0) return undefined;
  const start = address(part.address + offset);
  const primary = word(machine, start);
  if (primary === undefined) return undefined;
  const found = classOf(unit, Number(primary), world, machine);
  return found && world.value(typeFrom(found), memoryAt(start, part));
}

/** The address in a polymorphic object's first vtable pointer, its own or that of its first bases. */
function vtablePointer(type: Type, storage: Storage, world: World, depth = 0): number | undefined {
  const record = strip(type);
  if (record.kind !== "record" || record.definition === undefined || depth > NESTING_LIMIT) return undefined;
  const { fields } = shapeOf(record.definition);
  const own = fields.find(({ kind, artificial, entry }) => {
    return kind === "member" && artificial && /^_vptr[$.]/.test(entry.name ?? "");
  });
  if (own !== undefined) {
    const value = pointerTarget(own.type, fieldStorage(own, storage, world));
    return value instanceof Missing || value === 0 ? undefined : value;
  }
  for (const field of fields) {
    if (field.kind !== "base") continue;
    const found = vtablePointer(field.type, fieldStorage(field, storage, world), world, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The class whose vtable the object's first pointer leads into. */
function classOf(near: Unit, vtable: number, world: World, machine: Machine): Entry | undefined {
  const name = typeInfoName(machine, vtable);
  const start = vtable - 2 * machine.addressSize;
  // Without type_info, the functions of a class without virtual bases begin right behind the two words.
  const variable =
    name === undefined ? vtableAt(start, near, world) : vtableNamed(`_ZTV${name}`, start, near, world);
  if (variable !== undefined) return ownerOf(variable);
  const names = name === undefined ? undefined : demangled(name);
  return names && definitionAnywhere(near, DW_TAG.structure_type, names.join("::"), names[names.length - 1]!);
}

/** The names that `N3zoo3DogE` or `3Dog` mangles; undefined for templates, and for what its unit has for itself. */
function demangled(mangled: string): readonly string[] | undefined {
  const [, nested, plain] = /^(?:N((?:\d+\w+)+)E|(\d+\w+))$/.exec(mangled) ?? [];
  let rest = nested ?? plain;
  const names: string[] = [];
  while (rest !== undefined && rest !== "") {
    const length = /^\d+/.exec(rest)?.[0];
    if (length === undefined) return undefined;
    const name = rest.slice(length.length, length.length + Number(length));
    if (name.length !== Number(length) || name.startsWith("_GLOBAL__N")) return undefined;
    names.push(name);
    rest = rest.slice(length.length + name.length);
  }
  return names.length === 0 ? undefined : names;
}

function ownerOf(variable: Entry): Entry | undefined {
  const owner = variable.reference(DW_AT.specification)?.parent;
  return owner?.tag === DW_TAG.class_type || owner?.tag === DW_TAG.structure_type ? owner : undefined;
}

/** Bytes of a mangled name that are compared. */
const NAME_LIMIT = 1024;

/** The mangled name in the type_info that a vtable refers to; undefined in programs without such. */
function typeInfoName(machine: Machine, vtable: number): string | undefined {
  const size = machine.addressSize;
  const info = word(machine, vtable - size);
  const name = info === undefined || info === 0n ? undefined : word(machine, Number(info) + size);
  if (name === undefined || name === 0n) return undefined;
  const found = textAt(machine, address(Number(name)), 1, NAME_LIMIT);
  return found instanceof Missing || found.more ? undefined : String.fromCharCode(...found.bytes);
}

/** A word of memory; undefined where there is none. */
function word(machine: Machine, at: number): bigint | undefined {
  if (at <= 0 || !Number.isSafeInteger(at)) return undefined;
  const bytes = machine.memory(address(at), machine.addressSize);
  return bytes instanceof Missing ? undefined : fromBytes(bytes);
}

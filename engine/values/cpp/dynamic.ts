/**
 * What a pointer or reference to a base class really leads to (Itanium C++ ABI 2.5.2, 2.9): the object's vtable
 * tells where the whole object starts and, by its type_info's name or by its own address, of which class it is.
 *
 * clang describes each vtable of a unit as a variable `_vtable$` of its class; older releases do not, and then the
 * class is the one of the type_info's name. Where neither leads to a class the pointer is shown as it is declared.
 */
import { type Address, address } from "../../bytes/offsets";
import { DW_AT, DW_TAG } from "../../dwarf/constants";
import { isSameEntry } from "../../dwarf/entries";
import type { Machine } from "../../dwarf/machine";
import { Missing } from "../../dwarf/missing";
import type { Entry, Unit } from "../../dwarf/model";
import { typeNameOf } from "../../wasm/demangle/cpp-type-name";
import { definitionAnywhere } from "../definitions";
import { fieldStorage, NESTING_LIMIT, shapeOf } from "../fields";
import { addressText, isOpaque, leading, pointerTarget } from "../pointers";
import {
  inner,
  type Presentation,
  type Style,
  SUMMARY_DEPTH,
  type TypedValue,
  type View,
  type World,
} from "../presentation";
import type { Storage } from "../storage";
import { type PointerType, type RecordType, strip, type Type, typeFrom } from "../types";
import { vtableAt, vtableNamed } from "../vtables";
import { isLibraryException, undescribedException } from "./exceptions";
import { withoutPaths } from "./holders";
import { memoryAt } from "./layout";
import { bitsAt, typeInfoName, word } from "./type-info";

/** Polymorphic pointers and references as what they lead to; undefined where that is what they say. */
export const dynamicView: View = (type, storage, world) => {
  if (type.kind !== "pointer") return undefined;
  const target = pointerTarget(type, storage);
  const pointed = strip(type.target);
  if (target instanceof Missing || target === 0 || pointed.kind !== "record") return undefined;
  if (isOpaque(type) && !isLibraryException(pointed)) return undefined;
  const object = wholeObject(pointed, memoryAt(target, storage), world);
  if (object === undefined && isLibraryException(pointed)) return undescribedView(type, target, storage);
  const found = object && strip(object.type).entry;
  if (object === undefined || (found && pointed.definition && isSameEntry(found, pointed.definition)))
    return undefined;
  const address = type.form === "pointer" ? addressText(target, type.size ?? 4) : "";
  return {
    target,
    // The members of another class than the pointer's are not its own.
    children: object.children && withoutPaths(object.children),
    summary: (style) => leading(address, ` ${summaryOf(object, style, address !== "")}`, style).trim(),
  };
};

/** A pointer to an exception whose class is not described. */
function undescribedView(type: PointerType, target: Address, { machine }: Storage): Presentation | undefined {
  const text = undescribedException(target, machine);
  const at = type.form === "pointer" ? addressText(target, type.size ?? 4) : "";
  return (
    text && {
      target,
      summary: (style) => leading(at, ` ${text(Math.max(8, style.budget - at.length))}`, style).trim(),
    }
  );
}

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

/** Objects are not larger than this, as far as we look for their start. */
const OBJECT_LIMIT = 2 ** 24;

/** The whole object around a base class's part of it, as its own class; undefined where its vtable does not tell. */
export function wholeObject(declared: RecordType, part: Storage, world: World): TypedValue | undefined {
  const { machine } = part;
  const unit = (declared.definition ?? declared.entry)?.unit;
  const vtable = vtablePointer(declared, part, world);
  if (vtable === undefined || unit === undefined) return undefined;
  const size = machine.addressSize;
  // In front of the functions stand the distance to the object's start, and its type_info.
  const distance = bitsAt(machine, vtable - 2 * size);
  if (distance === undefined || part.address === undefined) return undefined;
  const offset = Number(BigInt.asIntN(8 * size, distance));
  if (offset > 0 || offset < -OBJECT_LIMIT || part.address + offset <= 0) return undefined;
  const start = address(part.address + offset);
  const primary = word(machine, start);
  if (primary === undefined) return undefined;
  const found = classOf(unit, primary, world, machine);
  return found && world.value(typeFrom(found), memoryAt(start, part));
}

/** The address in a polymorphic object's first vtable pointer, its own or that of its first bases. */
function vtablePointer(type: Type, storage: Storage, world: World, depth = 0): number | undefined {
  const record = strip(type);
  if (record.kind !== "record" || depth > NESTING_LIMIT) return undefined;
  if (isLibraryException(record)) {
    return (storage.address && word(storage.machine, storage.address)) || undefined;
  }
  if (record.definition === undefined) return undefined;
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
  return name === undefined ? undefined : classNamed(name, near);
}

/** The class that a type_info names; undefined for what its unit has for itself, and for names that are not understood. */
function classNamed(mangled: string, near: Unit): Entry | undefined {
  const name = mangled.includes("_GLOBAL__N") ? mangled : typeNameOf(mangled);
  if (name === mangled) return undefined;
  const own = /[^:]+$/.exec(name.replace(/<.*$/s, ""))![0] + (/<.*$/s.exec(name)?.[0] ?? "");
  return definitionAnywhere(near, DW_TAG.structure_type, name, own);
}

function ownerOf(variable: Entry): Entry | undefined {
  const owner = variable.reference(DW_AT.specification)?.parent;
  return owner?.tag === DW_TAG.class_type || owner?.tag === DW_TAG.structure_type ? owner : undefined;
}

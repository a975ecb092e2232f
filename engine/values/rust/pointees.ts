/**
 * What Rust's pointers point at: a sized value, a slice with its length, or a value behind a vtable, whose
 * concrete type the compiler names in the debug information of the vtable.
 */
import { type Address, address } from "../../bytes/offsets";
import { DW_AT } from "../../dwarf/constants";
import { Missing } from "../../dwarf/missing";
import type { Entry, Unit } from "../../dwarf/model";
import { integerOf } from "../base";
import { pointerTarget } from "../pointers";
import type { World } from "../presentation";
import { Storage, type Tail } from "../storage";
import { type PointerType, strip, type Type, typeFrom } from "../types";
import { vtableAt } from "../vtables";
import { member, type Part, resolved } from "./layout";
import { unwrapped } from "./library";

/** Where a pointer leads. */
export interface Pointee {
  /**
   * What is there; behind a vtable as the concrete type, or with it at its end. Of a slice or a text only the first
   * element is described by the type.
   */
  readonly target: Part;
  readonly address: Address;
  /** Elements of a slice, bytes of a text. */
  readonly length?: number;
  /** The vtable that tells what is there, or at its end, where that type was not found. */
  readonly unresolved?: Address;
}

/** Follows a reference, a box, a `NonNull`, thin or fat; undefined when the type is none of them. */
export function follow(part: Part, world: World): Pointee | Missing | undefined {
  const pointer = unwrapped(part, world);
  if (pointer === undefined) return undefined;
  const type = strip(pointer.type);
  if (type.kind === "pointer") return targetOf(type, pointer);
  const length = member(pointer, world, "length");
  const data = member(pointer, world, length === undefined ? "pointer" : "data_ptr");
  const vtable = member(pointer, world, "vtable");
  const thin = data && strip(data.type);
  if (data === undefined || thin?.kind !== "pointer") return undefined;
  const found = targetOf(thin, data);
  if (found instanceof Missing) return found;
  if (length !== undefined) {
    const count = integerOf(length.type, length.storage);
    return count instanceof Missing || count === undefined ? count : { ...found, length: Number(count) };
  }
  if (vtable === undefined) return undefined;
  const at = pointerTarget(strip(vtable.type), vtable.storage);
  return at instanceof Missing ? at : behindVtable(found, at, world);
}

function behindVtable(found: Pointee, vtable: Address, world: World): Pointee {
  const { type, storage } = found.target;
  const concrete = concreteType(vtable, strip(type).entry?.unit, world);
  if (concrete === undefined) return { ...found, unresolved: vtable };
  return { ...found, target: resolved(type, storage.ending(concrete)) };
}

function targetOf(type: PointerType, pointer: Part): Pointee | Missing {
  const at = pointerTarget(type, pointer.storage);
  if (at instanceof Missing) return at;
  const { path } = pointer;
  return {
    target: partAt(type.target, at, pointer.storage, path && ((whole) => `(*${path(whole)})`)),
    address: at,
  };
}

/** What is at an address, known as well as `like` is. */
export function partAt(type: Type, at: number, like: Storage, path?: Part["path"]): Part {
  const place = { kind: "memory", address: address(at), provenance: like.provenance } as const;
  return { type, storage: new Storage(place, like.machine), path };
}

/**
 * The type whose vtable is at this address: the variable `<T as Trait>::{vtable}` lies there, and its type
 * refers to T (DW_AT_containing_type). A vtable of another size or alignment than T's is not believed.
 */
function concreteType(vtable: Address, near: Unit | undefined, world: World): Tail | undefined {
  const variable = vtableAt(vtable, near, world);
  return variable && describedBy(variable, vtable, world);
}

function describedBy(variable: Entry, vtable: Address, world: World): Tail | undefined {
  const layout = variable.reference(DW_AT.type);
  const owner = layout?.reference(DW_AT.containing_type);
  if (layout === undefined || owner === undefined) return undefined;
  const table: Part = partAt(
    typeFrom(layout),
    vtable,
    new Storage({ kind: "memory", address: vtable, provenance: "recorded" }, world.frame.machine),
  );
  const [size, align] = ["size", "align"].map((name) => {
    const found = member(table, world, name);
    const value = found && integerOf(found.type, found.storage);
    return typeof value === "bigint" ? Number(value) : undefined;
  });
  const type = typeFrom(owner);
  if (size !== type.size || align === undefined || align < 1 || (align & (align - 1)) !== 0) return undefined;
  return { type, align };
}

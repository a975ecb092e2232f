/**
 * Casts between a class and its bases move the address: a base lies behind what comes before it in the derived class
 * (C++ [expr.static.cast], [conv.ptr]). Between classes that are not related an address stays what it is.
 */
import { address } from "../bytes/offsets";
import { DW_AT, DW_TAG } from "../dwarf/constants";
import { Missing } from "../dwarf/missing";
import { dereference, throughReferences } from "../values/access";
import { wholeObject } from "../values/cpp/dynamic";
import type { TypedValue } from "../values/presentation";
import { findField } from "../values/records";
import { type RecordType, strip, type Type, typeOf } from "../values/types";
import { valueAt } from "../values/variables";
import { ExpressionError } from "./errors";
import { computed, type Session, Unavailable } from "./session";

/** Bases of bases that are followed. */
const DEPTH_LIMIT = 16;
/** Ways to bases that are followed in all. */
const PATH_LIMIT = 256;

/**
 * Bytes to add to the address of a `from` to get that of the `to` inside of it, or around it.
 * @throws ExpressionError for a base that is there twice, or virtual: where that lies only the object knows
 */
export function castOffset(from: Type, to: Type, position: number): number {
  const offset = offsetBetween(from, to, position);
  if (offset !== "virtual") return offset;
  throw new ExpressionError(
    `between ${from.name} and ${to.name} is a virtual base: where it lies only the object knows`,
    position,
  );
}

/**
 * The address of the `to` that an object at `at` has, or is part of. A virtual base is looked up in the object.
 * @throws ExpressionError for a base that is there twice, and on the way from a virtual base to what has it
 */
export function castAddress(at: bigint, from: Type, to: Type, session: Session, position: number): bigint {
  const offset = offsetBetween(from, to, position);
  if (offset !== "virtual") return at + BigInt(offset);
  const target = recordOf(to);
  const object = valueAt(from, address(Number(at)), session.context);
  const part = target && partOf(object, target);
  if (part === undefined)
    throw new ExpressionError(`${from.name} is a virtual base: use dynamic_cast`, position);
  if (part.storage.place instanceof Missing) throw new Unavailable(part.storage.place);
  return BigInt(part.address!);
}

function offsetBetween(from: Type, to: Type, position: number): number | "virtual" {
  const [source, target] = [recordOf(from), recordOf(to)];
  if (source === undefined || target === undefined || source.name === target.name) return 0;
  const up = baseOffset(source, target, position);
  if (up !== undefined) return up;
  const down = baseOffset(target, source, position) ?? 0;
  return down === "virtual" ? down : 0 - down;
}

/**
 * C++'s dynamic_cast: the part of the object that is a `T`, wherever its own class has it; null where it has none.
 * @throws ExpressionError where the object does not tell its class, and for a reference to what is no `T`
 */
export function dynamicCast(value: TypedValue, type: Type, session: Session, position: number): TypedValue {
  const target = strip(type);
  const wanted = target.kind === "pointer" ? recordOf(target.target) : undefined;
  const toWhole = target.kind === "pointer" && strip(target.target).kind === "void";
  if (target.kind !== "pointer" || (wanted === undefined && !toWhole))
    throw new ExpressionError(`${type.name} is no pointer or reference to a class`, position);
  const given = throughReferences(value);
  if (target.form === "pointer" && given.missing === undefined && given.target === 0)
    return computed(type, 0n, session);
  const object = target.form === "pointer" ? dereference(given) : given;
  if ("problem" in object) throw new ExpressionError(object.problem, position);
  if (object.storage.place instanceof Missing) throw new Unavailable(object.storage.place);
  const declared = recordOf(object.type);
  const whole = declared && wholeObject(declared, object.storage, object.world);
  if (whole === undefined)
    throw new ExpressionError(`the object does not tell which class it is of: use static_cast`, position);
  // A pointer to void is one to all of the object.
  const found = wanted === undefined ? whole : partOf(whole, wanted);
  if (target.form === "pointer") return computed(type, BigInt(found?.address ?? 0), session);
  if (found === undefined)
    throw new ExpressionError(`it is a ${whole.typeName}: dynamic_cast would throw`, position);
  return found;
}

/** An object's part of a base class, or all of it. */
function partOf(whole: TypedValue, wanted: RecordType): TypedValue | undefined {
  const type = recordOf(whole.type);
  if (type === undefined || type.name === wanted.name) return whole;
  const base = findField(type, wanted.name, whole.storage, whole.world);
  return base?.field.kind === "base" ? whole.world.value(base.field.type, base.storage()) : undefined;
}

function recordOf(type: Type): RecordType | undefined {
  const inner = strip(type);
  return inner.kind === "record" ? inner : undefined;
}

/** Where a base lies in a derived class; undefined when it is none. */
function baseOffset(derived: RecordType, base: RecordType, position: number): number | "virtual" | undefined {
  const found: (number | "virtual")[] = [];
  let left = PATH_LIMIT;
  const look = (record: RecordType, at: number | "virtual", depth: number): void => {
    for (const entry of record.definition?.children() ?? []) {
      if (entry.tag !== DW_TAG.inheritance || left-- <= 0) continue;
      const inner = recordOf(typeOf(entry));
      const offset = entry.unsigned(DW_AT.data_member_location);
      const place =
        at === "virtual" || offset === undefined || entry.unsigned(DW_AT.virtuality)
          ? "virtual"
          : at + offset;
      if (inner === undefined) continue;
      if (inner.name === base.name) found.push(place);
      else if (depth < DEPTH_LIMIT) look(inner, place, depth + 1);
    }
  };
  look(derived, 0, 0);
  const [first] = found;
  // However often a virtual base is named, there is one of it.
  if (found.every((place) => place === "virtual")) return first;
  if (found.length > 1)
    throw new ExpressionError(`${base.name} is a base of ${derived.name} more than once`, position);
  return first;
}

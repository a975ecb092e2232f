/**
 * Casts between a class and its bases move the address: a base lies behind what comes before it in the derived class
 * (C++ [expr.static.cast], [conv.ptr]). Between classes that are not related an address stays what it is.
 */
import { DW_AT, DW_TAG } from "../dwarf/constants";
import { type RecordType, strip, type Type, typeOf } from "../values/types";
import { ExpressionError } from "./errors";

/** Bases of bases that are followed. */
const DEPTH_LIMIT = 16;
/** Ways to bases that are followed in all. */
const PATH_LIMIT = 256;

/**
 * Bytes to add to the address of a `from` to get that of the `to` inside of it, or around it.
 * @throws ExpressionError for a base that is there twice, or virtual: where that lies only the object knows
 */
export function castOffset(from: Type, to: Type, position: number): number {
  const [source, target] = [recordOf(from), recordOf(to)];
  if (source === undefined || target === undefined || source.name === target.name) return 0;
  return baseOffset(source, target, position) ?? 0 - (baseOffset(target, source, position) ?? 0);
}

function recordOf(type: Type): RecordType | undefined {
  const inner = strip(type);
  return inner.kind === "record" ? inner : undefined;
}

/** Where a base lies in a derived class; undefined when it is none. */
function baseOffset(derived: RecordType, base: RecordType, position: number): number | undefined {
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
  if (first === "virtual")
    throw new ExpressionError(
      `${base.name} is a virtual base of ${derived.name}: a cast cannot tell where it lies`,
      position,
    );
  if (found.length > 1)
    throw new ExpressionError(`${base.name} is a base of ${derived.name} more than once`, position);
  return first;
}

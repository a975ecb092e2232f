/**
 * Method-like reads: `v.len()`, `s.is_empty()`, `opt.is_some()`, `p.is_null()`. They call nothing: each asks the
 * value's own view, and there are no others.
 */
import { Missing } from "../dwarf/missing";
import { dereference, member } from "../values/access";
import { elementsOf } from "../values/arrays";
import { shapeOf } from "../values/fields";
import type { TypedValue } from "../values/presentation";
import { rustElements } from "../values/rust/elements";
import { part } from "../values/rust/layout";
import { strip, type Type } from "../values/types";
import { activeVariant } from "../values/variants";
import { ExpressionError } from "./errors";
import { integer, type Scalar, scalarOf } from "./scalars";
import { type Session, Unavailable } from "./session";
import { sizeType } from "./sizes";

/** Library types whose elements are their view's children. */
const COLLECTION =
  /^(std::)?(vector|deque|list|forward_list|array|span|initializer_list|set|map|multiset|multimap|unordered_\w+)<|^(Vec|VecDeque|HashMap|HashSet|BTreeMap|BTreeSet|LinkedList|BinaryHeap)</;

export const METHODS = [
  "len",
  "size",
  "is_empty",
  "empty",
  "is_some",
  "is_none",
  "is_ok",
  "is_err",
  "is_null",
  "unwrap",
] as const;

/** What `value.name()` reads. @throws ExpressionError where the value's view does not know it */
export function method(
  value: TypedValue,
  name: string,
  session: Session,
  position: number,
): Scalar | TypedValue {
  const owner = throughReferences(value);
  switch (name) {
    case "len":
    case "size":
    case "length":
      return integer(BigInt(lengthOf(owner, name, position)), sizeType(session));
    case "is_empty":
    case "empty":
      return { kind: "boolean", value: lengthOf(owner, name, position) === 0 };
    case "is_some":
    case "is_none":
      return {
        kind: "boolean",
        value:
          (variantOf(owner, /^(core::option::)?Option</, name, position) === "Some") === (name === "is_some"),
      };
    case "is_ok":
    case "is_err":
      return {
        kind: "boolean",
        value:
          (variantOf(owner, /^(core::result::)?Result</, name, position) === "Ok") === (name === "is_ok"),
      };
    case "unwrap": {
      const variant = variantOf(owner, /^(core::(option|result)::)?(Option|Result)</, name, position);
      const payload = variant === "Some" || variant === "Ok" ? member(owner, "0") : undefined;
      if (payload === undefined || "problem" in payload)
        throw new ExpressionError(`it is ${variant}: unwrap would panic`, position);
      return payload;
    }
    case "is_null": {
      const pointer = scalarOf(value, session, position);
      if (pointer.kind === "pointer") return { kind: "boolean", value: pointer.address === 0n };
    }
  }
  throw unknown(owner, name, position);
}

function unknown(value: TypedValue, name: string, position: number): ExpressionError {
  return new ExpressionError(
    `${value.typeName} has no ${name}() that can be read without running code`,
    position,
  );
}

/** What references lead to; the value itself when it is none. */
export function throughReferences(value: TypedValue): TypedValue {
  let inner = value;
  for (let depth = 0; depth < 16; depth++) {
    const type = strip(inner.type);
    if (type.kind !== "pointer" || type.form === "pointer") break;
    const target = dereference(inner);
    if ("problem" in target) break;
    inner = target;
  }
  return inner;
}

function lengthOf(value: TypedValue, name: string, position: number): number {
  const { storage, world } = value;
  const type = strip(value.type);
  const counted =
    type.kind === "array"
      ? elementsOf(type, storage, world)
      : rustElements(textOr(value), bytesOf(value), world);
  if (counted instanceof Missing) throw new Unavailable(counted);
  if (counted !== undefined) return counted.count;
  if (value.missing !== undefined) throw new Unavailable(value.missing);
  const viewed = value.children?.named().some((child) => child.name === "[raw]");
  if (COLLECTION.test(value.typeName ?? "") && viewed === true) return value.children!.indexedCount;
  throw unknown(value, name, position);
}

/** A String's bytes are those of its Vec. */
function textOr(value: TypedValue): Type {
  return stringBytes(value)?.type ?? value.type;
}

function bytesOf(value: TypedValue): TypedValue["storage"] {
  return stringBytes(value)?.storage ?? value.storage;
}

function stringBytes({ type, storage, world }: TypedValue) {
  return type.flavour.name === "rust" && /^String$/.test(type.name)
    ? part(type, storage, "vec", world)
    : undefined;
}

function variantOf(value: TypedValue, names: RegExp, name: string, position: number): string {
  const type = strip(value.type);
  if (
    type.kind === "record" &&
    type.flavour.name === "rust" &&
    type.definition !== undefined &&
    names.test(type.name)
  ) {
    const { variantPart } = shapeOf(type.definition);
    if (variantPart !== undefined) {
      const active = activeVariant(variantPart, value.storage, value.world);
      if (active instanceof Missing) throw new Unavailable(active);
      return active.name;
    }
  }
  throw unknown(value, name, position);
}

/** Elements: `a[i]`, `map["key"]`, the slices `a[2..5]`, and `p,10`, which takes a pointer for an array. */
import { Missing } from "../dwarf/missing";
import { element } from "../values/access";
import { elementsOf } from "../values/arrays";
import type { Value } from "../values/model";
import { pointeeOf } from "../values/pointers";
import type { TypedValue } from "../values/presentation";
import { rustElements } from "../values/rust/elements";
import type { Storage } from "../values/storage";
import { arrayType, strip, type Type } from "../values/types";
import { ExpressionError } from "./errors";
import { throughReferences } from "./methods";
import { nameOf, type Scalar } from "./scalars";
import { type Session, Unavailable } from "./session";
import { isTyped } from "./typed";

/** Children of a view that are searched for a key. */
const MOST_KEYS = 10_000;

/** `value[index]`: an element by its number, or what a view files under a key. */
export function elementAt(value: TypedValue, index: Scalar, session: Session, position: number): Value {
  if (index.kind === "text") {
    const found = childNamed(value, `[${index.quoted}]`);
    if (found !== undefined) return found;
    throw new ExpressionError(`${value.typeName} has no key ${index.quoted}`, position);
  }
  if (index.kind !== "integer")
    throw new ExpressionError(`a whole number is expected here, not ${nameOf(index)}`, position);
  const outcome = element(value, Number(index.value));
  if (!("problem" in outcome)) return outcome;
  // A map's numbers are keys, which its view does not tell from positions.
  const viewed = session.rules === "rust" || value.type.flavour.name === "cpp";
  const keyed = /map|set/i.test(value.typeName ?? "");
  const count = value.children?.indexedCount ?? 0;
  const inside = index.value >= 0n && index.value < BigInt(count);
  const [child] = viewed && !keyed && inside ? value.children!.indexed(Number(index.value), 1) : [];
  if (child?.name === `[${index.value}]`) return child.value;
  throw new ExpressionError(outcome.problem, position);
}

function childNamed(value: TypedValue, name: string): Value | undefined {
  const { children } = value;
  if (children === undefined) return undefined;
  const named = children.named().find((child) => child.name === name);
  return (named ?? children.indexed(0, MOST_KEYS).find((child) => child.name === name))?.value;
}

export interface Bounds {
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
  readonly inclusive: boolean;
}

interface Run {
  readonly type: Type;
  /** Undefined behind a pointer, which does not know how many there are. */
  readonly count: number | undefined;
  readonly stride: number | undefined;
  at(index: number): Storage;
}

/** `value[from..to]`, counted from 0. */
export function sliceOf(value: TypedValue, bounds: Bounds, session: Session, position: number): Value {
  const run = runOf(value, session, position);
  const from = bounds.from ?? 0n;
  const end = bounds.to === undefined ? run.count : bounds.to + (bounds.inclusive ? 1n : 0n);
  if (end === undefined) throw new ExpressionError("a slice of a pointer needs an end", position);
  if (from < 0n || from > BigInt(end) || (run.count !== undefined && BigInt(end) > BigInt(run.count)))
    throw new ExpressionError(`${from}..${end} is outside of 0..${run.count ?? "…"}`, position);
  return arrayOf(run, Number(from), Number(BigInt(end) - from), session, position);
}

/** The first `count` elements of an array, or behind a pointer however many its type says. */
export function firstElements(value: Value, count: bigint, session: Session, position: number): Value {
  if (!isTyped(value)) throw new ExpressionError("this has no elements", position);
  const run = runOf(value, session, position);
  if (count < 0n || (run.count !== undefined && count > BigInt(run.count)))
    throw new ExpressionError(`there are ${run.count ?? "no"} elements, not ${count}`, position);
  return arrayOf(run, 0, Number(count), session, position);
}

function runOf(value: TypedValue, session: Session, position: number): Run {
  const owner = throughReferences(value);
  const type = strip(owner.type);
  if (type.kind === "pointer") {
    const size = type.target.size;
    if (size === undefined)
      throw new ExpressionError(`the size of ${type.target.name} is not known`, position);
    const { storage } = pointeeOf(type, owner.storage, session.world);
    return {
      type: type.target,
      count: undefined,
      stride: undefined,
      at: (index) => storage.at(index * size),
    };
  }
  const elements =
    type.kind === "array"
      ? elementsOf(type, owner.storage, owner.world)
      : rustElements(type, owner.storage, owner.world);
  if (elements instanceof Missing) throw new Unavailable(elements);
  if (elements === undefined) throw new ExpressionError(`${value.typeName} has no elements`, position);
  const stride = type.kind === "array" && type.dimensions.length === 1 ? type.stride : undefined;
  return { ...elements, stride, at: (index) => elements.at(index + elements.lower) };
}

function arrayOf(run: Run, from: number, count: number, session: Session, position: number): Value {
  const size = run.stride ?? run.type.size ?? 0;
  if (!Number.isSafeInteger(from + count) || (from + count) * size > 2 ** (8 * session.addressSize))
    throw new ExpressionError("there is not so much memory", position);
  const type = arrayType(run.type.flavour, run.type, [{ lower: 0, count }], run.stride);
  return session.world.value(type, run.at(from));
}

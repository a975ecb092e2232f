/** Elements: `a[i]`, `map["key"]`, the slices `a[2..5]`, and `p,10`, which takes a pointer for an array. */
import { Missing } from "../dwarf/missing";
import { element } from "../values/access";
import { type Elements, elementsOf } from "../values/arrays";
import type { Value } from "../values/model";
import { pointeeOf } from "../values/pointers";
import type { TypedValue } from "../values/presentation";
import { rustElements } from "../values/rust/elements";
import type { Storage } from "../values/storage";
import { arrayType, strip, type Type } from "../values/types";
import { sliceElements } from "../values/zig/slices";
import { ExpressionError } from "./errors";
import { throughReferences } from "./methods";
import { nameOf, type Scalar } from "./scalars";
import { type Session, Unavailable } from "./session";
import { isTyped } from "./typed";

/** Children of a view that are searched for a key. */
const MOST_KEYS = 10_000;

/** `value[index]`: an element by its number, or what a view files under a key. */
export function elementAt(value: TypedValue, index: Scalar, position: number): Value {
  if (index.kind === "text") {
    const found = childNamed(value, `[${index.quoted}]`);
    if (found !== undefined) return found;
    throw new ExpressionError(`${value.typeName} has no key ${index.quoted}`, position);
  }
  if (index.kind !== "integer")
    throw new ExpressionError(`a whole number is expected here, not ${nameOf(index)}`, position);
  const outcome = element(value, Number(index.value));
  if (!("problem" in outcome)) return outcome;
  const viewed = viewedElement(value, index.value);
  if (viewed !== undefined) return viewed;
  throw new ExpressionError(outcome.problem, position);
}

/** A map by its keys, as its view names its entries; a set has no order to count in. */
const MAP = /^(std::)?(unordered_)?map<|^(HashMap|BTreeMap)</;
/** Views that count their elements as the language does. */
const ROW = /^(std::)?(vector|array|span|deque|list|forward_list|initializer_list)<|^VecDeque</;

function viewedElement(value: TypedValue, index: bigint): Value | undefined {
  const name = value.typeName ?? "";
  if (MAP.test(name)) {
    const found = childNamed(value, `[${index}]`);
    // A C++ map whose keys are no numbers shows whole pairs, by their position.
    const pair = value.type.flavour.name === "cpp" && !name.endsWith(`, ${found?.typeName}>`);
    return pair ? undefined : found;
  }
  const count = value.children?.indexedCount ?? 0;
  if (!ROW.test(name) || index < 0n || index >= BigInt(count)) return undefined;
  const [child] = value.children!.indexed(Number(index), 1);
  return child?.name === `[${index}]` ? child.value : undefined;
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
      : (rustElements(type, owner.storage, owner.world) ?? sliceElements(type, owner.storage, owner.world));
  if (elements instanceof Missing) throw new Unavailable(elements);
  const run = elements ?? viewedRun(owner);
  if (run === undefined) throw new ExpressionError(`${value.typeName} has no elements in a row`, position);
  const stride = type.kind === "array" && type.dimensions.length === 1 ? type.stride : undefined;
  return { type: run.type, count: run.count, stride, at: (index) => run.at(index + run.lower) };
}

/** The elements that a view shows, where they lie next to each other: a std::vector's. */
function viewedRun(value: TypedValue): Elements | undefined {
  const { children } = value;
  const count = children?.indexedCount ?? 0;
  if (children === undefined || count === 0 || !CONTIGUOUS.test(value.typeName ?? "")) return undefined;
  const first = children.indexed(0, 1)[0]?.value;
  const last = children.indexed(count - 1, 1)[0]?.value;
  const size = first?.size;
  if (first === undefined || !isTyped(first) || first.address === undefined || size === undefined)
    return undefined;
  if (last?.address !== first.address + (count - 1) * size) return undefined;
  return { type: first.type, count, lower: 0, at: (index) => first.storage.at(index * size) };
}

const CONTIGUOUS = /^(std::)?(vector|array|span|initializer_list)</;

function arrayOf(run: Run, from: number, count: number, session: Session, position: number): Value {
  const size = run.stride ?? run.type.size ?? 0;
  if (!Number.isSafeInteger(from + count) || (from + count) * size > 2 ** (8 * session.addressSize))
    throw new ExpressionError("there is not so much memory", position);
  const type = arrayType(run.type.flavour, run.type, [{ lower: 0, count }], run.stride);
  return session.world.value(type, run.at(from));
}

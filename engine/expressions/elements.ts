/** Elements: `a[i]`, `map["key"]`, the slices `a[2..5]`, and `p,10`, which takes a pointer for an array. */
import { Missing } from "../dwarf/missing";
import { element, owners, throughReferences } from "../values/access";
import { type Elements, elementsOf } from "../values/arrays";
import { libraryName, Part, typeArguments } from "../values/cpp/layout";
import { type KeyedEntry, keyedEntries } from "../values/keys";
import type { Value } from "../values/model";
import { pointeeOf } from "../values/pointers";
import type { TypedValue } from "../values/presentation";
import { rustElements } from "../values/rust/elements";
import type { Storage } from "../values/storage";
import { arrayType, strip, type Type } from "../values/types";
import { sliceElements } from "../values/zig/slices";
import { ExpressionError } from "./errors";
import { binary, isTrue } from "./operators";
import { nameOf, type Scalar, scalarOf } from "./scalars";
import { type Session, Unavailable } from "./session";
import { isTyped } from "./typed";

/** Entries of a map that are searched for a key. */
const MOST_ENTRIES = 2 ** 17;

/** `value[index]`: an element by its number, or what a map keeps under a key. */
export function elementAt(value: TypedValue, index: Scalar, session: Session, position: number): Value {
  for (const owner of owners(value)) {
    const entries = keyedEntries(owner);
    if (entries instanceof Missing) throw new Unavailable(entries);
    if (entries !== undefined) return entryOf(owner, entries, index, session, position);
  }
  if (index.kind !== "integer")
    throw new ExpressionError(`a whole number is expected here, not ${nameOf(index)}`, position);
  const outcome = element(value, Number(index.value));
  if (!("problem" in outcome)) return outcome;
  if (outcome.missing !== undefined) throw new Unavailable(outcome.missing);
  const owned = ownedRow(throughReferences(value));
  if (owned !== undefined) return elementAt(owned, index, session, position);
  const viewed = viewedElement(throughReferences(value), index.value);
  if (viewed !== undefined) return viewed;
  throw new ExpressionError(outcome.problem, position);
}

/** An entry of what has no type of the program's: a table of the Wasm machine. */
export function entryAt({ children }: Value, index: bigint, position: number): Value {
  const count = children?.indexedCount ?? 0;
  const [entry] = index >= 0n && index < count ? (children?.indexed(Number(index), 1) ?? []) : [];
  if (entry === undefined) throw new ExpressionError(`there are ${count} entries`, position);
  return entry.value;
}

function entryOf(
  map: TypedValue,
  entries: Iterable<KeyedEntry | Missing>,
  key: Scalar,
  session: Session,
  position: number,
): Value {
  let searched = 0;
  for (const entry of entries) {
    if (entry instanceof Missing) throw new Unavailable(entry);
    if (++searched > MOST_ENTRIES)
      throw new ExpressionError(`no such key is among the map's first ${MOST_ENTRIES} entries`, position);
    const found = binary("==", scalarOf(entry.key, session, position), key, session, position);
    if (isTrue(found, session, position)) return entry.value;
  }
  throw new ExpressionError(`${map.typeName} has no such key`, position);
}

/** The pointer of C++'s `unique_ptr<T[]>`, which is indexed as it is; undefined for every other value. */
function ownedRow({ type, storage, world }: TypedValue): TypedValue | undefined {
  const isRow = libraryName(type) === "unique_ptr" && strip(typeArguments(type)[0] ?? type).kind === "array";
  return isRow ? new Part(type, storage, world).member("__ptr_")?.value : undefined;
}

/** Views that count their elements as the language does. */
const ROW = /^(std::)?(list|forward_list)<|^LinkedList</;

function viewedElement(value: TypedValue, index: bigint): Value | undefined {
  const count = value.children?.indexedCount ?? 0;
  if (!ROW.test(value.typeName ?? "") || index < 0n || index >= BigInt(count)) return undefined;
  return value.children!.indexed(Number(index), 1)[0]?.value;
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

/** `first@count`: so many objects in a row, of which the first is given. */
export function repeated(value: TypedValue, count: bigint, session: Session, position: number): Value {
  const owner = session.rules === "c" ? throughReferences(value) : value;
  const { type, storage } = owner;
  const { size } = type;
  if (owner.missing !== undefined && storage.address === undefined) throw new Unavailable(owner.missing);
  if (storage.address === undefined || size === undefined)
    throw new ExpressionError("only an object in memory has others behind it", position);
  if (count < 1n) throw new ExpressionError(`${count} is no number of objects`, position);
  const run: Run = { type, count: undefined, stride: undefined, at: (index) => storage.at(index * size) };
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
  // A ring's elements go on at its buffer's start.
  const [first, last] = count > 1 ? [run.at(from).address, run.at(from + count - 1).address] : [];
  if (first !== undefined && last !== first + (count - 1) * size)
    throw new ExpressionError("these elements do not lie in a row", position);
  const type = arrayType(run.type.flavour, run.type, [{ lower: 0, count }], run.stride);
  return session.world.value(type, run.at(from));
}

/**
 * Pointers of Rust's library that own or watch what they point at: Rc and Arc with their counts, Weak, trait
 * objects by their concrete type, and the guards of cells and locks.
 */
import { Missing, missing } from "../../dwarf/missing";
import { type Elements, elementChildren, listText } from "../arrays";
import { integerOf } from "../base";
import type { Child } from "../model";
import { namedChildren, type Presentation, unavailable, type View, type World } from "../presentation";
import type { Storage } from "../storage";
import { quoteUtf8, TEXT_LIMIT } from "../text";
import { strip, type Type } from "../types";
import { rustElements } from "./elements";
import { functionOfVtable } from "./functions";
import { member, type Part, part, resolved, wholePart } from "./layout";
import { libraryName, unwrapped } from "./library";
import { follow, type Pointee } from "./pointees";
import { computedNumber, partChild, partText, presentAs } from "./shown";

/** `Rc<T>`, `Arc<T>` and their `Weak<T>`: the value, and how many hold and watch it. */
export const sharedView: View = (type, storage, world) => {
  const name = libraryName(type);
  if (name !== "Rc" && name !== "Arc" && name !== "Weak") return undefined;
  const pointer = part(type, storage, "ptr", world);
  const found = pointer && follow(pointer, world);
  if (found === undefined || found instanceof Missing) return found && unavailable(found);
  const weak = name === "Weak";
  // `Weak::new` points at no allocation: its address is the largest there is.
  const nowhere = 2 ** (8 * world.frame.machine.addressSize);
  if (weak && (found.address === nowhere - 1 || found.address >= Number.MAX_SAFE_INTEGER))
    return { summary: () => "(Weak, of nothing)" };
  const counts = countsOf(found.target, world);
  if (counts instanceof Missing) return unavailable(counts);
  const value = counts && sharedValue(found, world);
  if (counts === undefined || value === undefined) return undefined;
  if (counts.strong === 0n) {
    if (weak) return { summary: () => "(Weak, dropped)", children: namedChildren(2, () => counts.children) };
    return unavailable(missing("malformed", "its strong count is 0: it is dropped, or not initialised here"));
  }
  const shown = value;
  return {
    summary: (style) => (weak ? `Weak(${shown.text(style)})` : shown.text(style)),
    children: {
      namedCount: shown.named.length + 2,
      indexedCount: shown.indexed?.indexedCount ?? 0,
      named: () => [...shown.named, ...counts.children],
      indexed: (start, count) => shown.indexed?.indexed(start, count) ?? [],
    },
  };
};

/** The value that an Rc or an Arc shares, while it lives; of a slice or a text none. */
export function sharedTarget(whole: Part, world: World): Part | Missing | undefined {
  const pointer = member(whole, world, "ptr");
  const found = pointer && follow(pointer, world);
  if (found === undefined || found instanceof Missing) return found;
  const counts = countsOf(found.target, world);
  if (counts === undefined || counts instanceof Missing) return counts;
  return counts.strong === 0n || found.length !== undefined ? undefined : valueIn(found, world);
}

interface Counts {
  readonly strong: bigint;
  readonly children: readonly Child[];
}

/** All strong pointers together hold one weak count, which programs never see. */
function countsOf(target: Part, world: World): Counts | Missing | undefined {
  const [strong, weak] = ["strong", "weak"].map((name) => {
    const found = member(target, world, name);
    return found && unwrapped(found, world);
  });
  const owners = strong && integerOf(strong.type, strong.storage);
  const watchers = weak && integerOf(weak.type, weak.storage);
  if (owners instanceof Missing) return owners;
  if (watchers instanceof Missing) return watchers;
  if (strong === undefined || weak === undefined || owners === undefined || watchers === undefined)
    return undefined;
  const locked = watchers === (1n << BigInt(8 * (weak.type.size ?? 0))) - 1n;
  const seen = locked || watchers === 0n ? 0n : watchers - (owners === 0n ? 0n : 1n);
  const weakPart = computedNumber(weak.type, seen, world);
  return {
    strong: owners,
    children: [partChild("strong", strong, world), partChild("weak", weakPart, world)],
  };
}

interface SharedValue {
  readonly named: readonly Child[];
  readonly indexed: ReturnType<typeof elementChildren> | undefined;
  text: Presentation["summary"];
}

function sharedValue(found: Pointee, world: World): SharedValue | undefined {
  const value = valueIn(found, world);
  if (value === undefined) return undefined;
  return found.length === undefined ? one(value, world) : unsized(found, value, world);
}

/** The value in a counted allocation; of a slice its first element. */
const valueIn = (found: Pointee, world: World): Part | undefined =>
  found.unresolved !== undefined
    ? undefined
    : (member(found.target, world, "value") ?? member(found.target, world, "data"));

function one(value: Part, world: World): SharedValue {
  return {
    named: [partChild("value", value, world)],
    indexed: undefined,
    text: (style) => partText(value, world, style),
  };
}

const inARow = (first: Part, count: number, stride: number): Elements => ({
  type: first.type,
  count,
  lower: 0,
  at: (index) => first.storage.at(index * stride),
});

/** The elements that an `Rc<[T]>` or an `Arc<[T]>` shares; undefined for every other type. */
export function sharedElements(type: Type, storage: Storage, world: World): Elements | Missing | undefined {
  const name = libraryName(type);
  const pointer = name === "Rc" || name === "Arc" ? part(type, storage, "ptr", world) : undefined;
  const found = pointer && follow(pointer, world);
  if (found === undefined || found instanceof Missing) return found;
  const value = found.length === undefined ? undefined : valueIn(found, world);
  const stride = value?.type.size;
  if (value === undefined || stride === undefined || found.length! * stride >= 2 ** 31) return undefined;
  return inARow(value, found.length!, stride);
}

/** What is text in a counted allocation: `RcInner<str>`, `ArcInner<std::path::Path>`. */
const TEXT = /<(?:str|(?:\w+::)*(?:OsStr|Path|(CStr)))>$/;

/** `Rc<[T]>` and `Rc<str>`: the member's type is that of one element, or of one byte. */
function unsized(found: Pointee, value: Part, world: World): SharedValue | undefined {
  const name = strip(found.target.type).entry?.name ?? "";
  const text = TEXT.exec(name);
  if (text !== null) {
    // A CStr's length counts the NUL at its end.
    const count = Math.max(0, found.length! - (text[1] === undefined ? 0 : 1));
    const bytes = value.storage.read(Math.min(count, TEXT_LIMIT));
    if (bytes instanceof Missing) return undefined;
    return {
      named: [],
      indexed: undefined,
      text: (style) => quoteUtf8(bytes, Math.max(8, style.budget), bytes.length < count),
    };
  }
  const stride = value.type.size;
  const isSlice = /<\[.*\]>$/s.test(name);
  if (!isSlice || stride === undefined || found.length! * stride >= 2 ** 31) return undefined;
  const elements = inARow(value, found.length!, stride);
  return {
    named: [],
    indexed: elementChildren(elements, world),
    text: (style) => `[${listText(elements, world, style)}]`,
  };
}

/** The pointer to the vtable in a pointer to something known by a trait. */
function vtablePart(declared: Type, storage: Storage, world: World): Part | undefined {
  const type = strip(declared);
  if (type.kind !== "record" || type.flavour.name !== "rust") return undefined;
  return /\bdyn /.test(type.entry?.name ?? "") ? part(type, storage, "vtable", world) : undefined;
}

/** What a trait object leads to, as its concrete type; undefined for every other type, or when that is not known. */
export function traitTarget(declared: Type, storage: Storage, world: World): Part | Missing | undefined {
  if (vtablePart(declared, storage, world) === undefined) return undefined;
  const found = follow(wholePart(declared, storage), world);
  if (found === undefined || found instanceof Missing) return found;
  // A pointer to a counted allocation (inside of Rc) is not a pointer to the value.
  if (found.unresolved !== undefined || member(found.target, world, "strong")) return undefined;
  return { type: found.target.type, storage: found.target.storage };
}

/** `&dyn Trait`, `Box<dyn Trait>`: the value with its concrete type. */
export const traitObjectView: View = (type, storage, world) => {
  const value = traitTarget(type, storage, world);
  if (value instanceof Missing) return unavailable(value);
  if (value === undefined) return functionView(type, storage, world);
  return {
    target: value.storage.address,
    summary: (style) => partText(value, world, style),
    children: namedChildren(1, () => [partChild("value", value, world)]),
  };
};

/** `&dyn Fn(i32) -> i32` of a function: its name. */
const functionView: View = (type, storage, world) => {
  const vtable = vtablePart(type, storage, world);
  const at = vtable && integerOf(vtable.type, vtable.storage);
  if (at === undefined || at instanceof Missing) return at && unavailable(at);
  const name = functionOfVtable(Number(at), world);
  return name === undefined ? undefined : { summary: () => `<${name}>` };
};

/** `dyn Trait` at the end of what a pointer leads to: the value as what it is. */
export const traitEndView: View = (type, storage, world) => {
  const value = resolved(type, storage);
  return value.type === type ? undefined : presentAs(value, world);
};

/** `Ref`, `RefMut`, the guards of locks: the value that they lend. */
export const guardView: View = (type, storage, world) => {
  const whole = wholePart(type, storage);
  const lent = lentBy(whole, world);
  if (lent instanceof Missing) return unavailable(lent);
  if (lent !== undefined) return presentAs(lent, world);
  // What is borrowed of a text or a slice is shown by the pointer to it, which knows its length.
  const pointer = lendingPointer(whole, world);
  const bare = pointer && unwrapped(pointer, world);
  return bare && rustElements(bare.type, bare.storage, world) && presentAs(bare, world);
};

/** A guard's own pointer to what it lends; those for reading a lock have had one since Rust 1.64. */
function lendingPointer(whole: Part, world: World): Part | undefined {
  const name = LENDING[libraryName(whole.type) ?? ""];
  return name === undefined ? undefined : member(whole, world, name);
}

const LENDING: Readonly<Record<string, string>> = {
  Ref: "value",
  RefMut: "value",
  RwLockReadGuard: "data",
  MappedMutexGuard: "data",
  MappedRwLockReadGuard: "data",
  MappedRwLockWriteGuard: "data",
};

/** What a guard lends; undefined for every other type. */
export function lentBy(whole: Part, world: World): Part | Missing | undefined {
  const through = (member: Part | undefined): Part | Missing | undefined => {
    const found = member && follow(member, world);
    if (found === undefined || found instanceof Missing) return found;
    return found.length === undefined && found.unresolved === undefined ? found.target : undefined;
  };
  const own = lendingPointer(whole, world);
  if (own !== undefined) return through(own);
  switch (libraryName(whole.type)) {
    case "RwLockReadGuard":
    case "MutexGuard":
    case "RwLockWriteGuard": {
      const lock = through(member(whole, world, "lock"));
      if (lock === undefined || lock instanceof Missing) return lock;
      const data = member(lock, world, "data");
      return data && unwrapped(data, world);
    }
    default:
      return undefined;
  }
}

/**
 * Which of Rust's own types a type is, by its path in the debug information, and the library's wrappers that
 * are nothing but what they wrap: cells, atomics, niches, pins.
 */
import { DW_ATE, DW_TAG } from "../../dwarf/constants";
import { shapeOf } from "../fields";
import type { Flavour } from "../flavour";
import type { World } from "../presentation";
import { baseType, strip, type Type } from "../types";
import { member, type Part, parameter, wholePart } from "./layout";

const CRATES: ReadonlySet<string> = new Set(["core", "alloc", "std", "hashbrown"]);

/** Namespaces are followed outwards so far. */
const DEPTH_LIMIT = 16;

/** `alloc::rc::Rc` without generic arguments, when the type is one of Rust's library; undefined otherwise. */
export function libraryPath(declared: Type): string | undefined {
  const path = pathOf(declared);
  return path?.includes("::") && CRATES.has(path.slice(0, path.indexOf("::"))) ? path : undefined;
}

/** The path of a Rust record without generic arguments, `smallvec::SmallVec`; undefined for every other type. */
export function pathOf(declared: Type): string | undefined {
  const type = strip(declared);
  if (type.kind !== "record" || type.flavour.name !== "rust" || type.entry?.name === undefined)
    return undefined;
  const names = [type.entry.name.replace(/<.*$/s, "")];
  let scope = type.entry.parent;
  for (let depth = 0; depth < DEPTH_LIMIT && scope?.tag === DW_TAG.namespace; depth++, scope = scope.parent)
    names.unshift(scope.name ?? "");
  return names.join("::");
}

/** The last name of a library type's path: `Rc`; undefined for every other type. */
export function libraryName(type: Type): string | undefined {
  return libraryPath(type)?.split("::").at(-1);
}

const WRAPPERS: ReadonlySet<string> = new Set([
  "Cell",
  "UnsafeCell",
  "SyncUnsafeCell",
  "ManuallyDrop",
  "MaybeDangling",
  "Wrapping",
  "Saturating",
  "NonZero",
  "NonNull",
  "Unique",
  "Pin",
  "Atomic",
  "BinaryHeap",
]);

/** Types of the library that only narrow, align or hide what they wrap. */
const WRAPPING_PATHS = /::(niche_types|atomic::private)::|::io::error::(Error|\w+::Repr)$|::Alignment$/;

/** JSON's objects are maps, its numbers an enum. */
const WRAPPING_CRATES: ReadonlySet<string> = new Set(["serde_json::map::Map", "serde_json::number::Number"]);

/** The older names of atomics and non-zero numbers: `AtomicU32`, `NonZeroU32`. */
const OLD_WRAPPERS = /^(?:Atomic|NonZero)[A-Z]\w*$/;

function isWrapper(type: Type): boolean {
  const path = libraryPath(type);
  if (path === undefined) return WRAPPING_CRATES.has(pathOf(type) ?? "");
  const name = path.split("::").at(-1)!;
  return WRAPPERS.has(name) || WRAPPING_PATHS.test(path) || OLD_WRAPPERS.test(name);
}

/** Wrappers inside of wrappers (Atomic, UnsafeCell, Align4) are so deep. */
const WRAPPING_LIMIT = 16;

/** What a wrapper wraps, through all wrappers inside of it; the part itself when it is none. */
export function unwrapped(outer: Part, world: World): Part | undefined {
  let inner = outer;
  for (let depth = 0; depth < WRAPPING_LIMIT; depth++) {
    if (!isWrapper(inner.type)) return asDeclared(outer, inner);
    const next = soleMember(inner, world);
    if (next === undefined) return undefined;
    inner = next;
  }
  return undefined;
}

/** The only member that has a size, or the only one. */
function soleMember(of: Part, world: World): Part | undefined {
  const type = strip(of.type);
  if (type.kind !== "record" || type.definition === undefined) return undefined;
  const { fields, variantPart } = shapeOf(type.definition);
  const members = fields.filter((field) => field.kind === "member");
  const sized = members.filter((field) => field.type.size !== 0);
  const [only, another] = sized.length > 0 ? sized : members;
  const name = only?.entry.name;
  if (variantPart !== undefined || another !== undefined || name === undefined) return undefined;
  return member(of, world, name);
}

/** An atomic keeps a `bool` as a `u8`: its parameter says what it means. */
function asDeclared(outer: Part, inner: Part): Part {
  const type = strip(outer.type);
  if (type.kind !== "record" || type === inner.type) return inner;
  const name = libraryName(type);
  const bare = strip(inner.type);
  const meant =
    name === "Atomic" ? parameter(type, "T") : name === "AtomicBool" ? bool(type.flavour) : undefined;
  if (meant === undefined || bare.kind !== "base" || meant.size !== bare.size) return inner;
  return meant.name === inner.type.name ? inner : { type: meant, storage: inner.storage };
}

const bool = (flavour: Flavour): Type => baseType(flavour, "bool", DW_ATE.boolean, 1);

/** What a wrapper of the library wraps; undefined for every other type. */
export function wrappedBy(type: Type, storage: Part["storage"], world: World): Part | undefined {
  return isWrapper(type) ? unwrapped(wholePart(type, storage), world) : undefined;
}

/** Rust's cells and locks: what they hold, and who holds them. */
import { attempt, FormatError } from "../../bytes/errors";
import { Missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { shapeOf } from "../fields";
import { namedChildren, type Presentation, type View, type World } from "../presentation";
import { strip, type Type } from "../types";
import { activeVariant } from "../variants";
import { member, type Part, wholePart } from "./layout";
import { libraryName, unwrapped, wrappedBy } from "./library";
import { partChild, partText, presentAs } from "./shown";

/** Cells, atomics, niches and pins: shown as what they wrap. */
export const wrapperView: View = (type, storage, world) => {
  const inner = wrappedBy(type, storage, world);
  return inner && presentAs(inner, world);
};

/** `RefCell {value: 5, borrowed mutably}`, `Mutex {data: 11, locked}`, `RwLock {…}`. */
export const cellView: View = (type, storage, world) => {
  const whole = wholePart(type, storage);
  switch (libraryName(type)) {
    case "RefCell":
      return held("RefCell", "value", whole, borrowState(member(whole, world, "borrow"), world), world);
    case "Mutex":
      return held("Mutex", "data", whole, lockState(member(whole, world, "inner"), world), world);
    case "RwLock":
      return held("RwLock", "data", whole, lockState(member(whole, world, "inner"), world), world);
    case "MaybeUninit":
      return maybeUninitialised(whole, world);
    default:
      return undefined;
  }
};

/** What `get()` reads of a Cell or a NonZero. */
export function cellContent(whole: Part, world: World): Part | undefined {
  return /^(Cell|NonZero.*)$/.test(libraryName(whole.type) ?? "") ? unwrapped(whole, world) : undefined;
}

/** How a cell is held; an empty text when it is free. */
type State = string | undefined;

function held(
  name: string,
  content: string,
  whole: Part,
  state: State,
  world: World,
): Presentation | undefined {
  const cell = member(whole, world, content);
  const value = cell && unwrapped(cell, world);
  if (value === undefined || state === undefined) return undefined;
  const poisoned = flagOf(member(whole, world, "poison", "failed"), world) === 1 ? ", poisoned" : "";
  const after = `${state === "" ? "" : `, ${state}`}${poisoned}`;
  const used = name.length + content.length + after.length + 5;
  return {
    summary: (style) => `${name} {${content}: ${partText(value, world, style, used)}${after}}`,
    children: namedChildren(1, () => [partChild(content, value, world)]),
  };
}

function flagOf(part: Part | undefined, world: World): number | undefined {
  const inner = part && unwrapped(part, world);
  const bare = inner && integerOf(inner.type, inner.storage);
  return typeof bare === "bigint" ? Number(bare) : undefined;
}

/** `borrow` counts readers up from 0 and writers down. */
function borrowState(borrow: Part | undefined, world: World): State {
  const count = flagOf(borrow, world);
  if (count === undefined) return undefined;
  if (count === 0) return "";
  return count < 0 ? "borrowed mutably" : count === 1 ? "borrowed" : `borrowed ${count} times`;
}

/** A futex's RwLock counts its readers in the low bits; all of them set say that it is written. */
const READERS = 0x3fffffff;

/** Locks of platforms without threads, and locks on a futex. */
function lockState(outer: Part | undefined, world: World): State {
  // Up to Rust 1.66 the lock was in a MovableMutex or MovableRwLock.
  const lock = outer && (member(outer, world, "__0") ?? outer);
  if (lock === undefined) return undefined;
  const locked = flagOf(member(lock, world, "locked"), world) ?? flagOf(member(lock, world, "futex"), world);
  if (locked !== undefined) return locked === 0 ? "" : "locked";
  const state = flagOf(member(lock, world, "state"), world);
  const readers = state === undefined ? undefined : state % (READERS + 1);
  const mode = readers === READERS ? -1 : (readers ?? flagOf(member(lock, world, "mode"), world));
  if (mode === undefined) return undefined;
  if (mode === 0) return "";
  return mode < 0 ? "locked for writing" : mode === 1 ? "read" : `read ${mode} times`;
}

/** What an Option holds. */
export function payload(option: Part, world: World): Part | "None" | undefined {
  const type = strip(option.type);
  if (type.kind !== "record" || type.definition === undefined) return undefined;
  const { variantPart } = shapeOf(type.definition);
  const active = variantPart && attempt(() => activeVariant(variantPart, option.storage, world));
  if (active === undefined || active instanceof Missing || active instanceof FormatError) return undefined;
  if (active.name === "None") return "None";
  const field = active.fields[0];
  if (active.name !== "Some" || field === undefined) return undefined;
  const { path } = option;
  return {
    type: field.field.type,
    storage: field.storage(),
    path: path && ((outer) => `${path(outer)}.0`),
  };
}

/** What a MaybeUninit holds if it is initialised, which nothing says. */
export function initialisedPart(slot: Part, world: World): Part | undefined {
  const value = isMaybeUninit(slot.type) ? member(slot, world, "value") : slot;
  return value && unwrapped(value, world);
}

const isMaybeUninit = (type: Type): boolean => libraryName(type) === "MaybeUninit";

function maybeUninitialised(whole: Part, world: World): Presentation | undefined {
  const value = initialisedPart(whole, world);
  if (value === undefined) return undefined;
  return {
    summary: (style) => `MaybeUninit(${partText(value, world, style, 13)})`,
    children: namedChildren(1, () => [partChild("value", value, world)]),
  };
}

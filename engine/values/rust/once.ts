/**
 * Rust's cells that are filled once: by hand (OnceCell, OnceLock) or when they are first asked (LazyCell,
 * LazyLock). Those for threads say by a `Once` beside the value whether it is there.
 */
import { attempt, FormatError } from "../../bytes/errors";
import { Missing } from "../../dwarf/missing";
import type { Entry } from "../../dwarf/model";
import { integerOf } from "../base";
import { shapeOf } from "../fields";
import { namedChildren, type Presentation, unavailable, type View, type World } from "../presentation";
import { strip } from "../types";
import { activeVariant } from "../variants";
import { initialisedPart, payload } from "./cells";
import { member, type Part, wholePart } from "./layout";
import { libraryName, libraryPath, unwrapped } from "./library";
import { decoded, partChild, partText, presentAs } from "./shown";

/** `OnceCell(8)`, `LazyLock("text")`, `OnceLock(<uninit>)`, `LazyCell(<poisoned>)`. */
export const onceView: View = (type, storage, world) => {
  const name = libraryName(type);
  return name === undefined ? undefined : filled(name, fillingOf(wholePart(type, storage), world), world);
};

/** The name of a `thread_local!` static, of which the debug information has what std keeps of it: `KEY::{closure#0}::…`. */
export function threadLocalName({ name, parent }: Entry): string | undefined {
  return name === "__RUST_STD_INTERNAL_VAL" ? parent?.parent?.name : undefined;
}

/** What std keeps of a `thread_local!` static: its value, as soon as the thread has asked for it. */
export const threadLocalView: View = (type, storage, world) => {
  if (!/::thread_local::no_threads::(Eager|Lazy)Storage$/.test(libraryPath(type) ?? "")) return undefined;
  const whole = wholePart(type, storage);
  const state = member(whole, world, "state");
  const asked = state && unwrapped(state, world);
  const text = asked && decoded(asked, world);
  if (text?.missing !== undefined) return unavailable(text.missing);
  if (text !== undefined && text.text() !== "Alive")
    return { summary: () => (text.text() === "Initial" ? "<uninit>" : "<destroyed>") };
  const cell = member(whole, world, "value");
  const slot = cell && unwrapped(cell, world);
  const value = slot && initialisedPart(slot, world);
  return value && presentAs(value, world);
};

/** What such a cell holds; undefined when it is none, or not filled. */
export function filledPart(whole: Part, world: World): Part | Missing | undefined {
  const filling = fillingOf(whole, world);
  return typeof filling === "string" ? undefined : filling;
}

function fillingOf(whole: Part, world: World): Filling {
  switch (libraryName(whole.type)) {
    case "OnceCell":
      return optional(whole, world);
    case "LazyCell":
      return lazily(whole, world);
    case "OnceLock":
    case "LazyLock":
      return guarded(whole, world);
    default:
      return undefined;
  }
}

/** What is there, or in what state the cell is instead. */
type Filling = Part | "<uninit>" | "<poisoned>" | "<running>" | Missing | undefined;

function filled(name: string, filling: Filling, world: World): Presentation | undefined {
  if (filling === undefined) return undefined;
  if (filling instanceof Missing) return unavailable(filling);
  if (typeof filling === "string") return { summary: () => `${name}(${filling})` };
  return {
    summary: (style) => `${name}(${partText(filling, world, style, name.length + 2)})`,
    children: namedChildren(1, () => [partChild("value", filling, world)]),
  };
}

function optional(whole: Part, world: World): Filling {
  const cell = member(whole, world, "inner");
  const option = cell && unwrapped(cell, world);
  const some = option && payload(option, world);
  return some === "None" ? "<uninit>" : some;
}

/** A LazyCell is an enum: `Uninit` with the function, `Init` with the value, `Poisoned`. */
function lazily(whole: Part, world: World): Filling {
  const cell = member(whole, world, "state");
  const state = cell && unwrapped(cell, world);
  const type = state && strip(state.type);
  if (state === undefined || type?.kind !== "record" || type.definition === undefined) return undefined;
  const { variantPart } = shapeOf(type.definition);
  const active = variantPart && attempt(() => activeVariant(variantPart, state.storage, world));
  if (active === undefined || active instanceof FormatError) return undefined;
  if (active instanceof Missing) return active;
  const field = active.fields[0];
  if (active.name === "Uninit") return "<uninit>";
  if (active.name === "Poisoned") return "<poisoned>";
  if (active.name !== "Init" || field === undefined) return undefined;
  const { path } = state;
  return {
    type: field.field.type,
    storage: field.storage(),
    path: path && ((outer) => `${path(outer)}.0`),
  };
}

/** A OnceLock's slot, or a LazyLock's union of the value and the function that makes it. */
function guarded(whole: Part, world: World): Filling {
  const once = member(whole, world, "once", "inner") ?? member(whole, world, "once");
  const state = once && stateOf(once, world);
  switch (state) {
    case "Incomplete":
      return "<uninit>";
    case "Running":
      return "<running>";
    case "Poisoned":
      return "<poisoned>";
    case "Complete": {
      const cell = member(whole, world, "value") ?? member(whole, world, "data");
      const slot = cell && unwrapped(cell, world);
      const value = slot && (member(slot, world, "value") ?? slot);
      return value && initialisedPart(value, world);
    }
    default:
      return undefined;
  }
}

type State = "Incomplete" | "Running" | "Poisoned" | "Complete";

/** Numbers of a futex's states (std's `sys/sync/once/futex.rs`): up to Rust 1.82, and with a bit for waiters. */
const FIVE_STATES: readonly State[] = ["Incomplete", "Poisoned", "Running", "Running", "Complete"];
const RISING: readonly State[] = ["Incomplete", "Poisoned", "Running", "Complete"];
const FALLING: readonly State[] = ["Complete", "Running", "Poisoned", "Incomplete"];
const STATE_BITS = 0b11n;
/**
 * The numbers were turned around between these releases: the change was proposed in July 2025 (rust-lang/rust#143881), when
 * 1.89 had been branched; whether 1.90 or 1.91 was the first to have it is not said in the program.
 */
const LAST_RISING = 89;
const FIRST_FALLING = 92;

/** The state of a `Once`: an enumeration where there are no threads, a futex's number where there are. */
function stateOf(once: Part, world: World): State | Missing | undefined {
  const named = member(once, world, "state");
  const plain = named && unwrapped(named, world);
  if (plain !== undefined && strip(plain.type).kind === "enumeration") {
    const value = decoded(plain, world);
    return value.missing ?? RISING.find((state) => state === value.text());
  }
  const number = plain && integerOf(plain.type, plain.storage);
  if (typeof number === "bigint") return FIVE_STATES[Number(number)];
  if (number instanceof Missing) return number;
  // Up to Rust 1.64 the state was in the low bits of a pointer to the threads that wait, everywhere.
  const list = member(once, world, "state_and_queue");
  const pointer = list && unwrapped(list, world);
  const tagged = pointer && integerOf(pointer.type, pointer.storage);
  if (tagged !== undefined) return tagged instanceof Missing ? tagged : RISING[Number(tagged & STATE_BITS)];
  const queued = member(once, world, "state_and_queued");
  const futex = queued && unwrapped(queued, world);
  const bits = futex && integerOf(futex.type, futex.storage);
  if (typeof bits !== "bigint") return bits;
  const order = numbering(strip(once.type).entry?.unit.producer);
  return order?.[Number(bits & STATE_BITS)];
}

function numbering(producer: string | undefined): readonly State[] | undefined {
  const release = Number(/\brustc version 1\.(\d+)/.exec(producer ?? "")?.[1]);
  if (release >= FIRST_FALLING) return FALLING;
  return release <= LAST_RISING ? RISING : undefined;
}

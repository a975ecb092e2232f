/**
 * C++'s types that hide what they hold: `any` and `function`. The library keeps functions of its own that are made for
 * the type held, so the debug information of such a function, or its name, tells that type.
 */
import { type Address, address } from "../../bytes/offsets";
import { DW_AT, DW_TAG } from "../../dwarf/constants";
import { Missing } from "../../dwarf/missing";
import type { Entry } from "../../dwarf/model";
import { fromBytes } from "../../dwarf/stack-value";
import { inner, namedChildren, type Presentation, unavailable } from "../presentation";
import { strip, type Type, typeFrom, typeOf } from "../types";
import { delegated, withoutPaths } from "./holders";
import { memoryAt, Part } from "./layout";
import { shortName } from "./names";

/** The first type that a template's arguments name. */
function firstType(entry: Entry | undefined): Type | undefined {
  for (const child of entry?.children() ?? [])
    if (child.tag === DW_TAG.template_type_parameter) return typeOf(child);
  return undefined;
}

/** The type that the library's function in a table slot was made for: its own argument, or its class's. */
function madeFor(slot: number, { world }: Part): Type | undefined {
  const found = world.frame.functionOfSlot?.(slot);
  const declared = found?.reference(DW_AT.specification);
  return firstType(found) ?? firstType(declared) ?? firstType(declared?.parent);
}

/** `any`: what it holds, in itself while it fits there, or else on the heap. */
export function presentAny(whole: Part): Presentation | undefined {
  const slot = whole.member("__h_", "__h")?.pointer();
  const storage = whole.member("__s_", "__s");
  if (slot === undefined || slot instanceof Missing) return slot && unavailable(slot);
  if (slot === 0) return { summary: () => "{}" };
  const type = madeFor(slot, whole);
  const isLarge = /::_LargeHandler</.test(whole.world.frame.functionInTable?.(slot) ?? "");
  const held = isLarge ? storage?.member("__ptr")?.pointer() : storage?.member("__buf")?.storage;
  if (type === undefined || held === undefined || held instanceof Missing) return undefined;
  const place = typeof held === "number" ? memoryAt(held, whole.storage) : held;
  const { value } = new Part(type, place, whole.world);
  const name = type.name;
  return {
    summary: (style) => `(${name}) ${value.summary(inner(style, name.length + 3))}`,
    children: namedChildren(1, () => [{ name: "value", value, path: undefined, hint: "virtual" }]),
  };
}

/** `function`: what it calls. */
export function presentFunctionObject(whole: Part): Presentation | undefined {
  const held = whole.member("__f_");
  const empty = held?.member("__policy_")?.target()?.member("__is_null")?.number();
  if (empty instanceof Missing) return unavailable(empty);
  if (empty === 1) return { summary: () => "nullptr" };
  const base = held?.member("__f_");
  const at = base?.pointer();
  if (base !== undefined && at !== undefined) return virtualFunction(base, at);
  const caller = held?.member("__func_", "__invoker_");
  const slot = (caller?.member("__call_") ?? caller)?.pointer();
  if (held === undefined || slot === undefined || slot instanceof Missing) return undefined;
  const type = madeFor(slot, whole);
  const place = targetPlace(held);
  const target = type && place && new Part(type, place, whole.world);
  return targetText(whole.world.frame.functionInTable?.(slot), target);
}

/** What needs no copying is kept in the object's own buffer, the rest on the heap. */
function targetPlace(held: Part) {
  const clone = held.member("__policy_")?.target()?.member("__clone")?.pointer();
  const buffer = held.member("__buf_");
  if (clone === undefined || clone instanceof Missing) return undefined;
  if (clone === 0) return buffer?.member("__small")?.storage;
  const at = buffer?.member("__large")?.pointer();
  return at === undefined ? undefined : memoryAt(at, held.storage);
}

/**
 * Without `_LIBCPP_ABI_OPTIMIZED_FUNCTION`, as Emscripten has it, the target is in an object behind a base class,
 * whose class is made for the target's type: the first of its virtual functions names it.
 */
function virtualFunction(base: Part, at: Address | Missing): Presentation | undefined {
  if (at instanceof Missing) return unavailable(at);
  if (at === 0) return { summary: () => "nullptr" };
  const { storage, world } = base;
  const wordAt = (where: number): number | undefined => {
    const bytes = storage.machine.memory(address(where), storage.machine.addressSize);
    return bytes instanceof Missing ? undefined : Number(fromBytes(bytes));
  };
  const vtable = wordAt(at);
  const slot = vtable === undefined ? undefined : wordAt(vtable);
  if (slot === undefined) return undefined;
  const keeper = world.frame.functionOfSlot?.(slot)?.reference(DW_AT.specification)?.parent;
  const kept = keeper && base.elsewhere(typeFrom(keeper), at).member("__f_", "__func_");
  const type = firstType(keeper);
  const target = kept && type && new Part(type, kept.storage, world);
  return targetText(world.frame.functionInTable?.(slot), target);
}

/**
 * A target by its name, with what it has captured behind it.
 * @param maker the library's function that is made for it
 */
function targetText(maker: string | undefined, target: Part | undefined): Presentation | undefined {
  const name = maker && nameIn(maker);
  const type = target && strip(target.type);
  if (target !== undefined && type !== undefined && type.kind !== "record") {
    // A pointer to a function or member says by itself what it leads to.
    const { value } = target;
    const pointed = value.missing === undefined && type.kind === "pointer" ? value.target : undefined;
    const called = pointed === undefined ? undefined : target.world.frame.functionInTable?.(pointed);
    return { summary: (style) => called ?? value.summary(style), target: pointed };
  }
  if (!name) return undefined;
  const shown = delegated(target);
  const captures = shown?.children !== undefined && shown.children.namedCount > 0 ? shown : undefined;
  if (captures === undefined) return { summary: () => name };
  const { children } = captures;
  return {
    summary: (style) => `${name} ${captures.summary(inner(style, name.length + 1))}`,
    // No expression of the language gets at what a function holds.
    ...(children && { children: withoutPaths(children) }),
  };
}

/** The first template argument of `__call_func<…>`, `__call_impl<…>` or `__func<…>`, or the name that it starts with. */
function nameIn(maker: string): string | undefined {
  const start = /::__(?:call_func|call_impl|func)(?:\[[^\]]*\])?</.exec(maker);
  if (start === null) return undefined;
  const from = start.index + start[0].length;
  let depth = 1;
  for (let i = from; i < maker.length; i++) {
    if (/[<(]/.test(maker[i]!)) depth++;
    else if (/[>)]/.test(maker[i]!) && maker[i - 1] !== "-") depth--;
    if (depth === 0 || (depth === 1 && maker[i] === ",")) return shortName(maker.slice(from, i), false);
  }
  return undefined;
}

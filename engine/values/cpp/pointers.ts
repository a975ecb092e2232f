/** C++'s owning pointers, references and functions as values, iterators that are pointers. */
import { type Address, address } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import { fromBytes } from "../../dwarf/stack-value";
import { addressText, leading } from "../pointers";
import { inner, namedChildren, type Presentation, type Style, unavailable } from "../presentation";
import { strip } from "../types";
import { delegated } from "./holders";
import { iteratedElement } from "./iterators";
import { corrupted, libraryName, type Part } from "./layout";

/** `unique_ptr`: what it owns, as through a bare pointer. */
export function presentUnique(whole: Part): Presentation | undefined {
  return asPointer(whole.member("__ptr_"), () => "");
}

/** `reference_wrapper`: what it refers to, as a reference is. */
export const presentReference = (whole: Part): Presentation | undefined =>
  delegated(whole.member("__f_")?.target());

/** Iterators over elements in a row. */
export const presentWrapped = (whole: Part): Presentation | undefined =>
  asPointer(whole.member("__i_", "__i", "__current_", "__ptr_"), () => "");

/** Iterators over nodes: the element that they stand on, as through a pointer to it. */
export function presentIterator(whole: Part): Presentation | undefined {
  const element = iteratedElement(whole);
  if (element === undefined) return undefined;
  if (element instanceof Missing) return unavailable(element);
  if (element === "end") return { summary: () => "end" };
  const { address } = element.storage;
  if (address === undefined) return undefined;
  const at = addressText(address, whole.storage.machine.addressSize);
  const { value } = element;
  return {
    target: address,
    summary: (style) => leading(at, ` → ${value.summary(inner(style, at.length + 3))}`, style).trim(),
    children: namedChildren(1, () => [{ name: "*", value, path: (parent) => `(*${parent})` }]),
  };
}

function asPointer(pointer: Part | undefined, remark: (style: Style) => string): Presentation | undefined {
  const target = pointer?.pointer();
  const shown = delegated(pointer);
  if (target === undefined || target instanceof Missing || shown === undefined) return shown;
  return { ...shown, summary: (style) => (target === 0 ? "nullptr" : shown.summary(style)) + remark(style) };
}

/** `shared_ptr`: what it points at, and how many share it; its counters are one less than there are owners. */
export function presentShared(whole: Part): Presentation | undefined {
  const counts = countsOf(whole);
  if (counts === undefined || counts === "unknown") return asPointer(whole.member("__ptr_"), () => "");
  if (counts instanceof Missing) return unavailable(counts);
  const remark = ` (strong ${counts.strong}, weak ${counts.weak})`;
  return asPointer(whole.member("__ptr_"), () => remark);
}

/** `weak_ptr`: the same while the object lives, and never what lies there when it does not. */
export function presentWeak(whole: Part): Presentation | undefined {
  const counts = countsOf(whole);
  // Whether the object lives is not known without its counters, so its members stay bare.
  if (counts === "unknown") return undefined;
  if (counts === undefined) return { summary: () => "nullptr" };
  if (counts instanceof Missing) return unavailable(counts);
  if (counts.strong === 0) return { summary: () => `expired (weak ${counts.weak})` };
  return presentShared(whole);
}

/** How many share the object behind a `shared_ptr` or `weak_ptr`; undefined where that is not known. */
export function ownersOf(whole: Part): number | Missing | undefined {
  const counts = countsOf(whole);
  if (counts === "unknown" || counts instanceof Missing) return counts === "unknown" ? undefined : counts;
  return counts?.strong ?? 0;
}

/** More owners than this are no count. */
const OWNERS_LIMIT = 2 ** 24;

/**
 * The counters behind a shared pointer; undefined when it has none, `"unknown"` where their places are not. Most
 * programs only declare the block's class, which the library's own archive defines: its layout is part of the
 * library's ABI, a vtable pointer and then one `long` for each counter.
 */
function countsOf(whole: Part): { strong: number; weak: number } | Missing | "unknown" | undefined {
  const control = whole.member("__cntrl_");
  const at = control?.pointer();
  if (at instanceof Missing) return at;
  if (at === 0) return undefined;
  const block = control?.target();
  const record = block && strip(block.type);
  const declared =
    record?.kind === "record" && record.isDefinedElsewhere && libraryName(record) === "__shared_weak_count";
  const strong = declared ? counterAt(block!, 1) : block?.member("__shared_owners_")?.number();
  const weak = declared ? counterAt(block!, 2) : block?.member("__shared_weak_owners_")?.number();
  if (strong === undefined || weak === undefined) return "unknown";
  if (strong instanceof Missing) return strong;
  if (weak instanceof Missing) return weak;
  if (strong < -1 || weak < -1 || strong > OWNERS_LIMIT || weak > OWNERS_LIMIT)
    return corrupted(`${strong + 1} owners`);
  // All owners together hold one weak reference.
  return { strong: strong + 1, weak: strong === -1 ? weak + 1 : weak };
}

/** The signed word of a control block, counted from its start. */
function counterAt(block: Part, index: number): number | Missing {
  const size = block.storage.machine.addressSize;
  const bytes = block.storage.at(index * size).read(size);
  return bytes instanceof Missing ? bytes : Number(BigInt.asIntN(8 * size, fromBytes(bytes)));
}

/**
 * `function`: the name of what it calls. The library keeps a function of its own that is made for the target's
 * type, so its name tells that type; the empty function is marked as such.
 */
export function presentFunctionObject(whole: Part): Presentation | undefined {
  const held = whole.member("__f_");
  const empty = held?.member("__policy_")?.target()?.member("__is_null")?.number();
  if (empty instanceof Missing) return unavailable(empty);
  if (empty === 1) return { summary: () => "nullptr" };
  const base = held?.member("__f_")?.pointer();
  if (held !== undefined && base !== undefined) return virtualFunction(base, held);
  const caller = held?.member("__func_", "__invoker_");
  const slot = (caller?.member("__call_") ?? caller)?.pointer();
  if (slot === undefined || slot instanceof Missing) return undefined;
  const name = whole.world.frame.functionInTable?.(slot);
  const target = name && targetOf(name);
  if (!target) return undefined;
  const pointed = held && POINTER_TO_FUNCTION.test(target) ? functionHeld(held) : undefined;
  return { target: slot, summary: () => pointed ?? target };
}

/**
 * Without `_LIBCPP_ABI_OPTIMIZED_FUNCTION`, as Emscripten has it, the target is in an object behind a base class,
 * whose class is made for the target's type: the first of its virtual functions names it.
 */
function virtualFunction(base: Address | Missing, { storage, world }: Part): Presentation | undefined {
  if (base instanceof Missing) return unavailable(base);
  if (base === 0) return { summary: () => "nullptr" };
  const { machine } = storage;
  const wordAt = (at: number): number | undefined => {
    const bytes = machine.memory(address(at), machine.addressSize);
    return bytes instanceof Missing ? undefined : Number(fromBytes(bytes));
  };
  const functionAt = (at: number | undefined): string | undefined => {
    const slot = at === undefined ? undefined : wordAt(at);
    return slot === undefined ? undefined : world.frame.functionInTable?.(slot);
  };
  const name = functionAt(wordAt(base));
  const target = name && targetOf(name);
  if (!target) return undefined;
  const pointed = POINTER_TO_FUNCTION.test(target) ? functionAt(base + machine.addressSize) : undefined;
  return { summary: () => pointed ?? target };
}

const POINTER_TO_FUNCTION = /\(\*\)\(/;

/** The function that a held pointer leads to: what needs no copying is kept in the object's own buffer. */
function functionHeld(held: Part): string | undefined {
  const clone = held.member("__policy_")?.target()?.member("__clone")?.pointer();
  const bytes = held.member("__buf_")?.member("__small")?.storage.read(held.storage.machine.addressSize);
  if (clone !== 0 || bytes === undefined || bytes instanceof Missing) return undefined;
  return held.world.frame.functionInTable?.(Number(fromBytes(bytes)));
}

/** The first template argument of `__call_func<…>`, `__call_impl<…>` or `__func<…>`, or the name that it starts with. */
function targetOf(name: string): string | undefined {
  const start = /::__(?:call_func|call_impl|func)(?:\[[^\]]*\])?</.exec(name);
  if (start === null) return undefined;
  const from = start.index + start[0].length;
  let depth = 1;
  for (let i = from; i < name.length; i++) {
    if (/[<(]/.test(name[i]!)) depth++;
    else if (/[>)]/.test(name[i]!) && name[i - 1] !== "-") depth--;
    if (depth === 0 || (depth === 1 && name[i] === ",")) return name.slice(from, i);
  }
  return undefined;
}

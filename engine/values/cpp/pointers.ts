/** C++'s owning pointers, references and functions as values, iterators that are pointers. */
import type { Address } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import { fromBytes } from "../../dwarf/stack-value";
import { addressText, leading } from "../pointers";
import { inner, namedChildren, type Presentation, type Style, unavailable } from "../presentation";
import { strip } from "../types";
import { delegated } from "./holders";
import { iteratedElement } from "./iterators";
import { corrupted, libraryName, type Part } from "./layout";
import { word } from "./type-info";
import { nodeValue } from "./walk";

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

/** A node handle: the element of the node that it owns. */
export function presentNodeHandle(whole: Part): Presentation | undefined {
  const pointer = whole.member("__ptr_");
  const type = pointer && strip(pointer.type);
  const at = pointer?.pointer();
  if (at instanceof Missing) return unavailable(at);
  if (at === 0) return { summary: () => "empty" };
  if (at === undefined || type?.kind !== "pointer") return undefined;
  return delegated(nodeValue(whole, type.target, at));
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
  if (at !== undefined && !isControlBlock(at, whole)) return "unknown";
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

/**
 * Whether a vtable's functions are where a control block begins. Optimised code may have made one without filling it
 * in, since nothing reads it later; one that was freed holds the allocator's own links.
 */
function isControlBlock(at: Address, { storage, world }: Part): boolean {
  const vtable = word(storage.machine, at);
  const first = vtable && word(storage.machine, vtable);
  return first !== undefined && first !== 0 && world.frame.functionInTable?.(first) !== undefined;
}

/** The signed word of a control block, counted from its start. */
function counterAt(block: Part, index: number): number | Missing {
  const size = block.storage.machine.addressSize;
  const bytes = block.storage.at(index * size).read(size);
  return bytes instanceof Missing ? bytes : Number(BigInt.asIntN(8 * size, fromBytes(bytes)));
}

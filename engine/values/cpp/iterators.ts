/**
 * C++'s iterators over containers of nodes. What they point at is read only where they are known to stand on an
 * element: behind the last one a map and a list have a node without a value, inside of the container itself.
 */
import { type Address, address } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import type { Entry } from "../../dwarf/model";
import { fromBytes } from "../../dwarf/stack-value";
import { strip, type Type, typeFrom } from "../types";
import { libraryName, memoryAt, type Part, typeArgument } from "./layout";
import { linkOf, nodeValue } from "./walk";

/** The element that an iterator stands on; `"end"` behind the last one, undefined where that is not known. */
export function iteratedElement(whole: Part): Part | "end" | Missing | undefined {
  switch (libraryName(whole.type)) {
    case "__map_iterator":
    case "__map_const_iterator":
    case "__hash_map_iterator":
    case "__hash_map_const_iterator": {
      const inner = whole.member("__i_");
      return inner && iteratedElement(inner);
    }
    case "__tree_iterator":
    case "__tree_const_iterator":
      return inTree(whole);
    case "__hash_iterator":
    case "__hash_const_iterator":
    case "__hash_local_iterator":
      return inChain(whole);
    case "__list_iterator":
    case "__list_const_iterator":
      return inRing(whole);
    case "reverse_iterator":
      return inFront(whole);
    default:
      return undefined;
  }
}

/** The type that a template's argument, a pointer, points at. */
function pointedBy(argument: Type | undefined): Type | undefined {
  const pointer = argument && strip(argument);
  return pointer?.kind === "pointer" ? strip(pointer.target) : undefined;
}

/** A node of a tree hangs on one side of its parent; the end node, the root's parent, hangs nowhere. */
function inTree(whole: Part): Part | Missing | "end" | undefined {
  const pointer = whole.member("__ptr_");
  const node = pointedBy(typeArgument(whole.type, 1));
  const at = pointer?.pointer();
  if (at === undefined || at instanceof Missing || node === undefined)
    return at instanceof Missing ? at : undefined;
  const parent = whole.elsewhere(node, at).member("__parent_")?.pointer();
  if (parent === undefined || parent instanceof Missing) return undefined;
  const sides = ["__left_", "__right_"].map((side) => whole.elsewhere(node, parent).member(side)?.pointer());
  if (sides.includes(at)) return nodeValue(whole, node, at);
  const root = whole.elsewhere(node, at).member("__left_")?.pointer();
  if (root === undefined || root instanceof Missing || root === 0) return undefined;
  return whole.elsewhere(node, root).member("__parent_")?.pointer() === at ? "end" : undefined;
}

/** A reverse iterator stands in front of what the one inside of it stands on: told where elements are in a row. */
function inFront(whole: Part): Part | undefined {
  const current = whole.member("current");
  const pointer =
    libraryName(current?.type ?? whole.type) === "__wrap_iter" ? current?.member("__i_", "__i") : current;
  const type = pointer && strip(pointer.type);
  const at = pointer?.pointer();
  const stride = type?.kind === "pointer" ? type.target.size : undefined;
  if (pointer === undefined || type?.kind !== "pointer" || typeof at !== "number" || stride === undefined)
    return undefined;
  return at < stride ? undefined : pointer.elsewhere(type.target, address(at - stride));
}

/** A hash table's chain ends in null. */
function inChain(whole: Part): Part | Missing | "end" | undefined {
  const at = whole.member("__node_")?.pointer();
  const node = pointedBy(typeArgument(whole.type, 0));
  if (at === undefined || at instanceof Missing || node === undefined)
    return at instanceof Missing ? at : undefined;
  return at === 0 ? "end" : nodeValue(whole, node, at);
}

/** Nodes of a ring that are counted, to tell the one inside of the list from the others. */
const RING_LIMIT = 2 ** 12;

/**
 * A list is a ring through the list object, whose size stands behind its two links. A node behind whose links
 * another number stands than the ring has elements is a real one; the only one that has that number is the list.
 */
function inRing(whole: Part): Part | Missing | "end" | undefined {
  const pointer = whole.member("__ptr_");
  const at = pointer?.pointer();
  const next = pointer && linkOf(pointer, "__next_");
  if (at instanceof Missing) return at;
  if (at === undefined || at === 0 || next === undefined) return undefined;
  const ring = ringFrom(at, next);
  const size = whole.storage.machine.addressSize;
  const lists = ring?.filter((member) => {
    const behind = memoryAt(address(member + 2 * size), whole.storage).read(size);
    return !(behind instanceof Missing) && fromBytes(behind) === BigInt(ring.length - 1);
  });
  if (lists === undefined || lists.length === 0) return undefined;
  if (lists.includes(at)) return lists.length === 1 ? "end" : undefined;
  const node = nodeOfList(whole.type);
  return node && nodeValue(whole, node, at);
}

/** All nodes of a ring; undefined when it is none, or too long to say. */
function ringFrom(
  first: Address,
  next: (node: Address) => Address | Missing,
): readonly Address[] | undefined {
  const nodes = [first];
  for (let at = next(first); nodes.length <= RING_LIMIT; at = next(at)) {
    if (at instanceof Missing || at === 0) return undefined;
    if (at === first) return nodes;
    nodes.push(at);
  }
  return undefined;
}

/** `__list_node<T, V>` beside `__list_iterator<T, V>`: the iterator's own type does not mention it. */
function nodeOfList(iterator: Type): Type | undefined {
  const { entry } = strip(iterator);
  const wanted = entry?.name?.replace(/^__list_(const_)?iterator</, "__list_node<");
  const found = entry?.parent && wanted !== undefined ? sibling(entry.parent, wanted) : undefined;
  return found && typeFrom(found);
}

function sibling(scope: Entry, name: string): Entry | undefined {
  for (const entry of scope.children()) if (entry.name === name) return entry;
  return undefined;
}

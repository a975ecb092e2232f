/**
 * BTreeMap and BTreeSet: nodes of keys and values, walked in order. A walk goes no deeper than the tree's
 * height, and a node that is reached a second time ends it.
 */
import { attempt, FormatError } from "../../bytes/errors";
import { Missing, missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { pointerTarget } from "../pointers";
import { type Presentation, unavailable, type View, type World } from "../presentation";
import type { Storage } from "../storage";
import { type ArrayType, elementOf, type PointerType, strip, type Type } from "../types";
import { payload } from "./cells";
import { Entries, type MapEntry, presentEntries } from "./entries";
import { innerPointer, member, type Part, parameter, someOf, targetOf, wholePart } from "./layout";
import { libraryName } from "./library";
import { partAt } from "./pointees";

/** No tree of an address space is higher: each node has at least five entries. */
const HEIGHT_LIMIT = 32;

export const treeView: View = (type, storage, world): Presentation | undefined => {
  const entries = treeEntriesOf(type, storage, world);
  return entries instanceof Missing ? unavailable(entries) : entries && presentEntries(entries, world);
};

/** The entries of a BTreeMap or a BTreeSet; undefined for every other type. */
export function treeEntriesOf(type: Type, storage: Storage, world: World): Entries | Missing | undefined {
  const name = libraryName(type);
  if (name !== "BTreeMap" && name !== "BTreeSet") return undefined;
  const whole = wholePart(type, storage);
  const map = name === "BTreeMap" ? whole : mapOf(whole, world);
  return map && treeEntries(map, name === "BTreeMap", world);
}

/** A set's map; in older releases the set of `map` alone. */
function mapOf(set: Part, world: World): Part | undefined {
  return member(set, world, "map");
}

function treeEntries(map: Part, isMap: boolean, world: World): Entries | Missing | undefined {
  const count = member(map, world, "length");
  const length = count && integerOf(count.type, count.storage);
  const option = member(map, world, "root");
  const root = option && payload(option, world);
  if (length instanceof Missing) return length;
  if (length === undefined || root === undefined) return undefined;
  if (length === 0n) return new Entries(0, [][Symbol.iterator]());
  if (root === "None") return missing("malformed", `it counts ${length} entries, and has no root`);
  const high = member(root, world, "height");
  const height = high && integerOf(high.type, high.storage);
  const node = member(root, world, "node");
  const pointer = node && innerPointer(node.type, node.storage, world);
  if (height instanceof Missing) return height;
  if (height === undefined || pointer === undefined) return undefined;
  if (height > HEIGHT_LIMIT) return missing("malformed", `a tree of height ${height}`);
  const layout = layoutOf((strip(pointer.type) as PointerType).target, isMap, world, pointer);
  const start = targetOf(pointer);
  if (layout === undefined || start instanceof Missing) return layout && (start as Missing);
  if (Number(length) > Number.MAX_SAFE_INTEGER) return missing("malformed", `a length of ${length}`);
  return new Entries(Number(length), walk(start, Number(height), layout));
}

/** How the nodes of one tree are read. */
interface NodeLayout {
  /** The number of a node's keys. */
  length(node: number): number | Missing;
  entry(node: number, index: number): MapEntry | undefined;
  /** The address of a child of an inner node. */
  edge(node: number, index: number): number | Missing;
}

function layoutOf(leaf: Type, isMap: boolean, world: World, like: Part): NodeLayout | undefined {
  const leafAt = (node: number): Part => partAt(leaf, node, like.storage);
  const sample = leafAt(0);
  const type = strip(leaf);
  const keys = slots(member(sample, world, "keys"));
  const vals = slots(member(sample, world, "vals"));
  const parent = member(sample, world, "parent");
  const inner = parent && innerNode(parent, world);
  const edges = inner && slots(member(partAt(inner, 0, like.storage), world, "edges"));
  const key = type.kind === "record" ? parameter(type, "K") : undefined;
  const value = type.kind === "record" ? parameter(type, "V") : undefined;
  if (
    keys === undefined ||
    vals === undefined ||
    edges === undefined ||
    key === undefined ||
    value === undefined
  )
    return undefined;
  if (keys.stride !== key.size || vals.stride !== value.size) return undefined;
  const pointerSize = world.frame.machine.addressSize;
  return {
    length(node) {
      const found = member(leafAt(node), world, "len");
      const length = found && integerOf(found.type, found.storage);
      if (length instanceof Missing) return length;
      if (length === undefined || length > keys.count || length < 0n)
        return missing("malformed", `a node of ${length} keys`);
      return Number(length);
    },
    entry: (node, index) => ({
      key: partAt(key, node + keys.offset + index * keys.stride, like.storage),
      value: isMap ? partAt(value, node + vals.offset + index * vals.stride, like.storage) : undefined,
    }),
    edge(node, index) {
      if (edges.stride !== pointerSize) return missing("malformed", "the edges of a node");
      const at = partAt(edges.element, node + edges.offset + index * edges.stride, like.storage).storage;
      const target = pointerTarget({ ...edges.element, size: pointerSize } as Type, at);
      return target === 0 ? missing("null-pointer") : target;
    },
  };
}

interface Slots {
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
  readonly element: Type;
}

/** An array member of a node that stands at address 0. */
function slots(array: Part | undefined): Slots | undefined {
  const type = array && strip(array.type);
  if (array === undefined || type?.kind !== "array") return undefined;
  const element = elementOf(type as ArrayType);
  const count = type.dimensions[0]?.count;
  const offset = array.storage.address;
  if (element.size === undefined || typeof count !== "number" || offset === undefined) return undefined;
  return { offset, stride: element.size, count, element };
}

/** The type of inner nodes: what a node's `parent` points at, in an Option in releases of today. */
function innerNode(parent: Part, world: World): Type | undefined {
  const pointer = innerPointer(someOf(parent.type) ?? parent.type, parent.storage, world);
  const type = pointer && strip(pointer.type);
  return type?.kind === "pointer" ? type.target : undefined;
}

interface Step {
  readonly node: number;
  readonly height: number;
  readonly length: number;
  next: number;
}

/** In order: of an inner node its first child, its first entry, its second child, and so on. */
function* walk(root: number, height: number, layout: NodeLayout): Generator<MapEntry, Missing | undefined> {
  const stack: Step[] = [];
  const seen = new Set<number>();
  let descend: { node: number; height: number } | undefined = { node: root, height };
  while (descend !== undefined || stack.length > 0) {
    if (descend !== undefined) {
      const { node } = descend;
      if (seen.has(node)) return missing("malformed", "its tree leads to one node twice");
      seen.add(node);
      const length = attempt(() => layout.length(node));
      if (length instanceof Missing) return length;
      if (length instanceof FormatError) return missing("malformed", length.problem);
      stack.push({ node, height: descend.height, length, next: 0 });
    }
    const step = stack.at(-1)!;
    descend = undefined;
    // An inner node's places alternate between edges (even) and entries (odd); a leaf has entries alone.
    const isInner = step.height > 0;
    const places = isInner ? 2 * step.length + 1 : step.length;
    const place = step.next++;
    if (place >= places) {
      stack.pop();
    } else if (isInner && place % 2 === 0) {
      const child = layout.edge(step.node, place / 2);
      if (child instanceof Missing) return child;
      descend = { node: child, height: step.height - 1 };
    } else {
      const entry = layout.entry(step.node, isInner ? (place - 1) / 2 : place);
      if (entry === undefined) return missing("malformed", "an entry of a tree");
      yield entry;
    }
  }
  return undefined;
}

/** C++'s containers whose elements are found by going from node to node: lists, trees, hash tables. */
import type { Address } from "../../bytes/offsets";
import { Missing } from "../../dwarf/missing";
import type { Elements } from "../arrays";
import { corrupted, libraryName, nodeType, type Part, typeArgument } from "./layout";
import { linkOf, Walk, walkedElements } from "./walk";

/** A red-black tree of 2^20 nodes has no longer path than this. */
const TREE_DEPTH = 64;

/** The nodes behind a pointer, each of which points at the next, up to null or to `end`. */
function* chain(first: Part | undefined, end: Address | undefined): Iterator<Address | Missing> {
  const next = first && linkOf(first, "__next_");
  let at = first?.pointer();
  while (next !== undefined && at !== undefined && at !== 0 && at !== end) {
    yield at;
    if (at instanceof Missing) return;
    at = next(at);
  }
}

/** `list`: a ring of nodes through the list itself. */
function listElements(whole: Part): Elements | Missing | undefined {
  const node = nodeType(whole, "__list_node");
  const end = whole.member("__end_");
  const count = whole.member("__size_", "__size_alloc_")?.number();
  if (node === undefined || end === undefined) return undefined;
  const walk = new Walk(chain(end.member("__next_"), end.storage.address));
  return walkedElements(walk, count, node, whole, typeArgument(whole.type, 0));
}

/** `forward_list` does not know its size. */
function forwardListElements(whole: Part): Elements | Missing | undefined {
  const node = nodeType(whole, "__forward_list_node");
  const before = whole.member("__before_begin_");
  if (node === undefined || before === undefined) return undefined;
  const walk = new Walk(chain(before.member("__next_"), undefined));
  return walkedElements(walk, walk.count(), node, whole, typeArgument(whole.type, 0));
}

/** The nodes of a tree from left to right, by a stack of those whose right side is still to come. */
function* inOrder(root: Part): Iterator<Address | Missing, void> {
  const left = linkOf(root, "__left_");
  const right = linkOf(root, "__right_");
  if (left === undefined || right === undefined) return;
  const open: Address[] = [];
  let at = root.pointer();
  for (;;) {
    while (at !== undefined && at !== 0) {
      if (at instanceof Missing) return yield at;
      if (open.length > TREE_DEPTH) return yield corrupted("its tree is deeper than any balanced one");
      open.push(at);
      at = left(at);
    }
    const node = open.pop();
    if (node === undefined) return;
    yield node;
    at = right(node);
  }
}

/** `map`, `set` and their multi sisters: a red-black tree, whose root hangs on the left of the end node. */
function treeElements(whole: Part): Elements | Missing | undefined {
  const tree = whole.member("__tree_");
  const node = tree && nodeType(tree, "__tree_node");
  const root = tree?.member("__end_node_", "__pair1_")?.member("__left_");
  const count = tree?.member("__size_", "__pair3_")?.number();
  if (tree === undefined || node === undefined || root === undefined) return undefined;
  return walkedElements(new Walk(inOrder(root)), count, node, tree, typeArgument(whole.type, 0));
}

/** `unordered_map` and its sisters: all nodes in one chain, whatever their bucket. */
function hashElements(whole: Part): Elements | Missing | undefined {
  const table = whole.member("__table_");
  const node = table && nodeType(table, "__hash_node");
  const first = table?.member("__first_node_", "__p1_")?.member("__next_");
  const count = table?.member("__size_", "__p2_")?.number();
  if (table === undefined || node === undefined || first === undefined) return undefined;
  return walkedElements(new Walk(chain(first, undefined)), count, node, table, typeArgument(whole.type, 0));
}

const BY_NAME: Readonly<Record<string, (whole: Part) => Elements | Missing | undefined>> = {
  list: listElements,
  forward_list: forwardListElements,
  map: treeElements,
  multimap: treeElements,
  set: treeElements,
  multiset: treeElements,
  unordered_map: hashElements,
  unordered_multimap: hashElements,
  unordered_set: hashElements,
  unordered_multiset: hashElements,
};

/** The elements of a container of nodes, in the order in which the program's own loop meets them. */
export function linkedElements(whole: Part): Elements | Missing | undefined {
  const name = libraryName(whole.type);
  return name !== undefined && Object.hasOwn(BY_NAME, name) ? BY_NAME[name]!(whole) : undefined;
}

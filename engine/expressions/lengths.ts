/** How many elements values have: arrays, texts, and the containers of the languages' libraries. */
import { Missing } from "../dwarf/missing";
import { elementsOf } from "../values/arrays";
import { libraryName as cppName } from "../values/cpp/layout";
import type { TypedValue } from "../values/presentation";
import { rustElements } from "../values/rust/elements";
import { part } from "../values/rust/layout";
import { sharedElements } from "../values/rust/shared";
import { strip } from "../values/types";

/** Library types whose elements are their view's children. */
const COLLECTION =
  /^(std::)?(vector|deque|list|forward_list|array|span|initializer_list|set|map|multiset|multimap|unordered_\w+)<|^(Vec|VecDeque|HashMap|HashSet|BTreeMap|BTreeSet|LinkedList|BinaryHeap)</;

/** The number of elements of an array, a text or a container; undefined for every other value. */
export function lengthOf(owner: TypedValue): number | Missing | undefined {
  const { storage, world } = owner;
  const type = strip(owner.type);
  if (type.kind === "array") {
    const elements = elementsOf(type, storage, world);
    return elements instanceof Missing ? elements : elements.count;
  }
  if (type.kind !== "record") return undefined;
  const text =
    type.flavour.name === "rust" && type.name === "String" ? part(type, storage, "vec", world) : owner;
  const elements =
    text && (rustElements(text.type, text.storage, world) ?? sharedElements(text.type, text.storage, world));
  if (elements !== undefined) return elements instanceof Missing ? elements : elements.count;
  const name = owner.typeName ?? "";
  const isText = /^basic_string(_view)?$/.test(cppName(owner.type) ?? "");
  if (!isText && !COLLECTION.test(name)) return undefined;
  if (owner.missing !== undefined) return owner.missing;
  const viewed = owner.children?.named().some((child) => child.name === "[raw]");
  return viewed === true ? owner.children!.indexedCount : undefined;
}

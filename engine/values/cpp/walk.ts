/**
 * Going from node to node of a list or tree: as far as it is asked for, remembering where it was, and ending
 * where the nodes go in circles.
 */
import { type Address, address } from "../../bytes/offsets";
import { Missing, type MissingReason, missing } from "../../dwarf/missing";
import type { Elements } from "../arrays";
import { pointerTarget } from "../pointers";
import { strip, type Type } from "../types";
import { corrupted, memoryAt, type Part } from "./layout";

/** No walk goes further. */
const STEP_LIMIT = 2 ** 20;

/** Nodes in order, found when they are asked for. */
export class Walk {
  private readonly nodes: Address[] = [];
  private readonly visited = new Set<number>();
  /** Set behind the last node: `"end"`, or where the links are broken. */
  private stopped: "end" | Missing | undefined;

  constructor(private readonly steps: Iterator<Address | Missing>) {}

  /** The address of a node; Missing behind the last one, and where the links are broken. */
  at(index: number): Address | Missing {
    while (this.nodes.length <= index && this.stopped === undefined) this.stopped = this.step();
    const node = this.nodes[index];
    if (node !== undefined) return node;
    return this.stopped instanceof Missing
      ? this.stopped
      : corrupted(`only ${this.nodes.length} elements are linked`);
  }

  private step(): "end" | Missing | undefined {
    const next = this.steps.next();
    if (next.done === true) return "end";
    if (next.value instanceof Missing) return next.value;
    if (this.visited.has(next.value)) return corrupted("its nodes are linked in a circle");
    if (this.nodes.length >= STEP_LIMIT) return missing("too-large");
    this.visited.add(next.value);
    this.nodes.push(next.value);
    return undefined;
  }

  /** Undefined where no node is linked, or why that is not known. */
  whyNotEmpty(): Missing | undefined {
    const first = this.at(0);
    if (!(first instanceof Missing)) return corrupted("more elements are linked than it counts");
    return this.stopped === "end" ? undefined : first;
  }

  /** How many nodes there are, or why that is not known. */
  count(): number | Missing {
    while (this.stopped === undefined) this.stopped = this.step();
    return this.stopped === "end" ? this.nodes.length : this.stopped;
  }
}

/** Where nodes are thought to be while the distance of their members is measured. */
const ANYWHERE = address(2 ** 16);

/**
 * Follows one link of nodes like the one that `pointer` points at: the distance of the link's member is looked
 * up once, so that a step costs one read of memory. Undefined when the nodes have no such member.
 */
export function linkOf(pointer: Part, name: string): ((node: Address) => Address | Missing) | undefined {
  const type = strip(pointer.type);
  if (type.kind !== "pointer") return undefined;
  const link = pointer.elsewhere(type.target, ANYWHERE).member(name);
  const at = link?.storage.address;
  if (link === undefined || at === undefined) return undefined;
  return (node) => pointerTarget(link.type, memoryAt(address(node + at - ANYWHERE), pointer.storage));
}

/** A container's links are held against its size at once when it is not larger than this. */
const CHECK_LIMIT = 2 ** 12;

/** Why a node is not looked at although it is there. */
const UNREAD: ReadonlySet<MissingReason> = new Set(["memory-not-recorded", "too-large"]);

/**
 * The values in the nodes of a walk; undefined when the node's layout is not understood.
 * @param element their type where the nodes' is only declared: clang describes it where the first one is made
 */
export function walkedElements(
  nodes: Walk,
  count: number | Missing | undefined,
  node: Type,
  whole: Part,
  element: Type | undefined,
): Elements | Missing | undefined {
  if (count === undefined || count instanceof Missing) return count;
  if (count === 0 && element !== undefined) {
    const nowhere = memoryAt(missing("no-location"), whole.storage);
    return nodes.whyNotEmpty() ?? { type: element, count, lower: 0, at: () => nowhere };
  }
  const size = node.size;
  if (size === undefined) return missing("incomplete-type", node.name);
  if (!Number.isSafeInteger(count) || count < 0 || count * size > 2 ** 32)
    return corrupted(`${count} elements`);
  const first = nodeValue(whole, node, missing("no-location"));
  if (first === undefined) return undefined;
  // Elements that are not there are not promised either.
  const last = count > 0 ? nodes.at(Math.min(count, CHECK_LIMIT) - 1) : undefined;
  if (last instanceof Missing && !UNREAD.has(last.reason))
    return last.reason === "out-of-bounds" ? corrupted(last.detail ?? last.text) : last;
  const at = (index: number) => {
    const place = nodes.at(index);
    return nodeValue(whole, node, place)?.storage ?? memoryAt(place, whole.storage);
  };
  return { type: first.type, count, lower: 0, at };
}

/** A node's value; the map's pair is wrapped once more up to LLVM 20. */
export function nodeValue(whole: Part, node: Type, at: Address | Missing): Part | undefined {
  const value = whole.elsewhere(node, at).member("__value_");
  return value?.member("__cc_", "__cc") ?? value;
}

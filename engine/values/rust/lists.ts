/** `LinkedList`: nodes that are followed from the head, one read each, until as many are found as it counts. */
import { Missing, missing } from "../../dwarf/missing";
import { integerOf } from "../base";
import { pointerTarget } from "../pointers";
import { type Presentation, unavailable, type View, type World } from "../presentation";
import { strip } from "../types";
import { Entries, type MapEntry, presentEntries } from "./entries";
import { innerPointer, member, type Part, someOf, targetOf, wholePart } from "./layout";
import { libraryName } from "./library";
import { partAt } from "./pointees";

export const listView: View = (type, storage, world): Presentation | undefined => {
  if (libraryName(type) !== "LinkedList") return undefined;
  const list = wholePart(type, storage);
  const length = member(list, world, "len");
  const count = length && integerOf(length.type, length.storage);
  if (count instanceof Missing) return unavailable(count);
  const head = member(list, world, "head");
  const first = head && pointerIn(head, world);
  if (count === undefined || first === undefined) return undefined;
  if (count > BigInt(Number.MAX_SAFE_INTEGER))
    return unavailable(missing("malformed", `a length of ${count}`));
  return presentEntries(new Entries(Number(count), follow(first, Number(count), world)), world, ["[", "]"]);
};

/** The pointer of an `Option<NonNull<Node>>`, whose None is a null pointer. */
function pointerIn(option: Part, world: World): Part | undefined {
  return innerPointer(someOf(option.type) ?? option.type, option.storage, world);
}

function* follow(head: Part, count: number, world: World): Generator<MapEntry, Missing | undefined> {
  const pointer = strip(head.type);
  const start = targetOf(head);
  if (pointer.kind !== "pointer" || start instanceof Missing)
    return start instanceof Missing ? start : undefined;
  // Where a node keeps its parts is measured once, on a node at address 0.
  const sample = partAt(pointer.target, 0, head.storage);
  const link = member(sample, world, "next");
  const next = link && pointerIn(link, world);
  const element = member(sample, world, "element");
  const [linkAt, elementAt] = [next?.storage.address, element?.storage.address];
  if (next === undefined || element === undefined || linkAt === undefined || elementAt === undefined)
    return missing("malformed", "a node of a linked list");
  const seen = new Set<number>();
  let at: number = start;
  for (let found = 0; found < count && at !== 0; found++) {
    if (seen.has(at)) return missing("inconsistent", "its nodes are linked in a circle");
    seen.add(at);
    yield { key: partAt(element.type, at + elementAt, head.storage), value: undefined };
    const following = pointerTarget(next.type, partAt(next.type, at + linkAt, head.storage).storage);
    if (following instanceof Missing) return following;
    at = following;
  }
  return undefined;
}

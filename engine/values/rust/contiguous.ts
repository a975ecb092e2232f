/** Elements in a row in memory, as most of Rust's sequences keep them. */
import { address } from "../../bytes/offsets";
import { Missing, missing } from "../../dwarf/missing";
import type { Elements } from "../arrays";
import type { World } from "../presentation";
import { Storage } from "../storage";
import { sizeOf, type Type } from "../types";
import { type Part, targetOf } from "./layout";

/** `count` elements from where a pointer leads. */
export function contiguous(
  pointer: Part,
  type: Type,
  count: number | Missing,
  world: World,
): Elements | Missing {
  if (count instanceof Missing) return count;
  const base = targetOf(pointer);
  if (base instanceof Missing) return base;
  const stride = sizeOf(type);
  if (stride === undefined) return missing("incomplete-type", type.name);
  // No allocation is larger than half of the address space: a larger one was never initialised.
  if (count * stride > 2 ** 31 * (world.frame.machine.addressSize === 8 ? 2 ** 20 : 1))
    return missing("malformed", `a length of ${count}: it is not initialised here`);
  const machine = world.frame.machine;
  const { provenance } = pointer.storage;
  return {
    type,
    count,
    lower: 0,
    at: (index) =>
      new Storage({ kind: "memory", address: address(base + index * stride), provenance }, machine),
  };
}

/** What `*` and `->` of C++'s library types lead to: smart pointers, optionals, iterators. */
import { type Missing, missing } from "../../dwarf/missing";
import type { World } from "../presentation";
import type { Storage } from "../storage";
import { strip, type Type } from "../types";
import { iteratedBit, referredBit } from "./bits";
import { optionalValue } from "./holders";
import { iteratedElement } from "./iterators";
import { libraryName, Part } from "./layout";

/** The target; Missing when there is none, undefined for a type that has no such operator. */
export function arrowTarget(declared: Type, storage: Storage, world: World): Part | Missing | undefined {
  const type = strip(declared);
  if (type.flavour.name !== "cpp") return undefined;
  const whole = new Part(type, storage, world);
  switch (libraryName(type)) {
    case "unique_ptr":
    case "shared_ptr":
    case "__deque_iterator":
      return whole.member("__ptr_")?.target();
    case "__wrap_iter":
    case "__bounded_iter":
      return whole.member("__i_", "__i", "__current_")?.target();
    case "__bit_iterator":
      return iteratedBit(whole);
    case "optional": {
      const value = optionalValue(whole);
      return value === "nullopt" ? missing("inconsistent", "it holds no value") : value;
    }
    default: {
      const element = iteratedElement(whole);
      return element === "end" ? missing("null-pointer", "behind the last element") : element;
    }
  }
}

/** What a library type is converted to by itself: an atomic to its value, a reference to what it refers to. */
export function convertedValue(declared: Type, storage: Storage, world: World): Part | Missing | undefined {
  const type = strip(declared);
  if (type.flavour.name !== "cpp") return undefined;
  const whole = new Part(type, storage, world);
  switch (libraryName(type)) {
    case "atomic":
      return whole.member("__a_")?.member("__a_value");
    case "reference_wrapper":
      return whole.member("__f_")?.target();
    case "__bit_reference":
    case "__bit_const_reference":
      return referredBit(whole);
    default:
      return undefined;
  }
}

/** The pointer that a smart pointer or an iterator compares by; undefined for every other type. */
export function comparedPointer(declared: Type, storage: Storage, world: World): Part | undefined {
  const type = strip(declared);
  if (type.flavour.name !== "cpp") return undefined;
  const whole = new Part(type, storage, world);
  switch (libraryName(type)) {
    case "unique_ptr":
    case "shared_ptr":
    case "__deque_iterator":
    case "__list_iterator":
    case "__list_const_iterator":
    case "__tree_iterator":
    case "__tree_const_iterator":
      return whole.member("__ptr_");
    case "__hash_iterator":
    case "__hash_const_iterator":
      return whole.member("__node_");
    case "__wrap_iter":
      return whole.member("__i_", "__i");
    case "__map_iterator":
    case "__map_const_iterator":
    case "__hash_map_iterator":
    case "__hash_map_const_iterator": {
      const inner = whole.member("__i_");
      return inner && comparedPointer(inner.type, inner.storage, world);
    }
    default:
      return undefined;
  }
}

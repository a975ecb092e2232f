/**
 * What Rust's library types dereference to (`impl Deref`): the pointers that own, the guards that lend, cells that
 * have been filled. An expression goes on from there by itself, as the language does.
 */
import { Missing } from "../../dwarf/missing";
import type { World } from "../presentation";
import type { Storage } from "../storage";
import { strip, type Type } from "../types";
import { member, type Part, wholePart } from "./layout";
import { libraryName, unwrapped } from "./library";
import { filledPart } from "./once";
import { follow } from "./pointees";
import { lentBy, sharedTarget, traitTarget } from "./shared";

/** The target; Missing when it is not there, undefined for a type that is no pointer to the library. */
export function derefTarget(type: Type, storage: Storage, world: World): Part | Missing | undefined {
  if (strip(type).flavour.name !== "rust") return undefined;
  const whole = wholePart(type, storage);
  switch (libraryName(type)) {
    case "Rc":
    case "Arc":
      return sharedTarget(whole, world);
    case "Pin": {
      const pointer = member(whole, world, "pointer") ?? member(whole, world, "__pointer");
      return pointer && (derefTarget(pointer.type, pointer.storage, world) ?? thin(pointer, world));
    }
    case "ManuallyDrop":
      return unwrapped(whole, world);
    case "LazyCell":
    case "LazyLock":
      return filledPart(whole, world);
    default:
      return lentBy(whole, world) ?? traitTarget(type, storage, world);
  }
}

function thin(pointer: Part, world: World): Part | Missing | undefined {
  const found = follow(pointer, world);
  if (found === undefined || found instanceof Missing) return found;
  return found.length === undefined && found.unresolved === undefined ? found.target : undefined;
}

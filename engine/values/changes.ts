/**
 * What a variable can get after its first value, as its declaration says: where debug information leaves open whether
 * a value is its, this may tell.
 */
import { DW_AT, DW_TAG } from "../dwarf/constants";
import { isSameEntry } from "../dwarf/entries";
import type { Changes } from "../dwarf/machine";
import type { Entry } from "../dwarf/model";
import { strip, type Type } from "./types";

/** Integers as wide as an address that are made to hold one. */
const FOR_ADDRESSES = /long|size|ptr/;

/**
 * @param subprogram whose frame the variable is in, inlined calls aside: only its own arguments are given once for sure
 * @param addressSize bytes of an address
 */
export function changesOf(
  variable: Entry,
  type: Type,
  subprogram: Entry | undefined,
  addressSize: number,
): Changes {
  const { parent } = variable;
  const isArgument =
    variable.tag === DW_TAG.formal_parameter &&
    subprogram !== undefined &&
    parent !== undefined &&
    isSameEntry(parent, subprogram);
  if (isArgument && (variable.flag(DW_AT.artificial) || isFixed(type))) return "nothing";
  const stripped = strip(type);
  if (stripped.kind === "enumeration") return "numbers";
  if (stripped.kind === "pointer") return "pointers";
  if (stripped.kind !== "base") return "anything";
  const holdsAddresses = stripped.size === addressSize && FOR_ADDRESSES.test(stripped.name);
  return holdsAddresses ? "anything" : "numbers";
}

/** Whether a type has a language leave its variables as they were made: const, and references of C++. */
function isFixed(type: Type): boolean {
  const tag = type.entry?.tag;
  if (tag === DW_TAG.const_type || tag === DW_TAG.reference_type || tag === DW_TAG.rvalue_reference_type)
    return true;
  return type.kind === "alias" && isFixed(type.target);
}

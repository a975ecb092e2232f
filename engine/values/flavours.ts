/** Which flavour a unit's language has; one that is not known is written as C. */
import { DW_LANG } from "../dwarf/constants";
import { c } from "./c";
import { cpp } from "./cpp";
import type { Flavour } from "./flavour";
import { rust } from "./rust";
import { zig } from "./zig";

const CPP: ReadonlySet<number> = new Set([
  DW_LANG.C_plus_plus,
  DW_LANG.C_plus_plus_03,
  DW_LANG.C_plus_plus_11,
  DW_LANG.C_plus_plus_14,
  DW_LANG.C_plus_plus_17,
  DW_LANG.C_plus_plus_20,
]);

/** The flavour of a DW_LANG. */
export function flavourOf(language: number | undefined): Flavour {
  if (language === DW_LANG.Rust) return rust;
  if (language === DW_LANG.Zig) return zig;
  return language !== undefined && CPP.has(language) ? cpp : c;
}

/** Which flavour a unit's language has; one that is not known is written as C. */
import { DW_LANG } from "../dwarf/constants";
import { c } from "./c";
import { cpp } from "./cpp";
import { isCpp } from "./cpp/language";
import type { Flavour } from "./flavour";
import { rust } from "./rust";
import { zig } from "./zig";

/** The flavour of a DW_LANG. */
export function flavourOf(language: number | undefined): Flavour {
  if (language === DW_LANG.Rust) return rust;
  if (language === DW_LANG.Zig) return zig;
  return isCpp(language) ? cpp : c;
}

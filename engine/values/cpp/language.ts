/** Which of DWARF's languages are C++. */
import { DW_LANG } from "../../dwarf/constants";

const CPP: ReadonlySet<number> = new Set([
  DW_LANG.C_plus_plus,
  DW_LANG.C_plus_plus_03,
  DW_LANG.C_plus_plus_11,
  DW_LANG.C_plus_plus_14,
  DW_LANG.C_plus_plus_17,
  DW_LANG.C_plus_plus_20,
]);

export const isCpp = (language: number | undefined): boolean => language !== undefined && CPP.has(language);

/**
 * DWARF's numbers under the standard's own names, and the names of numbers for messages.
 *
 * `DW_TAG.subprogram` is DW_TAG_subprogram. Each table is a plain object, so that a switch over its members
 * reads like the standard.
 */
import { once } from "../bytes/errors";
import { DW_AT } from "./constants/attributes";
import { DW_FORM } from "./constants/forms";
import { DW_LANG } from "./constants/languages";
import { DW_LNCT, DW_LNE, DW_LNS } from "./constants/lines";
import { DW_LLE, DW_LLE_GNU, DW_RLE } from "./constants/lists";
import { DW_MACINFO, DW_MACRO } from "./constants/macros";
import { DW_OP } from "./constants/operations";
import { DW_TAG } from "./constants/tags";
import {
  DW_ACCESS,
  DW_ATE,
  DW_CC,
  DW_CHILDREN,
  DW_DEFAULTED,
  DW_DSC,
  DW_END,
  DW_IDX,
  DW_INL,
  DW_ORD,
  DW_SECT,
  DW_UT,
  DW_VIRTUALITY,
  DW_VIS,
} from "./constants/values";

export {
  DW_ACCESS,
  DW_AT,
  DW_ATE,
  DW_CC,
  DW_CHILDREN,
  DW_DEFAULTED,
  DW_DSC,
  DW_END,
  DW_FORM,
  DW_IDX,
  DW_INL,
  DW_LANG,
  DW_LLE,
  DW_LLE_GNU,
  DW_LNCT,
  DW_LNE,
  DW_LNS,
  DW_MACINFO,
  DW_MACRO,
  DW_OP,
  DW_ORD,
  DW_RLE,
  DW_SECT,
  DW_TAG,
  DW_UT,
  DW_VIRTUALITY,
  DW_VIS,
};

/** The standard's name of a number, e.g. `DW_TAG_subprogram`, or `DW_TAG 0x4321` for one that it lacks. */
function nameIn(prefix: string, table: Readonly<Record<string, number>>): (value: number) => string {
  const names = once(() => {
    const names = new Map<number, string>();
    for (const [name, value] of Object.entries(table)) if (!names.has(value)) names.set(value, name);
    return names;
  });
  return (value) => {
    const name = names().get(value);
    return name === undefined ? `${prefix} 0x${value.toString(16)}` : `${prefix}_${name}`;
  };
}

export const tagName = nameIn("DW_TAG", DW_TAG);
export const attributeName = nameIn("DW_AT", DW_AT);
export const formName = nameIn("DW_FORM", DW_FORM);
export const operationName = nameIn("DW_OP", DW_OP);
export const languageName = nameIn("DW_LANG", DW_LANG);
export const encodingName = nameIn("DW_ATE", DW_ATE);
export const unitTypeName = nameIn("DW_UT", DW_UT);
export const macroEntryName = nameIn("DW_MACRO", DW_MACRO);

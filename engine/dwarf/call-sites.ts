/**
 * What the caller's debug information says of a call: the values of parameters at the callee's entry
 * (DW_TAG_call_site_parameter, DWARF 5 §3.4.2, and its GNU forerunner).
 */
import { codeOffset } from "../bytes/offsets";
import { DW_AT, DW_TAG } from "./constants";
import { isSameEntry } from "./entries";
import type { Machine } from "./machine";
import { type Missing, missing } from "./missing";
import type { DebugInformation, Entry } from "./model";

/** An expression of the caller, to be evaluated in the caller's frame. */
export interface CallerExpression {
  readonly expression: Uint8Array;
  readonly machine: Machine;
  readonly subprogram: Entry;
}

/** Which parameter is asked for: the one at a location at entry, or the one that an entry declares. */
export type ParameterSought = { readonly location: Uint8Array } | { readonly entry: Entry };

/** Bytes of the longest call instruction: an opcode and two LEB128 numbers of 5 bytes. */
const LONGEST_CALL = 11;

/**
 * The expression for a parameter's value at the entry of `callee`, in the frame that called it. The call site
 * must name `callee` as what it calls: the caller could belong to other code otherwise.
 */
export function callSiteValue(
  sought: ParameterSought,
  machine: Machine,
  callee: Entry | undefined,
  debug: DebugInformation | undefined,
): CallerExpression | Missing {
  const caller = machine.caller();
  if (caller === undefined) return missing("no-caller");
  const unknown = missing("entry-value-unknown");
  const subprogram = debug?.unitAt(caller.pc)?.subprogramAt(caller.pc);
  if (subprogram === undefined || callee === undefined) return unknown;
  const site = callSiteAt(subprogram, caller.pc);
  if (site === undefined || !calls(site, callee)) return unknown;
  for (const parameter of site.children()) {
    if (parameter.tag !== DW_TAG.call_site_parameter && parameter.tag !== DW_TAG.GNU_call_site_parameter)
      continue;
    if (!describes(parameter, sought)) continue;
    const expression =
      parameter.expression(DW_AT.call_value) ?? parameter.expression(DW_AT.GNU_call_site_value);
    if (expression !== undefined) return { expression, machine: caller, subprogram };
  }
  return unknown;
}

function callSiteAt(subprogram: Entry, pc: number): Entry | undefined {
  let nearest: { site: Entry; after: number } | undefined;
  const visit = (parent: Entry, depth: number): Entry | undefined => {
    for (const child of parent.children()) {
      if (child.tag === DW_TAG.call_site || child.tag === DW_TAG.GNU_call_site) {
        if (child.address(DW_AT.call_pc) === pc) return child;
        const after = child.address(DW_AT.call_return_pc) ?? child.address(DW_AT.low_pc);
        if (after === undefined || after <= pc || after > pc + LONGEST_CALL) continue;
        if (nearest === undefined || after < nearest.after) nearest = { site: child, after };
      } else if (child.hasChildren && depth < 64 && covers(child, pc)) {
        const found = visit(child, depth + 1);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  return visit(subprogram, 0) ?? nearest?.site;
}

function covers(block: Entry, pc: number): boolean {
  if (block.tag !== DW_TAG.lexical_block && block.tag !== DW_TAG.inlined_subroutine) return false;
  const at = codeOffset(pc);
  return block.ranges().some((range) => range.low <= at && at < range.high);
}

function calls(site: Entry, callee: Entry): boolean {
  const origin = site.reference(DW_AT.call_origin) ?? site.reference(DW_AT.abstract_origin);
  if (origin === undefined) return false;
  if (isSameEntry(origin, callee)) return true;
  const declared = callee.reference(DW_AT.abstract_origin) ?? callee.reference(DW_AT.specification);
  if (declared !== undefined && isSameEntry(declared, origin)) return true;
  const linkage = origin.string(DW_AT.linkage_name);
  if (linkage !== undefined) return linkage === callee.string(DW_AT.linkage_name);
  return origin.name !== undefined && origin.name === callee.name && origin.flag(DW_AT.external);
}

function describes(parameter: Entry, sought: ParameterSought): boolean {
  if ("entry" in sought) {
    const declared = parameter.reference(DW_AT.call_parameter) ?? parameter.reference(DW_AT.abstract_origin);
    return declared !== undefined && isSameEntry(declared, sought.entry);
  }
  const location = parameter.expression(DW_AT.location);
  return (
    location !== undefined &&
    location.length === sought.location.length &&
    location.every((byte, i) => byte === sought.location[i])
  );
}

/**
 * Rust's coroutines, which async functions and blocks become: an enum of states whose variants are numbered, with
 * the state's name on the record of what is alive in it, and the line of its `.await` on the variant's member.
 */
import { DW_AT } from "../../dwarf/constants";
import type { Entry } from "../../dwarf/model";
import type { PlacedField } from "../records";

/** Whether a variant part's member is a state of a coroutine: those of enums are named, never numbered. */
export const isState = (member: Entry): boolean => /^\d+$/.test(member.name ?? "");

/** Nothing is alive any more, though what was captured is still described. */
const OVER: ReadonlySet<string> = new Set(["Returned", "Panicked"]);

/** `Suspend0 at main.rs:20`: the state's name, and where it waits. */
export function stateName(state: string, member: Entry): string {
  if (!/^Suspend\d+$/.test(state)) return state;
  const file = member.unsigned(DW_AT.decl_file);
  const line = member.unsigned(DW_AT.decl_line);
  const path = file === undefined ? undefined : member.unit.lines?.file(file)?.path;
  return path === undefined || line === undefined ? state : `${state} at ${lastName(path)}:${line}`;
}

const lastName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * What is alive in a state: its variables, then what was captured. An argument that the body has taken over is
 * described twice, and the captured one was moved out.
 */
export function aliveIn(state: string, fields: readonly PlacedField[]): readonly PlacedField[] {
  if (OVER.has(state)) return [];
  const seen = new Set<string | undefined>();
  return fields.filter(({ field: { name } }) => !seen.has(name) && seen.add(name));
}

/**
 * Where a frame stands in a function whose code is not at hand. Its body's beginning is known (functions.ts); what the
 * dump's offset counts from may be some bytes behind that: the declarations of locals, whose length the frame's own
 * locals tell; or somewhere in front of it, by as much as sizes take as LEB128.
 *
 * Where there are several possibilities left, and the debug information says the same of all of them, any will do; else
 * the place is not known.
 */
import { once } from "../../bytes/errors";
import { type CodeOffset, codeOffset } from "../../bytes/offsets";
import type { CoreFrame, RecordedValue } from "../../coredump/model";
import { unknownOffset } from "../../coredump/placement";
import { DW_AT, DW_TAG } from "../../dwarf/constants";
import type { CodeRange, Entry, Unit } from "../../dwarf/model";
import { activationsAt } from "../inlining";
import { soleLocal } from "../local-numbers";
import type { DescribedFunctions } from "./functions";
import { lengthOfUleb } from "./matching";

/**
 * @param youngest whether it is a thread's youngest frame: callers' parameters are not recorded, and so they are told
 *   from other locals
 */
export function describedPlace(
  frame: CoreFrame,
  youngest: boolean,
  functions: DescribedFunctions,
): CodeOffset | undefined {
  const body = functions.bodyOf(frame.functionIndex);
  const unit = body && functions.debug.unitAt(body.low);
  const subprogram = unit?.subprogramAt(body!.low);
  if (body === undefined || unit === undefined || subprogram === undefined) return undefined;
  const possible = new Set<number>();
  for (const at of possiblePlaces(frame, youngest, body, subprogram, functions))
    if (at >= body.low && at < body.high) possible.add(at);
  const [first, ...others] = Array.from(possible, codeOffset);
  if (first === undefined) return undefined;
  const said = once(() => saidAt(unit, subprogram, first));
  return others.every((other) => saidAt(unit, subprogram, other) === said()) ? first : undefined;
}

/** Offsets in the code section that a frame's recorded offset can mean. */
function* possiblePlaces(
  { offset, unplaced, locals }: CoreFrame,
  youngest: boolean,
  { low, high }: CodeRange,
  subprogram: Entry,
  functions: DescribedFunctions,
): Iterable<number> {
  if (unplaced === undefined) {
    if (offset !== unknownOffset) yield low + offset;
    return;
  }
  const { recorded, from } = unplaced;
  for (const one of from) {
    if (one === "body") yield low + recorded;
    else if (one === "instructions")
      for (const length of declarationLengths(locals, youngest, subprogram)) yield low + length + recorded;
    // placement.ts: from the section's id byte, less the length of the body's size.
    else
      for (let size = lengthOfUleb(functions.end); size <= 5; size++)
        yield recorded + lengthOfUleb(high - low) - 1 - size;
  }
}

/**
 * Bytes that the declarations of a function's locals can take: a count of runs, and for each its length and type. Compilers
 * put neighbours of one type into one run. Parameters are not declared, and recorded as missing in all frames but the
 * youngest; there, any number of the locals in front of the frame base's can be parameters.
 */
function declarationLengths(
  locals: readonly RecordedValue[],
  youngest: boolean,
  subprogram: Entry,
): ReadonlySet<number> {
  const known = locals.findIndex(({ type }) => type !== "missing");
  const first = known < 0 ? locals.length : known;
  const frameBase = subprogram.expression(DW_AT.frame_base);
  const last = youngest
    ? Math.min(locals.length, (frameBase && soleLocal(frameBase)) ?? locals.length)
    : first;
  const lengths = new Set<number>();
  let runs = 0;
  let run = 0;
  let bytes = 0;
  for (let at = locals.length; at >= first; at--) {
    const local = locals[at];
    if (local?.type === "missing") return new Set();
    if (local !== undefined && local.type === locals[at + 1]?.type) run++;
    else if (local !== undefined) {
      bytes += runs === 0 ? 0 : lengthOfUleb(run) + 1;
      runs++;
      run = 1;
    }
    if (at <= last) lengths.add(lengthOfUleb(runs) + bytes + (runs === 0 ? 0 : lengthOfUleb(run) + 1));
  }
  return lengths;
}

/** All that the debug information says of a place: its line, the calls and blocks it is in, where their variables are. */
function saidAt(unit: Unit, subprogram: Entry, pc: CodeOffset): string {
  const { file, line, column } = unit.lines?.rowAt(pc) ?? {};
  const scopes = activationsAt(subprogram, pc).flatMap(({ entry, blocks }) => [entry, ...blocks]);
  const variables = scopes.flatMap((scope) => [...scope.children()].filter(({ tag }) => VARIABLES.has(tag)));
  return JSON.stringify([
    [file?.path, line, column],
    scopes.map(({ offset }) => offset),
    variables.map((variable) => {
      const location = variable.location(DW_AT.location, pc);
      return typeof location === "string" ? location : location && [...location];
    }),
  ]);
}

const VARIABLES: ReadonlySet<number> = new Set([DW_TAG.variable, DW_TAG.formal_parameter]);

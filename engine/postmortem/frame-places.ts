/**
 * Where a function's variables begin in its frame, as its debug information says of any of its instructions: at so
 * many bytes from the frame base.
 */
import { attempt, FormatError } from "../bytes/errors";
import type { CodeOffset } from "../bytes/offsets";
import { DW_AT, DW_OP } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { readOperations, WASM_LOCATION } from "../dwarf/operations";
import { soleLocal } from "./local-numbers";
import type { CrashModule } from "./model";
import { variableEntries } from "./variable-entries";

/** @returns nothing where that cannot be read */
export function framePlaces(module: CrashModule, pc: CodeOffset): ReadonlySet<number> {
  const places = attempt(() => {
    const subprogram = module.debug?.unitAt(pc)?.subprogramAt(pc);
    const base = subprogram?.expression(DW_AT.frame_base);
    const local = base && soleLocal(base);
    if (subprogram === undefined || local === undefined) return [];
    return [...variableEntries(subprogram)].flatMap((entry) =>
      entry.locations(DW_AT.location).flatMap((location) => placeOf(location, entry, local) ?? []),
    );
  });
  return new Set(places instanceof FormatError ? [] : places);
}

/** Bytes from the frame base, which is in a local, to what an expression describes, or whose address it is. */
function placeOf(expression: Uint8Array, { unit }: Entry, frameBase: number): number | undefined {
  const [first, ...rest] = readOperations(expression, unit);
  if (first?.opcode === DW_OP.fbreg) return isEnd(rest[0]) ? Number(first.operands[0]) : undefined;
  const [kind, index] = first?.operands ?? [];
  if (
    first?.opcode !== DW_OP.WASM_location ||
    Number(kind) !== WASM_LOCATION.local ||
    Number(index) !== frameBase
  )
    return undefined;
  const [second, third] = rest;
  if (second?.opcode !== DW_OP.plus_uconst) return isEnd(second) ? 0 : undefined;
  return isEnd(third) ? Number(second.operands[0]) : undefined;
}

const isEnd = (operation: { readonly opcode: number } | undefined): boolean =>
  operation === undefined || operation.opcode === DW_OP.stack_value;

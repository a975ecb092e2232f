/**
 * Whether the debug information of a function numbers its locals as the code does.
 *
 * A value that LLVM keeps in a local gets there by an assignment, and its location begins right behind it. Tools that
 * optimise the linked module (Binaryen's wasm-opt, which `emcc -O2` runs) number the locals anew and leave what the
 * debug information says of them: its locations then begin anywhere, and name another value's local.
 */
import { attempt, FormatError } from "../bytes/errors";
import type { CodeOffset, FunctionIndex } from "../bytes/offsets";
import { ByteReader } from "../bytes/reader";
import { DW_AT, DW_OP } from "../dwarf/constants";
import type { Entry } from "../dwarf/model";
import { WASM_LOCATION } from "../dwarf/operations";
import { FunctionCode } from "../wasm/function-code";
import { assignedLocal } from "../wasm/operands";
import type { CrashModule } from "./model";
import { isAsLinked } from "./recovery/as-linked";
import { variableEntries } from "./variable-entries";

/** One location in so many may begin elsewhere: LLVM's do where a variable is said to equal another one. */
const TOLERATED = 4;

/**
 * The first of the locals whose numbers cannot be trusted; undefined where all can. Judged by the variables that live
 * in one local each where a frame stands, in code that a tool has written anew. Parameters keep their numbers, and where
 * there is no such variable, or the code cannot be read, nothing speaks against the debug information.
 */
export function firstRenumbered(
  module: CrashModule,
  index: FunctionIndex,
  pc: CodeOffset,
): number | undefined {
  const outcome = attempt(() => {
    const subprogram = module.debug?.unitAt(pc)?.subprogramAt(pc);
    const code = subprogram && FunctionCode.of(module.wasm, index);
    if (subprogram === undefined || code === undefined || isAsLinked(code)) return undefined;
    const parameters = code.parameters.length;
    const located = [...locationsAt(subprogram, pc)].filter(({ local }) => local >= parameters);
    if (located.length === 0) return undefined;
    const assigned = assignedBefore(code);
    const astray = located.filter(({ local, from }) => assigned.get(from - code.body.start) !== local);
    return astray.length > 0 && TOLERATED * astray.length >= located.length ? parameters : undefined;
  });
  return outcome instanceof FormatError ? undefined : outcome;
}

/** By body offset, the local that was assigned right in front of it. */
function assignedBefore(code: FunctionCode): ReadonlyMap<number, number> {
  const assigned = new Map<number, number>();
  let last: number | undefined;
  for (const instruction of code.instructions()) {
    if (last !== undefined) assigned.set(instruction.offset, last);
    last = assignedLocal(instruction);
  }
  return assigned;
}

interface LocalLocation {
  readonly local: number;
  readonly from: number;
}

/** The variables that a location list places in one Wasm local at `pc`, and since when. */
function* locationsAt(subprogram: Entry, pc: CodeOffset): Iterable<LocalLocation> {
  for (const entry of variableEntries(subprogram)) {
    const location = entry.location(DW_AT.location, pc);
    if (location === undefined || location === "not-here") continue;
    const local = soleLocal(location);
    const span = local === undefined ? undefined : entry.locationSpan(DW_AT.location, pc);
    if (local !== undefined && span !== undefined && !span.throughout) yield { local, from: span.from };
  }
}

/**
 * The local that an expression is as a value, and nothing more; undefined for all others. The location of what lies at
 * an address in a local, such as an array of variable length, begins at its declaration instead.
 */
export function soleLocal(expression: Uint8Array): number | undefined {
  const reader = new ByteReader(expression, "DW_AT_location");
  if (expression.length < 3 || reader.u8() !== DW_OP.WASM_location || reader.u8() !== WASM_LOCATION.local)
    return undefined;
  const read = attempt(() => reader.uleb());
  if (read instanceof FormatError) return undefined;
  return !reader.atEnd && reader.u8() === DW_OP.stack_value && reader.atEnd ? read : undefined;
}

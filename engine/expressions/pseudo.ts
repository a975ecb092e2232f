/**
 * Pseudo-variables: `$local3`, `$stack0`, `$global1` and `$table0` of the Wasm machine, `$frame` and `$exception`; and
 * gdb's history: `$` for the value printed last, `$$` and `$$3` for the first and the third before it, `$5` for the fifth of all;
 * `$pc`, where the frame stands in its module's code; and what the user has given a name of his own.
 */
import { DW_ATE, DW_OP } from "../dwarf/constants";
import { Missing, missing } from "../dwarf/missing";
import { tableValue } from "../postmortem/table-values";
import type { Value } from "../values/model";
import { baseType, pointerType, voidType } from "../values/types";
import { missingValue, registerValue } from "../values/variables";
import { ExpressionError } from "./errors";
import { computed, type Session } from "./session";
import { textValue } from "./typed";

export const PSEUDO_VARIABLES = [
  "$local0",
  "$stack0",
  "$global0",
  "$table0",
  "$frame",
  "$pc",
  "$exception",
] as const;

/** @throws ExpressionError for a name that is none of them */
export function pseudo(name: string, session: Session, position: number): Value {
  if (name === "$frame") return frameBase(session);
  if (name === "$exception") return exception(session);
  const earlier = /^\$(\$?)(\d*)$/.exec(name);
  if (earlier !== null) return historic(name, earlier[1] === "$", earlier[2]!, session, position);
  const own = session.kept.variables.get(name);
  if (own !== undefined) return own;
  if (name === "$pc") return codePlace(session);
  const parts = /^\$(local|stack|global|table)(\d{1,9})$/.exec(name);
  if (parts === null)
    throw new ExpressionError(`“${name}” is not known: use ${PSEUDO_VARIABLES.join(", ")}`, position);
  const { machine } = session.context;
  const index = Number(parts[2]);
  if (parts[1] === "table") return tableOf(index, session, position);
  const register =
    parts[1] === "local"
      ? machine.local(index)
      : parts[1] === "stack"
        ? machine.operand(index)
        : machine.global(index);
  return registerValue(register, register instanceof Missing ? "" : register.type);
}

function tableOf(index: number, { frame }: Session, position: number): Value {
  const value = tableValue(frame.physical, index);
  if (value !== undefined) return value;
  throw new ExpressionError(`the module has ${frame.physical.tables.count} tables`, position);
}

/** @param back whether `digits` count from the last value */
function historic(
  name: string,
  back: boolean,
  digits: string,
  { kept: { history } }: Session,
  position: number,
): Value {
  const number =
    !back && digits !== "" ? Number(digits) : history.length - (back ? Number(digits || "1") : 0);
  const value = history[number - 1];
  if (value === undefined)
    throw new ExpressionError(`there is no value ${name}: ${history.length} were printed`, position);
  return value;
}

/** Where the frame's variables in memory are counted from (DW_AT_frame_base). */
function frameBase(session: Session): Value {
  const { unit } = session.frame;
  const type = pointerType(session.flavour, "pointer", () => voidType(session.flavour), session.addressSize);
  if (unit === undefined) return missingValue(missing("no-debug-info"), type.name);
  const place = session.world.place(Uint8Array.of(DW_OP.fbreg, 0), unit);
  if (place instanceof Missing) return missingValue(place, type.name);
  if (place.kind !== "memory") return missingValue(missing("frame-base-unknown"), type.name);
  return computed(type, BigInt(place.address), session);
}

/** The offset in the code section at which the frame stands: no place of the program's memory, and so a number. */
function codePlace(session: Session): Value {
  const { pc } = session.frame.physical;
  const type = baseType(session.flavour, "unsigned int", DW_ATE.unsigned, 4);
  if (pc === undefined) return missingValue(missing("no-debug-info", "where the frame stands"), type.name);
  return computed(type, BigInt(pc), session);
}

/** Why the program ended, as text, with what else is known of it. */
function exception({ reason }: Session): Value {
  if (reason === undefined) return missingValue(missing("no-debug-info", "the reason of the crash"));
  const lines = [reason.trap, ...reason.details];
  return {
    ...textValue(reason.title, reason.kind),
    children: {
      namedCount: lines.length,
      indexedCount: 0,
      named: () =>
        lines.map((line, index) => ({ name: String(index), value: textValue(line), path: undefined })),
      indexed: () => [],
    },
  };
}

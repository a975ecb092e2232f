/** Location expressions that are a number. */
import { attempt } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import { CONSTANTS } from "./arithmetic";
import { DW_OP } from "./constants";
import type { Encoding } from "./encoding";
import { readOperation } from "./operations";

/** Whether an expression is one number that it spells out, or a sum of such, as a value, and nothing more. */
export function isSpelledOut(expression: Uint8Array, encoding: Encoding): boolean {
  const reader = new ByteReader(expression, "DW_AT_location");
  const outcome = attempt(() => {
    const { opcode } = readOperation(reader, encoding);
    if (!CONSTANTS.has(opcode) && (opcode < DW_OP.lit0 || opcode > DW_OP.lit31)) return false;
    let next = readOperation(reader, encoding).opcode;
    while (next === DW_OP.plus_uconst) next = readOperation(reader, encoding).opcode;
    return next === DW_OP.stack_value && reader.atEnd;
  });
  return outcome === true;
}

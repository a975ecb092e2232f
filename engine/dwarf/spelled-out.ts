/** Location expressions that are a number. */
import { attempt } from "../bytes/errors";
import { ByteReader } from "../bytes/reader";
import { CONSTANTS } from "./arithmetic";
import { DW_OP } from "./constants";
import type { Encoding } from "./encoding";
import { readOperation } from "./operations";

/** Whether an expression is one number that it spells out, as a value, and nothing more. */
export function isSpelledOut(expression: Uint8Array, encoding: Encoding): boolean {
  const reader = new ByteReader(expression, "DW_AT_location");
  const outcome = attempt(() => {
    const { opcode } = readOperation(reader, encoding);
    const isNumber = CONSTANTS.has(opcode) || (opcode >= DW_OP.lit0 && opcode <= DW_OP.lit31);
    return isNumber && readOperation(reader, encoding).opcode === DW_OP.stack_value && reader.atEnd;
  });
  return outcome === true;
}

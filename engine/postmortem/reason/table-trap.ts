/**
 * Traps of instructions that access tables, indirect calls first of all.
 *
 * What a table held is told from the dump, where it was recorded. Else it is told from the module: its host can have
 * changed a table that is imported or exported, and then only what it held at the start is said. The table instructions
 * that change it from inside are not looked for, since compilers of C, C++ and Rust write none unless told to.
 */
import type { Instruction } from "../../wasm/instructions";
import { indexImmediate } from "../../wasm/operands";
import type { FunctionType } from "../../wasm/types";
import type { PhysicalFrame, TrapKind } from "../model";
import { operandsAt } from "../operands";
import { slotFunctionName } from "../tables";
import { integer } from "./registers";
import { plain, plural, type Trap } from "./statement";

export function indirectCall(
  instruction: Instruction,
  frame: PhysicalFrame,
  reported: TrapKind | undefined,
): Trap {
  const { wasm } = frame.module;
  const table = indexImmediate(instruction, "table") ?? 0;
  const type = indexImmediate(instruction, "type");
  const expected = type === undefined ? undefined : wasm.typeAt(type);
  const wanted = expected === undefined ? [] : [`expected signature: ${signature(expected)}`];
  const index = integer(operandsAt(frame).at(-1), false);
  if (index === undefined) {
    return plain(
      reported ?? "unknown",
      "indirect call failed: null entry, wrong signature or index out of bounds",
      wanted,
    );
  }
  const slot = Number(index);
  const where = `table slot ${slot}`;
  const { tables } = frame;
  const size = tables.size(table);
  if (reported === "table-out-of-bounds" || (size !== undefined && slot >= size)) {
    const entries = size === undefined ? "" : `, the table has ${plural(size, "entry", "entries")}`;
    return plain("table-out-of-bounds", `indirect call out of bounds: index ${slot}${entries}`, wanted);
  }
  const content = tables.slot(table, slot);
  const isRecorded = tables.isRecorded(table, slot);
  const isCertain = tables.isCertain(table, slot);
  if (content === undefined) {
    const held = isRecorded ? ": it held what the dump cannot name" : "";
    return plain(reported ?? "unknown", `indirect call to ${where} failed${held}`, wanted);
  }
  if (content === "null" && isCertain)
    return plain("indirect-call-to-null", `indirect call to null: ${where} is empty`, wanted);
  if (content === "null") {
    const text = `indirect call failed: ${where} was empty when the program started`;
    return plain(reported ?? "unknown", text, wanted);
  }
  const actual = content.module.wasm.functionType(content.functionIndex);
  const name = slotFunctionName(content, frame.module);
  if (isCertain && expected !== undefined && differs(expected, actual, content.module === frame.module))
    return plain(
      "indirect-call-type-mismatch",
      `indirect call to a function of another type: ${where} holds ${name}`,
      [...wanted, `actual signature: ${signature(actual!)}`],
    );
  const held = isRecorded ? `holds ${name}` : `held ${name} when the program started`;
  return plain(reported ?? "unknown", `indirect call failed: ${where} ${held}`, wanted);
}

/** Whether two functions are surely of different types: of different modules, types that have an index are not compared. */
function differs(expected: FunctionType, actual: FunctionType | undefined, sameModule: boolean): boolean {
  if (actual === undefined || signature(actual) === signature(expected)) return false;
  return sameModule || !/\(ref/.test(signature(actual) + signature(expected));
}

function signature(type: FunctionType): string {
  return `(${type.parameters.join(", ")}) -> (${type.results.join(", ")})`;
}

/** table.get, table.set, table.fill, table.copy and table.init. */
export function tableAccess(instruction: Instruction, frame: PhysicalFrame): Trap {
  const name = instruction.mnemonic;
  const operands = operandsAt(frame).map((operand) => integer(operand, false));
  const size = frame.tables.size(indexImmediate(instruction, "table") ?? 0);
  const entries = size === undefined ? "" : `, the table has ${plural(size, "entry", "entries")}`;
  const text = `${name}: table access out of bounds${entries}`;
  const [first, second] = operands;
  if (first === undefined) return plain("table-out-of-bounds", text);
  if (name === "table.get" || name === "table.set")
    return plain("table-out-of-bounds", text, [`index ${first}`]);
  const count = operands[2];
  if (count === undefined) return plain("table-out-of-bounds", text);
  const from = name === "table.fill" || second === undefined ? "" : ` from ${second}`;
  return plain("table-out-of-bounds", text, [`${plural(count, "element")} at ${first}${from}`]);
}

/**
 * Traps of instructions that access tables, indirect calls first of all.
 *
 * Dumps hold no tables: what a table held is told from the module. Its host can have changed a table that is
 * imported or exported, and then only what it held at the start is said. The table instructions that change it
 * from inside are not looked for, since compilers of C, C++ and Rust write none unless told to.
 */
import type { Instruction } from "../../wasm/instructions";
import { indexImmediate } from "../../wasm/operands";
import type { FunctionType } from "../../wasm/types";
import type { PhysicalFrame, TrapKind } from "../model";
import { operandsAt } from "../operands";
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
  const entry = wasm.tableEntry(table, slot);
  const where = `table slot ${slot}`;
  if (entry === "null" && !hostMayChange(frame, table))
    return plain("indirect-call-to-null", `indirect call to null: ${where} is empty`, wanted);
  if (entry === "null") {
    const text = `indirect call failed: ${where} was empty when the program started`;
    return plain(reported ?? "unknown", text, wanted);
  }
  if (entry !== undefined) {
    const actual = wasm.functionType(entry);
    const name = wasm.functionName(entry) ?? `wasm-function[${entry}]`;
    const differs =
      actual !== undefined && expected !== undefined && signature(actual) !== signature(expected);
    if (differs && !hostMayChange(frame, table)) {
      return plain(
        "indirect-call-type-mismatch",
        `indirect call to a function of another type: ${where} holds ${name}`,
        [...wanted, `actual signature: ${signature(actual)}`],
      );
    }
    const text = `indirect call failed: ${where} held ${name} when the program started`;
    return plain(reported ?? "unknown", text, wanted);
  }
  const size = wasm.tables[table];
  const fixed = size !== undefined && size.maximum === size.minimum && !size.imported;
  if (reported === "table-out-of-bounds" || (fixed && slot >= size.minimum)) {
    const entries = fixed ? `, the table has ${size.minimum} entries` : "";
    return plain("table-out-of-bounds", `indirect call out of bounds: index ${slot}${entries}`, wanted);
  }
  return plain(reported ?? "unknown", `indirect call to ${where} failed`, wanted);
}

function hostMayChange(frame: PhysicalFrame, table: number): boolean {
  const { wasm } = frame.module;
  const exported = wasm.exports.some(({ kind, index }) => kind === "table" && index === table);
  return exported || wasm.tables[table]?.imported !== false;
}

function signature(type: FunctionType): string {
  return `(${type.parameters.join(", ")}) -> (${type.results.join(", ")})`;
}

/** table.get, table.set, table.fill, table.copy and table.init. */
export function tableAccess(name: string, frame: PhysicalFrame): Trap {
  const operands = operandsAt(frame).map((operand) => integer(operand, false));
  const text = `${name}: table access out of bounds`;
  const [first, second] = operands;
  if (first === undefined) return plain("table-out-of-bounds", text);
  if (name === "table.get" || name === "table.set")
    return plain("table-out-of-bounds", text, [`index ${first}`]);
  const count = operands[2];
  if (count === undefined) return plain("table-out-of-bounds", text);
  const from = name === "table.fill" || second === undefined ? "" : ` from ${second}`;
  return plain("table-out-of-bounds", text, [`${plural(count, "element")} at ${first}${from}`]);
}

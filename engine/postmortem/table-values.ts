/** A frame's tables as values: how many entries, and each as the function that it holds. */
import { missing } from "../dwarf/missing";
import type { Child, Value } from "../values/model";
import { missingValue } from "../values/variables";
import type { PhysicalFrame } from "./model";
import { slotFunctionName } from "./tables";

/** Entries that a table's own line names. */
const NAMED = 8;

/** A table of the frame's module as far as it is known what it held; undefined where the module has no such table. */
export function tableValue({ module, tables }: PhysicalFrame, table: number): Value | undefined {
  const type = module.wasm.tables[table]?.elements;
  if (type === undefined) return undefined;
  const size = tables.size(table);
  if (size === undefined) return missingValue(missing("table-not-recorded", `table ${table}`), type);
  const entry = (slot: number): Value => {
    const content = tables.slot(table, slot);
    if (content === undefined || !tables.isCertain(table, slot))
      return missingValue(missing("table-not-recorded", `slot ${slot} of table ${table}`), type);
    if (content === "null") return leaf("null", type);
    const signature = content.module.wasm.functionType(content.functionIndex);
    return leaf(
      slotFunctionName(content, module),
      signature && `(${signature.parameters.join(", ")}) -> (${signature.results.join(", ")})`,
    );
  };
  const indexed = (start: number, count: number): readonly Child[] =>
    Array.from({ length: Math.max(0, Math.min(count, size - start)) }, (_, at) => ({
      name: `[${start + at}]`,
      value: entry(start + at),
      path: (parent: string) => `${parent}[${start + at}]`,
    }));
  const text = (): string => {
    const first = indexed(0, NAMED).map(({ value }) => (value.missing ? "?" : value.text()));
    return `${size} entries: ${first.join(", ")}${size > NAMED ? ", …" : ""}`;
  };
  return {
    ...leaf("", type),
    text,
    children: { namedCount: 0, indexedCount: size, named: () => [], indexed },
  };
}

const leaf = (text: string, typeName: string | undefined): Value => ({
  text: () => text,
  typeName,
  missing: undefined,
  address: undefined,
  size: undefined,
  target: undefined,
  provenance: "recorded",
  children: undefined,
});

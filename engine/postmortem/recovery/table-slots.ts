/** Which slot of the function table a function is in, as element segments fill it. */
import type { FunctionIndex } from "../../bytes/offsets";
import type { WasmModule } from "../../wasm/module";

/** Slots that are looked through. */
const MOST_SLOTS = 100_000;

/**
 * The only slot of table 0 that holds the function; undefined when there is none or several, or when others than
 * the module's own code can fill the table.
 */
export function slotOf(module: WasmModule, index: FunctionIndex): number | undefined {
  const [table] = module.tables;
  if (table === undefined || module.tables.length > 1 || table.imported || table.minimum > MOST_SLOTS)
    return undefined;
  if (module.exports.some(({ kind }) => kind === "table")) return undefined;
  return module.onlySlotOf(index);
}

/** A call of a language runtime's function as the stack shows it: what is needed to read its arguments. */
import type { Machine } from "../../dwarf/machine";

export interface RuntimeCall {
  /** The function's full name, hash suffix removed. */
  readonly name: string;
  readonly machine: Machine;
  /** Number of Wasm parameters. */
  readonly parameters: number;
  functionInTable(slot: number): string | undefined;
}

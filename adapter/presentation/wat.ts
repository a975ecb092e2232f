/**
 * A function as a text of its own, shown where no source line is known: header, then one instruction a line.
 */
import type { CodeOffset, FunctionIndex } from "../../engine/bytes/offsets";
import { disassembleFunction, functionHeader } from "../../engine/wasm/disassembly";
import type { WasmModule } from "../../engine/wasm/module";

/** The whole text; undefined for imports and code that is not in the file. */
export function functionText(module: WasmModule, index: FunctionIndex): string | undefined {
  const lines = disassembleFunction(module, index);
  if (lines.length === 0) return undefined;
  return `${[...functionHeader(module, index), ...lines.map(({ text }) => `  ${text}`)].join("\n")}\n`;
}

/** The 1-based line of the instruction at `pc` in that text; 0 when none stands there. */
export function functionLine(module: WasmModule, index: FunctionIndex, pc: CodeOffset): number {
  const position = disassembleFunction(module, index).findIndex((line) => line.pc === pc);
  return position < 0 ? 0 : functionHeader(module, index).length + position + 1;
}

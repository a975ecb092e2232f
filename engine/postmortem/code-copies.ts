/** Code that was made several times of one place in the source: a loop that was unrolled, a function inlined twice. */
import { type CodeOffset, codeOffset } from "../bytes/offsets";
import type { LineTable } from "../dwarf/model";
import type { FunctionCode } from "../wasm/function-code";

/** Whether another instruction like the one at `pc` stands for the same line and column. */
export function isCopied(code: FunctionCode, pc: CodeOffset, lines: LineTable | undefined): boolean {
  const { start } = code.body;
  const instructions = [...code.instructions()];
  const mnemonic = instructions.find(({ offset }) => start + offset === pc)?.mnemonic;
  const here = lines?.rowAt(pc);
  return instructions.some((other) => {
    if (other.mnemonic !== mnemonic || start + other.offset === pc) return false;
    const row = lines?.rowAt(codeOffset(start + other.offset));
    return row?.file === here?.file && row?.line === here?.line && row?.column === here?.column;
  });
}

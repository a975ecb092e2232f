/**
 * Whether a function's code is as LLVM made it. Tools that work over the linked module (Binaryen's wasm-opt,
 * wasm-bindgen) leave much of the debug information as it was, and change the code that it is about.
 */
import type { FunctionCode } from "../../wasm/function-code";
import type { Instruction } from "../../wasm/instructions";

/** Instructions that LLVM's linker puts an index into, for which LLVM leaves room. */
const RELOCATED = /^(call|global\.[gs]et)$/;
/** Bytes of such an instruction: its opcode, and a LEB128 number of full length. Tools write it as short as it can be. */
const FULL_LENGTH = 6;

/** Whether all that the linker puts into the code has full length; no, where it puts in nothing. */
export function isAsLinked(code: FunctionCode): boolean {
  let before: Instruction | undefined;
  let found = false;
  for (const instruction of code.instructions()) {
    if (before !== undefined && RELOCATED.test(before.mnemonic)) {
      if (instruction.offset - before.offset !== FULL_LENGTH) return false;
      found = true;
    }
    before = instruction;
  }
  return found;
}

/** Whether what a producer recorded of a frame's registers is the program's. */
import type { Instruction } from "../../wasm/instructions";
import type { WasmModule } from "../../wasm/module";

/**
 * Whether recorded locals and operands of a frame that stands there are to be believed. V8 keeps them in machine
 * registers, and when it reports these traps, the instruction's own work (a call of a C function, an explicit
 * check of bounds) has already put other values into some of them.
 */
export function registersHold({ mnemonic, immediates }: Instruction, module: WasmModule): boolean {
  if (/^memory\.(copy|fill|init)$|\.atomic\./.test(mnemonic)) return false;
  return immediates.every(
    (immediate) => immediate.kind !== "memarg" || module.memories[immediate.memory]?.addressType === "i32",
  );
}

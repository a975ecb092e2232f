/** At which instructions a frame can stand: on a call when it called another, on what can trap when it is the youngest. */
import type { Instruction } from "../wasm/instructions";

export const isCall = ({ mnemonic }: Instruction): boolean => /call|throw/.test(mnemonic);

/** Whether an instruction can trap, or calls what can: the host, or one function too many. */
export function canTrap(instruction: Instruction): boolean {
  const { mnemonic, immediates } = instruction;
  if (isCall(instruction) || mnemonic === "unreachable") return true;
  if (/(div|rem)_[su]$|^i(32|64)\.trunc_f|^(memory|table|array|struct|ref|i31)\./.test(mnemonic)) return true;
  return immediates.some((immediate) => immediate.kind === "memarg");
}

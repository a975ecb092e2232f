/**
 * Assignments to a local that no code reads. LLVM drops such, but for what inline assembly takes: that names the local
 * in its text, or nowhere.
 */
import type { FunctionCode } from "../../wasm/function-code";
import { indexImmediate } from "../../wasm/operands";

/** Instructions behind which earlier code may come again, or other code may have run before. */
const DIVIDES = /^(if|else|loop|end|br.*|try.*|catch.*|delegate)$/;

/** Offsets of the `local.set`s of a local that nothing reads; none in a function with loops, where they may come again. */
export function unreadAssignments(code: FunctionCode, local: number): ReadonlySet<number> {
  const unread = new Set<number>();
  /** Those that what comes next may read. */
  let waiting: number[] = [];
  let isStraight = false;
  let isRead = false;
  for (const instruction of code.instructions()) {
    const { mnemonic, offset } = instruction;
    if (mnemonic === "loop") return new Set();
    if (DIVIDES.test(mnemonic)) isStraight = false;
    const isOwn = /^local\.(get|set|tee)$/.test(mnemonic) && indexImmediate(instruction, "local") === local;
    const isSet = isOwn && mnemonic === "local.set";
    const isCopy = isRead && isSet;
    if (isRead && !isCopy) for (const at of waiting) unread.delete(at);
    isRead = isOwn && mnemonic === "local.get";
    if (!isOwn || isRead) continue;
    // A local that is given its own value holds it still.
    if (isStraight && !isCopy) waiting = [];
    isStraight = true;
    if (!isSet) continue;
    waiting.push(offset);
    unread.add(offset);
  }
  return unread;
}

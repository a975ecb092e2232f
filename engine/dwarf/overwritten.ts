/**
 * Whether what a Wasm location names is still there. LLVM overlooks some assignments when it ends the locations of
 * values, and lets locations in operands go on after these have been popped: what lies there then is another value.
 */
import type { ExpressionContext } from "./expression-context";
import { type Missing, missing } from "./missing";

export class Overwritten {
  constructor(
    private readonly context: ExpressionContext,
    private readonly forFrameBase: boolean,
  ) {}

  /**
   * Why a local does not hold what its location says; undefined where nothing speaks against it. LLVM overlooks all
   * assignments to the local of an address, or to one that it gives for the whole of a scope. The prologue assigns
   * the local of a frame base, first of all; what comes after is another value, which LLVM lets in before a call that
   * does not return.
   */
  local(index: number, by: "any" | "overlooked"): Missing | undefined {
    const { holds, machine } = this.context;
    const explanation = `local ${index} has been reused since`;
    if (this.forFrameBase)
      return machine.frameBase === undefined && machine.localWrittenSince?.(index, "first", "any") === true
        ? missing("frame-base-unknown", explanation)
        : undefined;
    if (holds === undefined) return undefined;
    return machine.localWrittenSince?.(index, holds.from, holds.throughout ? "any" : by) === true
      ? missing("optimized-out", explanation)
      : undefined;
  }

  /** Why another operand lies where the location says. */
  operand(index: number): Missing | undefined {
    const { holds, machine } = this.context;
    return holds?.throughout === false && machine.operandPoppedSince?.(index, holds.from) === true
      ? missing("optimized-out", `operand ${index} has been popped since`)
      : undefined;
  }
}

/** Where each structured instruction of a body ends, and where its `else` or clauses begin. */
import type { Instruction } from "../../wasm/instructions";
import type { StackEffect } from "../../wasm/operands";

/** An instruction of a body and what it does to the operand stack; undefined where that is not known. */
export interface Step {
  readonly instruction: Instruction;
  readonly effect: StackEffect | undefined;
}

/** Positions of instructions in a body. */
export interface Construct {
  /** Its `end`; of a `try` that ends so, its `delegate`. */
  readonly end: number;
  /** Its `else`, or the clauses of a legacy `try`. */
  readonly divisions: readonly number[];
}

/** By the position of the instruction that opens it; the body itself is at -1. */
export function constructsOf(steps: readonly Step[]): ReadonlyMap<number, Construct> {
  const constructs = new Map<number, Construct>();
  const open: { readonly opener: number; readonly divisions: number[] }[] = [{ opener: -1, divisions: [] }];
  steps.forEach(({ instruction: { opcode } }, at) => {
    if (opcode.structure === "opens") open.push({ opener: at, divisions: [] });
    else if (opcode.structure === "divides") open.at(-1)?.divisions.push(at);
    else if (opcode.structure === "closes") {
      const closed = open.pop();
      if (closed !== undefined) constructs.set(closed.opener, { end: at, divisions: closed.divisions });
    }
  });
  return constructs;
}

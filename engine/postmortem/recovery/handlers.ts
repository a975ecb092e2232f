/**
 * Where exceptions go within a function: to the clauses of `try_table`, or of the legacy `try`, around the
 * instruction that throws (Wasm core specification, "Exceptions"; exception-handling proposal, legacy).
 *
 * Which tag a callee throws is not known, so that each clause up to one that catches everything may be where the
 * program goes on. There, locals are as they were when the exception was thrown, operands are those below the
 * block and the caught values, and the stack pointer is whatever the unwound callees left.
 */

import type { WasmModule } from "../../wasm/module";
import { indexImmediate } from "../../wasm/operands";
import type { Construct, Step } from "./constructs";
import { Unrecoverable } from "./unrecoverable";

/** Where the program goes on with an exception. */
export interface Handler {
  /** Position of the instruction. */
  readonly to: number;
  /** Operands that lie below. */
  readonly base: number;
  /** Caught values on top of them. */
  readonly values: number;
}

/** What a construct does with exceptions that are thrown in it. */
export interface Guard {
  readonly handlers: readonly Handler[];
  /** Whether none goes farther out. */
  readonly catchesAll: boolean;
  /** Where `delegate` has them thrown again: the number of constructs around that one, itself included. */
  readonly delegates?: number;
}

/** Of constructs that exceptions pass. */
export const unguarded: Guard = { handlers: [], catchesAll: false };

/** A construct that branches, and clauses of `try_table`, may name. */
interface Target {
  readonly opener: number;
  readonly isLoop: boolean;
  readonly base: number;
  readonly parameters: number;
  readonly results: number;
}

export const mayThrow = (mnemonic: string): boolean =>
  /^(call(_indirect|_ref)?|throw(_ref)?|rethrow)$/.test(mnemonic);

/**
 * @param at the construct's position
 * @param below operands below it
 * @param around the constructs around it, the innermost last
 * @throws Unrecoverable where the code is malformed
 */
export function guardOf<Label extends Target>(
  module: WasmModule,
  steps: readonly Step[],
  at: number,
  construct: Construct | undefined,
  below: number,
  around: readonly Label[],
  targetOf: (label: Label) => number,
): Guard {
  const { mnemonic, immediates } = steps[at]!.instruction;
  const malformed = (): never => {
    throw new Unrecoverable("its code is malformed");
  };
  if (mnemonic === "try_table") {
    const clauses = immediates.flatMap((immediate) =>
      immediate.kind === "catches" ? immediate.clauses : [],
    );
    const handlers = clauses.map(({ label }): Handler => {
      const target = around[around.length - 1 - (label ?? around.length)] ?? malformed();
      const values = target.isLoop ? target.parameters : target.results;
      return { to: targetOf(target), base: target.base, values };
    });
    return { handlers, catchesAll: clauses.some(({ keyword }) => keyword.startsWith("catch_all")) };
  }
  if (mnemonic !== "try") return unguarded;
  const { end, divisions } = construct ?? malformed();
  const closing = steps[end]!.instruction;
  if (closing.mnemonic === "delegate") {
    const label = indexImmediate(closing, "label") ?? malformed();
    return { ...unguarded, delegates: Math.max(0, around.length - label) };
  }
  const handlers = divisions.map((division): Handler => {
    const clause = steps[division]!.instruction;
    const tag = indexImmediate(clause, "tag");
    const values = tag === undefined ? 0 : (module.tagType(tag)?.parameters.length ?? malformed());
    return { to: division + 1, base: below, values };
  });
  return {
    handlers,
    catchesAll: divisions.some((division) => steps[division]!.instruction.mnemonic === "catch_all"),
  };
}

/** Where an exception that is thrown inside of these constructs, the innermost last, may go on. */
export function handlersOf(around: readonly Guard[]): readonly Handler[] {
  const found: Handler[] = [];
  for (let left = around.length; left > 0; ) {
    const { handlers, catchesAll, delegates } = around[left - 1]!;
    found.push(...handlers);
    if (catchesAll) break;
    left = delegates ?? left - 1;
  }
  return found;
}

/**
 * The handler around a function's code: an exception that leaves the function stops in it, its host is told the values
 * of locals, and it goes on as it came. One for the whole body: nothing is done where no exception comes up.
 */
import type { ValueType } from "../../wasm/types";
import { op, type } from "./code";
import { sleb, uleb } from "./edits";

/** Where the host's functions are (contract.ts). */
export interface HandlerContext {
  /** The index of a function of the host. */
  host(name: "frame" | "i32" | "i64" | "f32" | "f64"): number;
  /** A block type without parameters. */
  blockType(results: readonly ValueType[]): readonly number[];
  readonly exceptions: "legacy" | "exnref";
}

export interface RecordedLocal {
  readonly local: number;
  readonly type: RecordableType;
}

export type RecordableType = "i32" | "i64" | "f32" | "f64";

export const isRecordable = (type: ValueType | undefined): type is RecordableType =>
  type === "i32" || type === "i64" || type === "f32" || type === "f64";

/**
 * What stands before the code, and what before the `end` of the function. The code's own labels stay as they are: what
 * was the function's is now the handler's, behind which the function ends.
 * @param index the function's, in the original module
 */
export function handler(
  index: number,
  locals: readonly RecordedLocal[],
  results: readonly ValueType[],
  context: HandlerContext,
): { before: readonly number[]; behind: readonly number[] } {
  const { exceptions, host, blockType } = context;
  const recording = [
    ...[op.i32Const, ...sleb(index), op.call, ...uleb(host("frame")), op.if, type.empty],
    ...locals.flatMap((local) => record(local, context)),
    op.end,
  ];
  if (exceptions === "legacy")
    return {
      before: [op.try, ...blockType(results)],
      behind: [op.catchAll, ...recording, op.rethrow, 0, op.end],
    };
  const catchAllRef = 3;
  return {
    before: [op.block, type.exnref, op.tryTable, ...blockType(results), 1, catchAllRef, 0],
    behind: [op.end, op.return, op.end, ...recording, op.throwRef],
  };
}

/** Tells the host one value, a float as its bits: a NaN would not be the same one on the other side. */
function record({ local, type }: RecordedLocal, { host }: HandlerContext): readonly number[] {
  const bits = type === "f32" ? [op.i32ReinterpretF32] : type === "f64" ? [op.i64ReinterpretF64] : [];
  return [op.localGet, ...uleb(local), ...bits, op.call, ...uleb(host(type))];
}

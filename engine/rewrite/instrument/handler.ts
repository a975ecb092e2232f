/**
 * The handler around a function's code: an exception that leaves the function stops in it, its host is told the values
 * of locals, and it goes on as it came. One for the whole body: nothing is done where no exception comes up.
 */
import type { ValueType } from "../../wasm/types";
import { clause, op, type } from "./code";
import { sleb, uleb } from "./edits";

/** Where the host's functions are (contract.ts). */
export interface HandlerContext {
  /** The index of a function of the host. */
  host(name: "frame" | "i32" | "i64" | "f32" | "f64" | "throw" | "uncatchable"): number;
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
  const { exceptions, blockType } = context;
  const recording = recordingOf(index, locals, context);
  if (exceptions === "legacy")
    return {
      before: [op.try, ...blockType(results)],
      behind: [op.catchAll, ...recording, op.rethrow, 0, op.end],
    };
  return {
    before: [op.block, type.exnref, op.tryTable, ...blockType(results), 1, clause.catchAllRef, 0],
    behind: [op.end, op.return, op.end, ...recording, op.throwRef],
  };
}

/** The same for a function that records nothing: a label for exceptions that are to go on as they came. */
export function passing(
  results: readonly ValueType[],
  { blockType }: HandlerContext,
): { before: readonly number[]; behind: readonly number[] } {
  return {
    before: [op.block, type.exnref, op.block, ...blockType(results)],
    behind: [op.end, op.return, op.end, op.throwRef],
  };
}

/**
 * The same without exceptions: when the flag is set the code branches here, tells the locals, and returns with any
 * values. Its caller, which looks at the flag, goes on like this.
 * @param locals undefined where none are to be told
 * @param flag the global that says so
 */
export function unwinding(
  index: number,
  locals: readonly RecordedLocal[] | undefined,
  results: readonly ValueType[],
  context: HandlerContext,
  flag: number,
): { before: readonly number[]; behind: readonly number[] } {
  const { blockType } = context;
  const isReference = results.some((result) => anyValue(result) === undefined);
  return {
    before: [op.block, type.empty, op.block, ...blockType(results)],
    behind: [
      ...[op.end, op.return, op.end],
      ...(locals === undefined ? [] : recordingOf(index, locals, context)),
      ...(isReference
        ? [...throwPending(context, flag), op.unreachable]
        : results.flatMap((result) => anyValue(result)!)),
    ],
  };
}

/** Leaves for JavaScript, by the error of the trap that the flag stands for. */
export const throwPending = ({ host }: Pick<HandlerContext, "host">, flag: number): readonly number[] => [
  ...[op.i32Const, 0, op.globalSet, ...uleb(flag), op.call, ...uleb(host("throw"))],
];

/** A value of a type; undefined for references that are never null. */
function anyValue(result: ValueType): readonly number[] | undefined {
  switch (result) {
    case "i32":
      return [op.i32Const, 0];
    case "i64":
      return [op.i64Const, 0];
    case "f32":
      return [op.f32Const, 0, 0, 0, 0];
    case "f64":
      return [op.f64Const, 0, 0, 0, 0, 0, 0, 0, 0];
    case "v128":
      return [0xfd, 0x0c, ...new Uint8Array(16)];
    case "funcref":
      return [op.refNull, 0x70];
    case "externref":
      return [op.refNull, 0x6f];
    default:
      return undefined;
  }
}

function recordingOf(
  index: number,
  locals: readonly RecordedLocal[],
  { host }: HandlerContext,
): readonly number[] {
  const code = [op.i32Const, ...sleb(index), op.call, ...uleb(host("frame"))];
  for (const { local, type } of locals) {
    // A float as its bits: a NaN would not be the same one on the other side.
    code.push(op.localGet, ...uleb(local));
    if (type === "f32") code.push(op.i32ReinterpretF32);
    else if (type === "f64") code.push(op.i64ReinterpretF64);
    code.push(op.call, ...uleb(host(type)));
  }
  return code;
}

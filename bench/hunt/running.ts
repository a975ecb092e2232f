/** Runs a program to its crash: what it told of the frames that were on the stack, and how it ended. */

import { TrapWatch } from "../../capture/inspector/session";
import { type CapturedDump, captureCoreDump } from "../../capture/library/index";
import { instrumentation } from "../../capture/library/instrumented";
import { unlike } from "../unlike";
import type { FrameTruth, Program, Told } from "./model";

export interface Crashed {
  /** The outermost frame first. */
  readonly frames: readonly FrameTruth[];
  /** By V8's inspector, where it watched. */
  readonly inspected: Uint8Array | undefined;
  /** What the error alone, or an instrumented module, lets the library record. */
  captured(): CapturedDump | undefined;
}

type Imports = Record<string, Record<string, (...values: never[]) => unknown>>;

/** @throws Error when the program does not crash */
export function runToCrash(bytes: Uint8Array, program: Program, inspect: boolean): Crashed {
  const frames: { function: string; told: Map<number, Told> }[] = [];
  let inspected: Uint8Array | undefined;
  const onDump = (dump: Uint8Array) => {
    inspected = dump;
  };
  const watch = inspect ? TrapWatch.start({ exceptions: true, onDump }) : undefined;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  const module = new WebAssembly.Module(unlike(bytes));
  const memory = () => (instance.exports["memory"] as WebAssembly.Memory).buffer;
  const imports = hostOf(module, program, frames, memory);
  const instance = new WebAssembly.Instance(module, { ...imports, ...instrumentation(module) } as never);
  try {
    for (const name of ["_initialize", "run"]) (instance.exports[name] as (() => void) | undefined)?.();
  } catch (error) {
    const captured = () => captureCoreDump(error, { instance, module });
    return { frames, inspected, captured };
  } finally {
    watch?.stop();
    Error.stackTraceLimit = limit;
  }
  throw new Error("The program has not crashed");
}

function hostOf(
  module: WebAssembly.Module,
  program: Program,
  frames: { function: string; told: Map<number, Told> }[],
  memory: () => ArrayBufferLike,
): Imports {
  const tell = (number: number, told: Told) => void frames.at(-1)?.told.set(number, told);
  const host: Imports[string] = {
    told_integer: tell,
    told_float: tell,
    told_wide: (number: number, low: bigint, high: bigint) =>
      tell(number, BigInt.asUintN(64, low) | (BigInt.asUintN(64, high) << 64n)),
    told_json: (number: number, at: number, length: number) =>
      tell(number, Buffer.from(memory(), at >>> 0, length).toString()),
    begin: (number: number) => void frames.push({ function: program.functions[number]!, told: new Map() }),
    end: () => void frames.pop(),
    opaque: (given: number) => given,
  };
  const imports: Imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== "function" || from === "wasm_postmortem") continue;
    imports[from] ??= {};
    imports[from][name] = (from === "env" && host[name]) || (/proc_exit|abort/.test(name) ? ends : () => 0);
  }
  return imports;
}

function ends(): never {
  throw new Error("The program has ended.");
}

/**
 * Whether a dump and a module belong together, and whether the debug information describes the module's
 * code: judged from what must be true of every frame, since build ids are often missing.
 */
import { attempt } from "../bytes/errors";
import { unknownOffset } from "../coredump/placement";
import { isStale } from "./frames";
import type { CrashModule, PhysicalFrame } from "./model";
import { instructionOf } from "./reason/trap";
import type { CrashThread } from "./thread";

/** Frames that are looked at; a wrong module shows in the first few. */
const EXAMINED = 32;

/** Warnings in words for the user; none when everything fits. */
export function fitProblems(thread: Pick<CrashThread, "physical">, module: CrashModule): readonly string[] {
  if (module.wasm.codeSection === undefined) return [];
  const frames = thread.physical.filter((frame) => frame.module === module).slice(0, EXAMINED);
  const misfit = frames.map((frame) => misfitOf(frame, frame.index)).find((problem) => problem !== undefined);
  if (misfit !== undefined) {
    return [`The core dump does not fit ${module.path}: ${misfit}. Open it with the module that crashed.`];
  }
  const stale = frames.find(hasStaleDebugInformation);
  if (stale === undefined) return [];
  return [
    `The debug information of ${module.name} is stale: its functions are not where the code's are (function ` +
      `${stale.functionIndex}). A tool has rewritten the code after it was made, e.g. wasm-opt. Lines and variables of ` +
      "such functions are left out: build without that step, or give the original module.",
  ];
}

function misfitOf(frame: PhysicalFrame, position: number): string | undefined {
  const { wasm } = frame.module;
  const name = `frame ${position} is in function ${frame.functionIndex}`;
  if (frame.functionIndex >= wasm.functionCount)
    return `${name}, but the module has ${wasm.functionCount} functions`;
  if (frame.functionIndex < wasm.importedFunctionCount) return `${name}, which is an import`;
  if (frame.core.offset === unknownOffset) return undefined;
  if (frame.pc === undefined) return `${name} at offset ${frame.core.offset}, which lies outside of it`;
  const instruction = instructionOf(frame);
  if (instruction === undefined) {
    // A stack overflow is reported at the start of the body, before the first instruction.
    return frame.core.offset === 0
      ? undefined
      : `${name} at offset ${frame.core.offset}, where no instruction starts`;
  }
  if (position > 0 && !/call|throw/.test(instruction.mnemonic)) {
    return `${name} at offset ${frame.core.offset}, which is ${instruction.mnemonic} and not a call`;
  }
  return undefined;
}

function hasStaleDebugInformation(frame: PhysicalFrame): boolean {
  const { pc, module } = frame;
  if (pc === undefined || module.debug === undefined) return false;
  const { debug } = module;
  const stale = attempt(() => {
    const unit = debug.unitAt(pc);
    return unit !== undefined && isStale(unit, pc, frame);
  });
  return stale === true;
}

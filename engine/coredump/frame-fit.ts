/**
 * How well frames fit their modules: a right position is on an instruction, on a call in every frame that called
 * another, and on an instruction that can trap in the youngest. Wrong rules of reading show in the first few.
 */
import { attempt, FormatError } from "../bytes/errors";
import { FunctionCode } from "../wasm/function-code";
import type { WasmModule } from "../wasm/module";
import { canTrap, isCall } from "./frame-kinds";
import type { CoreFrame, CoreThread } from "./model";
import { type ModuleOfInstance, type Positions, placeFrames, unknownOffset } from "./placement";

/** Threads, and frames of each, that are looked at. */
const EXAMINED_THREADS = 8;
const EXAMINED_FRAMES = 32;

/**
 * 1 = each frame stands where it must; 0 = none does. A frame of which only the function is known counts as half.
 * Undefined when the code of no frame's module is known.
 */
export function fitOfThreads(
  threads: readonly CoreThread[],
  positions: Positions,
  moduleOf: ModuleOfInstance,
): number | undefined {
  const fits: number[] = [];
  for (const thread of threads.slice(0, EXAMINED_THREADS)) {
    const recorded = thread.frames.slice(0, EXAMINED_FRAMES);
    placeFrames(recorded, positions, moduleOf).forEach((frame, index) => {
      const module = moduleOf(frame.instance);
      if (module?.codeSection !== undefined) fits.push(fitOfFrame(frame, module, index === 0));
    });
  }
  return fits.length === 0 ? undefined : fits.reduce((sum, fit) => sum + fit, 0) / fits.length;
}

function fitOfFrame(frame: CoreFrame, module: WasmModule, youngest: boolean): number {
  if (frame.functionIndex < module.importedFunctionCount) return 0;
  const fit = attempt(() => {
    const code = FunctionCode.of(module, frame.functionIndex);
    if (code === undefined || frame.locals.length > code.localCount) return 0;
    if (frame.offset === unknownOffset) return 0.5;
    // A stack overflow is reported at the start of the body, before the first instruction.
    if (youngest && frame.offset === 0) return 0.5;
    const instruction = code.instructionAt(frame.offset);
    if (instruction === undefined) return 0;
    return (youngest ? canTrap(instruction) : isCall(instruction)) ? 1 : 0.25;
  });
  return fit instanceof FormatError ? 0 : fit;
}

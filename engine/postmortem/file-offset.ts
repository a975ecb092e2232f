/** Where a frame stands as JavaScript counts: in bytes from the start of its module's file. */
import type { FileOffset } from "../bytes/offsets";
import type { PhysicalFrame } from "./model";

/** Undefined where the frame's place is not known, or the file has no code. */
export function fileOffsetOf({ pc, module }: PhysicalFrame): FileOffset | undefined {
  return pc === undefined || module.described !== undefined ? undefined : module.wasm.codeOffsetToFile(pc);
}

/**
 * Where more is known of an error's frames than its stack tells. Instrumented modules are such a source; it adds itself
 * when it is used, so that a program without them does not carry what they need.
 */
import type { Bytes } from "./encoding";
import type { PrintedFrame } from "./stack";

/** A frame as the module has it that the dump is to be read with. */
export interface KnownFrame {
  readonly module: WebAssembly.Module;
  readonly index: number;
  /** In the function's body; undefined where the engine gives no offset. */
  readonly offset: number | undefined;
  /** Values as a dump has them. */
  readonly locals: readonly Bytes[];
  readonly stack: readonly Bytes[];
}

/**
 * @param error whose stack it is
 * @param owners the module of each frame, where it is known
 * @returns undefined for each frame of which no more is known, null for one that the original does not have
 */
export type FrameSource = (
  error: unknown,
  frames: readonly PrintedFrame[],
  owners: readonly { readonly module?: WebAssembly.Module | undefined }[],
) => readonly (KnownFrame | null | undefined)[];

/** None or one. */
export const frameSources: FrameSource[] = [];

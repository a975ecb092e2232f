/** A full core dump of whatever a function does to Wasm: the shape in which tests and build scripts use it. */
import { type CaptureOptions, TrapWatch } from "./session";

export interface Captured {
  /** The last trap's core dump; undefined when nothing trapped. */
  readonly dump: Uint8Array | undefined;
  /** What `run` threw, if it threw. */
  readonly thrown: unknown;
}

/**
 * Runs `run` and takes a core dump where it traps. Traps that `run` catches are captured as well; the last
 * one wins, since it is the one that ends the program.
 * @param executable the program's name in the dump
 * @param exceptions as of `CaptureOptions`
 */
export async function captureAtTrap(
  run: () => unknown,
  executable?: string,
  exceptions: CaptureOptions["exceptions"] = false,
): Promise<Captured> {
  let dump: Uint8Array | undefined;
  let thrown: unknown;
  const watch = TrapWatch.start({
    ...(executable !== undefined && { executable }),
    exceptions,
    onDump: (bytes) => {
      dump = bytes;
    },
  });
  try {
    await run();
  } catch (error) {
    thrown = error;
  } finally {
    watch.stop();
  }
  return { dump, thrown };
}

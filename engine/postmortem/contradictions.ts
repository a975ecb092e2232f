/**
 * Whether a dump's registers agree with its memory and the code that ran: what was recorded of each frame is held
 * against what is worked out without it. The record is shown wherever there is one; where both differ, the producer
 * put down another value than the program's, or the program has overwritten its own stack.
 */
import type { CoreDump } from "../coredump/model";
import type { PhysicalFrame } from "./model";
import { littleEndian } from "./reason/registers";
import { bitsOf, stackRecovery } from "./recovery/recorded";

/** A local that was recorded with another value than the one that follows. */
export interface Contradiction {
  /** Of the physical frame, 0 being the youngest. */
  readonly frame: number;
  readonly local: number;
}

/**
 * @param thread index in the dump
 * @param frames its physical frames
 */
export function contradictions(
  dump: CoreDump,
  thread: number,
  frames: readonly PhysicalFrame[],
): readonly Contradiction[] {
  const recorded = dump.threads[thread];
  const modules = new Map(frames.map(({ core, module }) => [core.instance, module.wasm]));
  if (recorded === undefined || frames.length < recorded.frames.length) return [];
  const stripped = {
    ...recorded,
    frames: recorded.frames.map(({ instance, functionIndex, offset }) => ({
      instance,
      functionIndex,
      offset,
      locals: [],
      stack: [],
    })),
  };
  const recovery = stackRecovery(dump, stripped, (instance) => modules.get(instance)!);
  return recorded.frames.flatMap(({ locals }, frame) =>
    locals.flatMap((value, local) => {
      const known = bitsOf(value);
      const found = known && recovery.local(frame, local);
      if (found === undefined || known === undefined) return [];
      const same = found.type === known.type && littleEndian(found.bytes, false) === known.bits;
      return same ? [] : [{ frame, local }];
    }),
  );
}

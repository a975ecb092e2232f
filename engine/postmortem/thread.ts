/** A thread's stack, expanded from physical frames on demand, and the frame to stand at. */
import type { CoreThread } from "../coredump/model";
import { expandFrame } from "./frames";
import { isCrashMachinery } from "./machinery";
import type { CrashModule, Frame, PhysicalFrame, Thread } from "./model";

export class CrashThread implements Thread {
  readonly name: string;
  private readonly expanded: Frame[] = [];
  private nextPhysical = 0;
  private standingAt: number | undefined;

  constructor(
    readonly id: number,
    core: CoreThread,
    readonly physical: readonly PhysicalFrame[],
  ) {
    this.name = core.name === "" ? `thread ${id}` : core.name;
  }

  frames(start = 0, count = Number.POSITIVE_INFINITY): readonly Frame[] {
    this.expandTo(start + count);
    return this.expanded.slice(start, start + count);
  }

  get frameCount(): number {
    this.expandTo(Number.POSITIVE_INFINITY);
    return this.expanded.length;
  }

  /** Whether one of the frames is in this module. */
  runs(module: CrashModule): boolean {
    return this.physical.some((frame) => frame.module === module);
  }

  /** The frame at `index`, youngest 0; undefined past the oldest. */
  frame(index: number): Frame | undefined {
    this.expandTo(index + 1);
    return this.expanded[index];
  }

  /**
   * The youngest frame of the program's own code that has a source line, looked for past the machinery that
   * ran after things went wrong (panic, abort); failing that the youngest past the machinery.
   */
  get crashFrame(): number {
    return (this.standingAt ??= this.findCrashFrame());
  }

  private findCrashFrame(): number {
    const all = this.frames();
    let first = 0;
    all.forEach((frame, index) => {
      if (isCrashMachinery(frame.fullName)) first = index + 1;
    });
    if (first >= all.length) first = 0;
    const own = (frame: Frame): boolean => frame.origin === "program" && (frame.location?.line ?? 0) > 0;
    const best = all.findIndex((frame, index) => index >= first && own(frame));
    if (best >= 0) return best;
    const program = all.findIndex((frame, index) => index >= first && frame.origin === "program");
    return program >= 0 ? program : first;
  }

  private expandTo(count: number): void {
    while (this.expanded.length < count && this.nextPhysical < this.physical.length) {
      this.expanded.push(...expandFrame(this.physical[this.nextPhysical]!, this.expanded.length));
      this.nextPhysical++;
    }
  }
}

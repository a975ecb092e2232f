/**
 * Work that takes longer than one who asks would wait in one go, such as a survey of all of a program's names. It is
 * done in steps, so that a host can show how far it is, and give it up.
 */
import { BytesNotResident, type Loadable, settle } from "./remote-source";

export abstract class LongWork implements Loadable {
  /** What is being done, for people: "Looking for names". */
  abstract readonly name: string;
  /** How much of it is done, from 0 to 1. */
  abstract readonly progress: number;

  /** Does a part, some hundredths of a second's worth. @returns whether all is done now */
  abstract step(): boolean;

  /** All of it, for a host that does not care. */
  load(): Promise<void> {
    return settle(() => {
      while (!this.step());
    });
  }
}

/** "Not known yet": the work has to be done first. As with bytes, only `settle` may catch it. */
export class WorkPending extends BytesNotResident {
  constructor(readonly work: LongWork) {
    super(work, 0, 0);
  }
}

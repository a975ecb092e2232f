/** Why a frame's state cannot be worked out. Thrown inside of this room only, and told to the user. */
export class Unrecoverable extends Error {
  override readonly name = "Unrecoverable";
  constructor(readonly why: string) {
    super(why);
  }
}

/** What `work` gives, or why it was given up; other errors (bytes that are not here yet) pass through. */
export function recovering<T>(work: () => T): T | Unrecoverable {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unrecoverable) return error;
    throw error;
  }
}

/** How many operations one frame may cost. */
export class Budget {
  constructor(private left: number) {}

  /** @throws Unrecoverable when they are used up */
  spend(operations: number): void {
    this.left -= operations;
    if (this.left < 0) throw new Unrecoverable("its code is too long to be followed");
  }
}

/** What keeps the library's own failures away from the error that the program has to report. */

/** What `take` gives; undefined when it throws, which is logged. */
export function guarded<T>(take: () => T): T | undefined {
  try {
    return take();
  } catch (failure) {
    failed(failure);
    return undefined;
  }
}

/** Logs why there is no dump, if that can be done: the stack may be full, and the failure have no text. */
export function failed(failure: unknown): void {
  try {
    console.error(`No core dump: ${failure}`);
  } catch {
    // Nobody can be told.
  }
}

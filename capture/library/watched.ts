/**
 * Errors that were seen leaving WebAssembly, at the moment when they left: where a program catches one late, or
 * never, this is what is known of it.
 */

/** The calls that a watched instance has had. */
export interface Watch {
  /** Calls from JavaScript so far. */
  entries: number;
  /** The last error that left it. */
  error?: unknown;
}

/** For an error, the watch of the instance that it left first, and the entries that this had had then. */
const sightings = new WeakMap<object, readonly [Watch, entries: number]>();
const byMemory = new WeakMap<object, Watch>();

/** Notes that `error` leaves a watched instance: `thrown` is it, or an object in its place. */
export function sight(thrown: object, watch: Watch, error: unknown): void {
  if (!sightings.has(thrown)) sightings.set(thrown, [watch, watch.entries]);
  watch.error = error;
}

/** Whether the instance that an error left has been called since; false also where nobody watched. */
export function ranOn(error: unknown): boolean {
  const [watch, entries = 0] = sightings.get(error as object) ?? [];
  return watch !== undefined && watch.entries > entries;
}

export const watchMemory = (memory: object, watch: Watch): unknown => byMemory.set(memory, watch);

/** The last error that was seen leaving the instance of a memory. */
export const lastErrorOf = (memory: object | undefined): unknown => memory && byMemory.get(memory)?.error;

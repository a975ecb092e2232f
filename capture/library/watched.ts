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

interface Sighting {
  readonly watch: Watch;
  readonly entries: number;
}

const sightings = new WeakMap<object, Sighting>();
const byMemory = new WeakMap<object, Watch>();

/** Notes that an error leaves a watched instance. @returns whether it is seen for the first time */
export function sight(error: object, watch: Watch): boolean {
  if (sightings.has(error)) return false;
  sightings.set(error, { watch, entries: watch.entries });
  watch.error = error;
  return true;
}

/** Whether the instance that an error left has been called since; false also where nobody watched. */
export function ranOn(error: unknown): boolean {
  const sighting = sightings.get(error as object);
  return sighting !== undefined && sighting.watch.entries > sighting.entries;
}

export const watchMemory = (memory: object, watch: Watch): unknown => byMemory.set(memory, watch);

/** The last error that was seen leaving the instance of a memory. */
export const lastErrorOf = (memory: object | undefined): unknown => memory && byMemory.get(memory)?.error;

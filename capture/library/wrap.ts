/**
 * Watches every entry from JavaScript into WebAssembly, so that an error is seen where it leaves, whoever
 * swallows it later. Asynchronous glue does: wasm-bindgen never rejects the promise of a future that panicked.
 */
import { captureCoreDump, failed, guarded } from "./capture";
import type { HookOptions } from "./model";
import { partsOf } from "./parts";
import { isObject, keepWholeStacks, stackOf } from "./stack";

import { sight, type Watch, watchMemory } from "./watched";

const wrapped = new WeakMap<object, object>();
const delivered = new WeakSet<object>();

/**
 * The exports with every function watched: the same names, results and errors, memories and tables untouched.
 * When an error with WebAssembly frames leaves one for the first time, `onDump` gets its core dump, before any
 * code of the program runs. Give these exports to the glue in place of the instance's. Watching twice does
 * nothing.
 */
export function wrapExports<Exports extends object>(exports: Exports, options: HookOptions = {}): Exports {
  const known = wrapped.get(exports);
  if (known !== undefined) return known as Exports;
  keepWholeStacks();
  const watch: Watch = { entries: 0 };
  const program = { instance: { exports }, ...options };
  for (const [, memory] of partsOf(program).memories) watchMemory(memory, watch);
  const watched = Object.fromEntries(
    Object.entries(exports).map(([name, value]) => [
      name,
      typeof value === "function" ? watchFunction(value, watch, program) : value,
    ]),
  );
  wrapped.set(exports, watched).set(watched, watched);
  return watched as Exports;
}

type Callable = (...values: unknown[]) => unknown;

function watchFunction(target: Callable | object, watch: Watch, options: HookOptions): Callable {
  const call = target as Callable;
  const watched: Callable = (...values) => {
    watch.entries++;
    try {
      return call(...values);
    } catch (error) {
      if (isObject(error) && wanted(error, options) && sight(error, watch)) deliver(error, options);
      throw error;
    }
  };
  return Object.defineProperties(watched, Object.getOwnPropertyDescriptors(call));
}

/** Whether an error is worth a dump. */
export const wanted = (error: unknown, { wants }: HookOptions): boolean =>
  guarded(() => (wants ? wants(error) : stackOf(error).frames.length > 0)) === true;

/** Takes an error's dump and gives it away, once for each error, whatever hooks it passes. */
export function deliver(error: unknown, options: HookOptions): void {
  const { onDump } = options;
  if (onDump === undefined) return;
  if (isObject(error)) {
    if (delivered.has(error)) return;
    delivered.add(error);
  }
  const dump = captureCoreDump(error, options);
  if (dump === undefined) return;
  guarded(() => Promise.resolve(onDump(dump, error)).catch(failed));
}

/**
 * Watches every entry from JavaScript into WebAssembly, so that an error is seen where it leaves, whoever
 * swallows it later. Asynchronous glue does: wasm-bindgen never rejects the promise of a future that panicked.
 */
import { captureCoreDump } from "./capture";
import { failed } from "./guard";
import type { HookOptions } from "./model";
import { partsOf } from "./parts";
import { keepWholeStacks, stackOf } from "./stack";
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
      try {
        deliver(error, options, watch);
      } catch {
        // The stack has no room for the call.
      }
      throw error;
    }
  };
  return Object.defineProperties(watched, Object.getOwnPropertyDescriptors(call));
}

/** Whether a dump is being delivered: what goes wrong meanwhile is not worth another, which would go wrong as well. */
let delivering = false;

/**
 * Takes the dump of an error that is worth one and gives it away, once for each error, whatever hooks it passes. Never throws.
 * @param watch of the instance that the error leaves
 */
export function deliver(error: unknown, options: HookOptions, watch?: Watch): void {
  const { onDump, wants } = options;
  if (delivering) return;
  try {
    delivering = true;
    if (!(wants ? wants(error) : isTrap(error))) return;
    const thrown: object = Object(error);
    if (watch) sight(thrown, watch, error);
    if (!onDump || delivered.has(thrown)) return;
    delivered.add(thrown);
    const dump = captureCoreDump(error, options);
    if (dump) Promise.resolve(onDump(dump, error)).catch(failed);
  } catch (failure) {
    failed(failure);
  } finally {
    delivering = false;
  }
}

/** Bun prints no WebAssembly frames: there only an error's class tells. */
const isTrap = (error: unknown): boolean =>
  error instanceof WebAssembly.RuntimeError || stackOf(error).frames.length > 0;

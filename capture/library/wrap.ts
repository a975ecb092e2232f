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

/** For a function the one that watches it: itself for one that watches, and for one that is none of WebAssembly's. */
const watches = new WeakMap<object, Callable>();
/** What a watching function watches. */
const originals = new WeakMap<object, Callable>();

/**
 * The exports with every function watched, those of exported tables too: the same names, results and errors. When an
 * error with WebAssembly frames leaves one for the first time, `onDump` gets its core dump, before any code of the
 * program runs. Give these exports to the glue in place of the instance's. Watching twice does nothing.
 */
export function wrapExports<Exports extends object>(exports: Exports, options: HookOptions = {}): Exports {
  const known = wrapped.get(exports);
  if (known !== undefined) return known as Exports;
  keepWholeStacks();
  const watch: Watch = { entries: 0 };
  const program = { instance: { exports }, ...options };
  const watchCall = (call: Callable) => watchFunction(call, watch, program);
  const { memories, tables } = partsOf(program);
  for (const [, memory] of memories) watchMemory(memory, watch);
  for (const [, table] of tables) watchTable(table, watchCall);
  const watched = Object.fromEntries(
    Object.entries(exports).map(([name, value]) => [
      name,
      typeof value === "function" ? watchCall(value as Callable) : value,
    ]),
  );
  wrapped.set(exports, watched).set(watched, watched);
  return watched as Exports;
}

type Callable = (...values: unknown[]) => unknown;

function watchFunction(call: Callable, watch: Watch, options: HookOptions): Callable {
  const known = watches.get(call);
  if (known) return known;
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
  watches.set(call, watched).set(watched, watched);
  originals.set(watched, call);
  return Object.defineProperties(watched, Object.getOwnPropertyDescriptors(call));
}

/** Has a table give watching functions, and take them for what they watch: it takes WebAssembly's own alone. */
function watchTable(table: WebAssembly.Table, watchCall: (call: Callable) => Callable): void {
  const get = table.get.bind(table);
  const set = table.set.bind(table);
  table.get = (index) => {
    const value = get(index);
    if (typeof value !== "function") return value;
    if (!watches.has(value) && !isWasm(value)) watches.set(value, value as Callable);
    return watchCall(value as Callable);
  };
  table.set = (index, ...values) =>
    set(index, ...values.map((value) => originals.get(value as object) ?? value));
}

/** Whether a function is WebAssembly's: only such go into a table of functions. A table of references has others. */
function isWasm(call: object): boolean {
  try {
    new WebAssembly.Table({ element: "anyfunc", initial: 1 }).set(0, call);
    return true;
  } catch {
    return false;
  }
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

// Imported before the glue: the instance that the glue makes from here on has watched exports, so that a trap is seen
// where it leaves WebAssembly. wasm-bindgen's promise of a future that panics is never settled: nobody else sees it.
// The same works with the glue of workers-rs, which makes its instance when it is imported.
import { wrapExports } from "wasm-postmortem/capture";

const listeners = new Set();

/**
 * Has `listener(dump, error)` called at each trap, before anything else runs: memory is as it was until then.
 * @returns a function that ends it
 */
export function whenCrashed(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module, imports) {
    super(module, imports);
    const onDump = (dump, error) => {
      for (const listener of listeners) listener(dump, error);
    };
    const exports = wrapExports(this.exports, { module, name: "prices", onDump });
    Object.defineProperty(this, "exports", { value: exports });
  }
};

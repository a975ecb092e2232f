// Imported before the glue of workers-rs, which makes its instance when it is imported, and another one after a panic:
// each has watched exports from here on, so that a trap is seen where it leaves WebAssembly. The promise of a handler that
// panics after it has waited is never settled: nobody else sees it.
import { wrapExports } from "wasm-postmortem/capture";

const listeners = new Set();

/**
 * Has `listener(error, program)` called at each trap, before anything else runs; `program` is what `captureCoreDump` and
 * `recordCoredump` take.
 * @returns a function that ends it
 */
export function whenCrashed(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module, imports) {
    super(module, imports);
    const program = { instance: { exports: this.exports }, name: "prices" };
    const onDump = (_, error) => {
      for (const listener of listeners) listener(error, { ...program, wasmModule: module });
    };
    const exports = wrapExports(this.exports, { ...program, module, onDump });
    Object.defineProperty(this, "exports", { value: exports });
  }
};

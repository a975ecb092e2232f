// Emscripten's Module with watched exports: what `instantiateWasm` hands to the glue.
import { wrapExports } from "wasm-postmortem/capture";

/**
 * @param createModule the default export of pkg/prices.mjs
 * @param module the compiled pkg/prices.wasm
 * @param onDump is given each dump
 * @returns Emscripten's Module
 */
export const createWatched = (createModule, module, onDump) =>
  createModule({
    locateFile: (name) => name, // nothing is fetched
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(module, imports);
      const exports = wrapExports(instance.exports, { module, name: "prices", onDump });
      receive({ exports });
      return exports;
    },
  });

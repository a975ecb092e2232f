import { keepWholeStacks, recordCoredump } from "wasm-postmortem/capture";
import { instrumentation } from "wasm-postmortem/instrumented";
import wasmModule from "../build/app.wasm";

keepWholeStacks();

export default {
  async fetch(request, { COREDUMP_SERVICE: coredumpService }) {
    const { searchParams } = new URL(request.url);
    const instance = new WebAssembly.Instance(wasmModule, instrumentation(wasmModule));
    try {
      const cents = instance.exports.price_of(searchParams.get("item"), searchParams.get("count"));
      return new Response(`${cents} cents\n`);
    } catch (error) {
      await recordCoredump({ error, instance, wasmModule, request, coredumpService });
      throw error;
    }
  },
};

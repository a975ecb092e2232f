import { keepWholeStacks, recordCoredump } from "wasm-postmortem/capture";
import { instrumentation } from "wasm-postmortem/instrumented";
import wasmModule from "../build/app.wasm";

keepWholeStacks();

export default {
  async fetch(request, { COREDUMP_SERVICE: coredumpService }) {
    const { searchParams } = new URL(request.url);
    const instance = new WebAssembly.Instance(wasmModule, instrumentation(wasmModule));
    try {
      const share = instance.exports.share_of(searchParams.get("total"), searchParams.get("guests"));
      return new Response(`Each pays ${share}\n`);
    } catch (error) {
      await recordCoredump({ error, instance, wasmModule, request, coredumpService });
      throw error;
    }
  },
};

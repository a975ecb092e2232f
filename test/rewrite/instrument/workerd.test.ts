/** The same in workerd, where a module is imported compiled. */
import assert from "node:assert/strict";
import { Miniflare } from "miniflare";
import { describe, it } from "mocha";
import { MemorySource } from "../../../engine/bytes/source";
import { readCoreDump } from "../../../engine/coredump/reader";
import { bundled } from "../../capture/hosts/hosts";
import { program } from "./sample";
import { instrumentBytes } from "./support";

const worker = `
  import { captureCoreDump } from "../../../capture/library/index";
  import { instrumentation } from "../../../capture/library/instrumented";
  import module from "./app.wasm";
  const instance = new WebAssembly.Instance(module, { host: { call: (n) => n }, ...instrumentation(module) });
  export default {
    async fetch(request) {
      const value = Number(new URL(request.url).searchParams.get("value"));
      try {
        return new Response(String(instance.exports.outer(value)));
      } catch (error) {
        return new Response(captureCoreDump(error, { instance, module }).bytes(), { status: 500 });
      }
    },
  };`;

describe("an instrumented program in workerd", () => {
  for (const hasExceptions of [true, false])
    it(`gives its results, and its locals when it traps ${hasExceptions ? "" : "without exceptions"}`, async () => {
      const { module } = instrumentBytes(program, { hasExceptions });
      const host = new Miniflare({
        ...{ telemetry: { enabled: false }, cf: false, compatibilityDate: "2026-07-01" },
        modules: [
          {
            type: "ESModule",
            path: "worker.mjs",
            contents: await bundled(worker, "esm", ["*.wasm"]),
          },
          { type: "CompiledWasm", path: "app.wasm", contents: module as Uint8Array<ArrayBuffer> },
        ],
      });
      try {
        const good = await host.dispatchFetch("http://worker/?value=3");
        assert.equal(await good.text(), String(3 + 100 + 300 + 30));
        const bad = await host.dispatchFetch("http://worker/?value=0");
        const dump = readCoreDump(new MemorySource("dump", new Uint8Array(await bad.arrayBuffer())));
        assert.equal(dump.notes.error, "RuntimeError: divide by zero");
        const i32 = (value: number) => ({ type: "i32", value });
        assert.deepEqual(
          dump.threads[0]!.frames.map(({ functionIndex, locals }) => [functionIndex, locals]),
          [
            [1, [i32(0), i32(0)]],
            [2, [{ type: "missing" }, i32(0)]],
          ],
        );
      } finally {
        await host.dispose();
      }
    });
});

/** What stands between a program and its crash: watched exports, and the call that reports to a service. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { describe, it } from "mocha";
import {
  captureCoreDump,
  type RecordOptions,
  recordCoredump,
  wrapExports,
} from "../../../capture/library/index";
import { MemorySource } from "../../../engine/bytes/source";
import { readCoreDump } from "../../../engine/coredump/reader";
import { sampleBuildId } from "../../wasm/support/module-builder";
import { sample, thrown } from "./sample";

/** What is said of failures is not the tests'. */
async function withoutLog<T>(run: () => T | Promise<T>): Promise<T> {
  const log = console.error;
  console.error = () => {};
  try {
    return await run();
  } finally {
    console.error = log;
  }
}

describe("watched exports", () => {
  it("give the dump of an error that the glue swallows, once, and throw it on", () => {
    const running = sample();
    const dumps: number[] = [];
    const exports = wrapExports(running.exports, { ...running, onDump: (dump) => dumps.push(dump.frames) });
    const error = thrown(exports.trap);
    assert.ok(error instanceof WebAssembly.RuntimeError);
    assert.deepEqual(dumps, [1]);
    assert.equal(wrapExports(exports), exports);
  });

  it("give one dump where an error passes several of them", () => {
    const dumps: number[] = [];
    const inner = sample();
    const onDump = (dump: { frames: number }) => dumps.push(dump.frames);
    const trap = wrapExports(inner.exports, { ...inner, onDump }).trap;
    const outer = sample(trap);
    thrown(wrapExports(outer.exports, { ...outer, onDump }).call_host);
    assert.deepEqual(dumps, [2]);
  });

  it("never let their own failure in the way of the error", () => {
    const running = sample();
    const log = console.error;
    console.error = () => {};
    try {
      const onDump = () => {
        throw new Error("no space left");
      };
      assert.match(
        String(thrown(wrapExports(running.exports, { onDump }).trap)),
        /RuntimeError: unreachable/,
      );
    } finally {
      console.error = log;
    }
  });

  it("tell that the program ran on before the dump was taken", () => {
    const running = sample();
    const exports = wrapExports(running.exports);
    const error = thrown(exports.trap);
    exports.write();
    const dump = readCoreDump(new MemorySource("dump", captureCoreDump(error, running)!.bytes()));
    assert.ok(dump.problems.some((problem) => problem.startsWith("The program ran on")));
    assert.deepEqual(dump.globals, [], "a stack pointer of later would show wrong variables");
  });
});

describe("recordCoredump", () => {
  it("posts the dump, with the build id and the request in headers, and knows the error that was swallowed", async () => {
    const running = sample();
    thrown(wrapExports(running.exports).trap);
    const got: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      got.push({ headers: request.headers, body: Buffer.concat(parts) });
      response.end('{"key":"coredump.1"}');
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const record = (options: Partial<RecordOptions>) =>
      recordCoredump({
        memory: running.memory,
        wasmModule: running.module,
        coredumpService: { fetch: (_, init) => fetch(`http://127.0.0.1:${port}`, init) },
        ...options,
      });
    const headers = [["accept", "*/*"]] as const;
    const request = { method: "GET", url: "https://example.com/ü", headers };
    assert.equal(await record({ request }), '{"key":"coredump.1"}');
    await record({ gzip: true });
    const long = { ...request, headers: [["cookie", "x".repeat(20_000)]] as const };
    await record({ request: long });
    const fromNode = { ...request, headers: { accept: "*/*" } as never };
    await withoutLog(() => record({ request: fromNode }));
    server.close();
    const requests = got.map(({ headers }) => headers["x-wasm-request"] as string | undefined);
    assert.deepEqual(
      requests.map((text) => text && JSON.parse(decodeURIComponent(text))),
      [{ ...request, headers: { accept: "*/*" } }, undefined, { ...request, headers: {} }, undefined],
    );
    for (const { headers, body } of got) {
      assert.equal(headers["content-type"], "application/wasm");
      assert.equal(headers["x-wasm-build-id"], sampleBuildId);
      const bytes = body[0] === 0x1f ? gunzipSync(body) : body;
      const dump = readCoreDump(new MemorySource("dump", bytes));
      assert.deepEqual(
        dump.threads[0]!.frames.map(({ functionIndex }) => functionIndex as number),
        [3],
      );
    }
    assert.deepEqual(
      got.map(({ body }) => body[0]),
      [0, 0x1f, 0, 0],
      "packed when asked",
    );
  });

  it("gives null, and no error, when there is no dump and when the service fails or hangs", async () => {
    const { memory, module: wasmModule } = sample();
    const log = console.error;
    console.error = () => {};
    try {
      const fail = { fetch: () => Promise.reject(new Error("down")) };
      const hang = { fetch: () => new Promise<never>(() => {}) };
      assert.equal(await recordCoredump({ memory, wasmModule, coredumpService: fail }), null);
      const error = new Error("x");
      assert.equal(await recordCoredump({ memory, wasmModule, error, coredumpService: fail }), null);
      assert.equal(await recordCoredump({ memory, error, coredumpService: hang, timeout: 20 }), null);
    } finally {
      console.error = log;
    }
  });
});

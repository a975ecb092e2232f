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
import { ByteWriter } from "../../../engine/bytes/writer";
import { readCoreDump } from "../../../engine/coredump/reader";
import { body, moduleOf, sampleBuildId, vectorSection } from "../../wasm/support/module-builder";
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

describe("a watched table", () => {
  const nameOf = (text: string) => new ByteWriter().name(text);
  /** A function that traps, in an exported table of functions; and an exported table of references. */
  const bytes = moduleOf(
    vectorSection(1, [0x60, 0, 0]),
    vectorSection(3, [0]),
    vectorSection(4, [0x70, 0, 2], [0x6f, 0, 2]),
    vectorSection(
      7,
      nameOf("trap").u8(0).uleb(0),
      nameOf("functions").u8(1).uleb(0),
      nameOf("references").u8(1).uleb(1),
    ),
    vectorSection(9, [0, 0x41, 0, 0x0b, 1, 0]),
    vectorSection(10, body(0, 0x00, 0x0b)),
  );
  const watched = () => {
    const dumps: number[] = [];
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const { trap, functions, references } = wrapExports(exports, {
      onDump: (dump) => dumps.push(dump.frames),
    }) as { trap: () => void; functions: WebAssembly.Table; references: WebAssembly.Table };
    return { trap, functions, references, dumps };
  };

  it("gives functions whose traps are seen, the same each time, as the exports are", () => {
    const { trap, functions, dumps } = watched();
    const callback = functions.get(0) as () => void;
    assert.match(String(thrown(callback)), /unreachable/);
    assert.deepEqual(dumps, [1]);
    assert.equal(callback, trap);
    assert.equal(functions.get(1), null);
  });

  it("takes a watched function as the one that it watches", () => {
    const { trap, functions } = watched();
    functions.set(1, trap);
    assert.equal(functions.get(1), trap);
    functions.set(1, null);
    functions.set(0);
    assert.deepEqual([functions.get(0), functions.get(1)], [null, null]);
    assert.throws(() => functions.set(0, () => 0), TypeError);
    assert.throws(() => functions.get(9), RangeError);
  });

  it("leaves JavaScript's own functions alone, and all else", () => {
    const { references, dumps } = watched();
    const own = () => {
      throw new Error("mine");
    };
    for (const value of [own, 5, "text", undefined, { own }]) {
      references.set(0, value);
      assert.equal(references.get(0), value);
    }
    assert.equal(thrown(own) instanceof Error, true);
    assert.deepEqual(dumps, []);
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

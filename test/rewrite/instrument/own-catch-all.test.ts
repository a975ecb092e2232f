/**
 * Modules that catch whatever is thrown: no trap is among it, wherever it comes by, and it is recorded all the same. In
 * both encodings of exceptions, of which this Node knows the first one, and workerd both.
 */
import assert from "node:assert/strict";
import { Miniflare } from "miniflare";
import { describe, it } from "mocha";
import { captureCoreDump, keepWholeStacks } from "../../../capture/library/index";
import { MemorySource } from "../../../engine/bytes/source";
import { ByteWriter } from "../../../engine/bytes/writer";
import { readCoreDump } from "../../../engine/coredump/reader";
import type { InstrumentOptions } from "../../../engine/rewrite/instrument/model";
import { bundled } from "../../capture/hosts/hosts";
import { body, moduleOf, vectorSection } from "../../wasm/support/module-builder";
import { outcomesOf } from "./own-catch-all-host";
import { instrumentBytes, start } from "./support";

keepWholeStacks();

const i32 = 0x7f;
const end = 0x0b;
const ways: readonly Partial<InstrumentOptions>[] = [
  { tier: 0 },
  { tier: 1 },
  { tier: 2 },
  { tier: 1, hasExceptions: false },
  { tier: 1, functions: new Set([1]) },
];

/** Calls a function with the parameter, and gives `otherwise` where anything is caught. */
const caught = {
  legacy: (index: number, otherwise: number) => [
    ...[0x06, i32, 0x20, 0, 0x10, index, 0x19, 0x41, otherwise, end],
  ],
  exnref: (index: number, otherwise: number) => [
    ...[0x02, 0x40, 0x1f, i32, 1, 2, 0, 0x20, 0, 0x10, index, end, 0x0f, end, 0x41, otherwise],
  ],
};
type Encoding = keyof typeof caught;

/**
 * `inner(n)` has 10 + n in a local and adds 100 / n; `guarded(n)` calls it and is -1 where that throws; `hosted(n)` calls
 * the host in the same way, and is -2; `table` has `guarded`, which a program may call by it.
 */
const programOf = (encoding: Encoding): Uint8Array =>
  moduleOf(
    vectorSection(1, [0x60, 1, i32, 1, i32]),
    vectorSection(2, new ByteWriter().name("host").name("call").u8(0).uleb(0)),
    vectorSection(3, [0], [0], [0]),
    vectorSection(4, [0x70, 1, 2, 2]),
    vectorSection(
      7,
      ...["inner", "guarded", "hosted"].map((name, at) =>
        new ByteWriter()
          .name(name)
          .u8(0)
          .uleb(1 + at),
      ),
      new ByteWriter().name("table").u8(1).uleb(0),
    ),
    vectorSection(9, [0, 0x41, 0, end, 2, 2, 1]),
    vectorSection(
      10,
      body(1, 1, i32, 0x20, 0, 0x41, 10, 0x6a, 0x21, 1, 0x41, 0xe4, 0, 0x20, 0, 0x6d, 0x20, 1, 0x6a, end),
      body(0, ...caught[encoding](1, 0x7f), end),
      body(0, ...caught[encoding](0, 0x7e), end),
    ),
  );

/** By hand: what JavaScript throws is caught, and a trap never is, as long as it is the same error. */
const expected = [
  "guarded 5: 35",
  "guarded 0: RuntimeError: divide by zero",
  "by table: RuntimeError: divide by zero",
  "inner by table: RuntimeError: divide by zero",
  "the host returns: 7",
  "the host throws: -2",
  "the host throws the trap again: RuntimeError: divide by zero",
  "the host throws another error for the trap: -2",
  "the host swallows the trap: 44",
  "the host calls and throws the trap again: RuntimeError: divide by zero",
  "the host calls and throws another error: -2",
  "the host keeps the trap: 1",
  "and throws it later: RuntimeError: divide by zero",
];

const variantsOf = (encoding: Encoding) => {
  const original = programOf(encoding);
  return [original, ...ways.map((way) => instrumentBytes(original, way).module)];
};

/** The frames' locals of a trap in `inner`, called by `guarded`. */
function localsOf(dump: Uint8Array): unknown {
  return readCoreDump(new MemorySource("dump", dump)).threads[0]!.frames.map(
    ({ functionIndex, offset, locals }) => [functionIndex, offset, locals],
  );
}
const recorded = [[1, 15, [{ type: "missing" }, { type: "i32", value: 10 }]]];

describe("a module that catches whatever is thrown", () => {
  it("catches the same as ever instrumented, in Node", () => {
    for (const [at, bytes] of variantsOf("legacy").entries())
      assert.deepEqual(
        outcomesOf((imports) => start(bytes, imports).instance.exports),
        expected,
        JSON.stringify(ways[at - 1]),
      );
  });

  it("tells the locals of its traps, in Node", () => {
    const running = start(instrumentBytes(programOf("legacy")).module, { host: { call: () => 0 } });
    for (const name of ["inner", "guarded"]) {
      let dump: Uint8Array | undefined;
      try {
        running.call(name, 0);
      } catch (error) {
        dump = captureCoreDump(error, running)?.bytes();
      }
      assert.deepEqual((localsOf(dump!) as unknown[]).slice(0, 1), recorded);
    }
  });

  it("does so in workerd, in both encodings, and tells the locals", async () => {
    const variants = [...variantsOf("legacy"), ...variantsOf("exnref")];
    const { outcomes, dumps } = await inWorkerd(variants);
    outcomes.forEach((told, at) => {
      assert.deepEqual(told, expected, `${at}: ${JSON.stringify(ways[(at % (ways.length + 1)) - 1])}`);
    });
    for (const at of [2, 3, 4, 5])
      for (const encoding of [0, ways.length + 1])
        assert.deepEqual(
          (localsOf(Buffer.from(dumps[at + encoding]!, "base64")) as unknown[]).slice(0, 1),
          recorded,
          `${at}`,
        );
  }).timeout(60_000);
});

async function inWorkerd(modules: readonly Uint8Array[]): Promise<{ outcomes: string[][]; dumps: string[] }> {
  const contents = await bundled(
    `import { Buffer } from "node:buffer";
    import { captureCoreDump, keepWholeStacks } from "../../../capture/library/index";
    import { instrumentation } from "../../../capture/library/instrumented";
    import { outcomesOf } from "../../rewrite/instrument/own-catch-all-host";
    ${modules.map((_, at) => `import m${at} from "./m${at}.wasm";`).join("\n")}
    const modules = [${modules.map((_, at) => `m${at}`).join(", ")}];
    const instanceOf = (module, imports) =>
      new WebAssembly.Instance(module, { ...imports, ...instrumentation(module) });
    const dumpOf = (module) => {
      const instance = instanceOf(module, { host: { call: () => 0 } });
      try {
        instance.exports.guarded(0);
      } catch (error) {
        return Buffer.from(captureCoreDump(error, { instance, module }).bytes()).toString("base64");
      }
    };
    export default {
      fetch() {
        keepWholeStacks();
        const outcomes = modules.map((module) => outcomesOf((imports) => instanceOf(module, imports).exports));
        return Response.json({ outcomes, dumps: modules.map(dumpOf) });
      },
    };`,
    "esm",
    ["*.wasm", "node:buffer"],
  );
  const host = new Miniflare({
    ...{ telemetry: { enabled: false }, cf: false },
    ...{ compatibilityDate: "2026-07-01", compatibilityFlags: ["nodejs_compat"] },
    modules: [
      { type: "ESModule", path: "worker.mjs", contents },
      ...modules.map((bytes, at) => ({
        ...({ type: "CompiledWasm", path: `m${at}.wasm` } as const),
        contents: bytes as Uint8Array<ArrayBuffer>,
      })),
    ],
  });
  try {
    const answer = await host.dispatchFetch("http://worker/");
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as { outcomes: string[][]; dumps: string[] };
  } finally {
    await host.dispose();
  }
}

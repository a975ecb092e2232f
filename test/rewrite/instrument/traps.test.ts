/**
 * Every way in which the specification lets code trap, in every tier: each dump has the right top frame. In this Node,
 * and in workerd, whose engine knows objects and memory of 64 bits as well.
 */
import assert from "node:assert/strict";
import { Miniflare } from "miniflare";
import { describe, it } from "mocha";
import { captureCoreDump, keepWholeStacks } from "../../../capture/library/index";
import { MemorySource } from "../../../engine/bytes/source";
import { openCrash } from "../../../engine/postmortem/crash";
import type { InstrumentOptions, Tier } from "../../../engine/rewrite/instrument/model";
import { trapMessages } from "../../../engine/rewrite/instrument/traps";
import { bundled } from "../../capture/hosts/hosts";
import { isValid } from "../../wasm/support/module-builder";
import { instrumentBytes, start, thrownBy } from "./support";
import { placesOf, programOf, type Trap, traps } from "./trap-list";

keepWholeStacks();

const ways: readonly Partial<InstrumentOptions>[] = ([0, 1, 2] satisfies Tier[]).flatMap((tier) =>
  [true, false].map((hasExceptions) => ({ tier, hasExceptions })),
);

/** The dump's frames, opened with the module that it is of. */
function placesIn(dump: Uint8Array, module: Uint8Array): number[][] {
  const main = { module: { path: "app.wasm", source: new MemorySource("app.wasm", module) } };
  const crash = openCrash({ dump: new MemorySource("dump", dump), main });
  return crash.dump.threads[0]!.frames.map(({ functionIndex, offset }) => [functionIndex, offset]);
}

describe("the dump of a trap", () => {
  const known = traps.filter((trap) => isValid(programOf(trap)));
  for (const trap of known)
    it(`stands at ${trap.what}, in every tier, with the engine's own words`, () => {
      const original = programOf(trap);
      const error = thrownBy(() => start(original).call("run"));
      assert.ok(error instanceof WebAssembly.RuntimeError);
      for (const way of ways) {
        const { module, debug } = instrumentBytes(original, way);
        const running = start(module);
        const thrown = thrownBy(() => running.call("run"));
        assert.equal(String(thrown), String(error), JSON.stringify(way));
        const dump = captureCoreDump(thrown, running)!.bytes();
        assert.deepEqual(placesIn(dump, debug ?? module), placesOf(trap), JSON.stringify(way));
      }
    });

  it("stands at each of them in workerd too, and of objects and of memory64", async () => {
    const taken = await inWorkerd(traps.map(programOf));
    const wrong: string[] = [];
    traps.forEach((trap, at) => {
      const { error, outcomes } = taken[at]!;
      assert.match(error, /^RuntimeError: /, trap.what);
      outcomes.forEach(({ module, thrown, dump }, way) => {
        const places = dump && placesIn(dump, module);
        // Since V8 15 a call of null has words of its own.
        const words = error === "RuntimeError: null function" ? trapMessages.nullFunction : error.slice(14);
        if (
          (thrown !== `RuntimeError: ${words}` && thrown !== error) ||
          JSON.stringify(places) !== JSON.stringify(placesOf(trap))
        )
          wrong.push(`${trap.what}, ${JSON.stringify(ways[way])}: ${thrown} at ${JSON.stringify(places)}`);
      });
    });
    assert.deepEqual(wrong, []);
    const needed = (needs: Trap["needs"]) => traps.filter((trap) => trap.needs === needs).length;
    assert.ok(needed("objects") >= 15 && needed("memory64") >= 3 && taken.length === traps.length);
  }).timeout(60_000);
});

interface Outcome {
  readonly thrown: string;
  /** Base64. */
  readonly dump: string | undefined;
}

const worker = `
  import { captureCoreDump, keepWholeStacks } from "../../../capture/library/index";
  import { instrumentation } from "../../../capture/library/instrumented";
  import { modules } from "./modules.mjs";
  const run = (module) => {
    const instance = new WebAssembly.Instance(module, instrumentation(module));
    try {
      instance.exports.run();
    } catch (error) {
      const dump = captureCoreDump(error, { instance, module });
      return { thrown: String(error), dump: dump && Buffer.from(dump.bytes()).toString("base64") };
    }
    return { thrown: "nothing" };
  };
  export default {
    fetch() {
      keepWholeStacks();
      return Response.json(modules.map(run));
    },
  };`;

/** What programs come to as they are, and in each way instrumented: one worker has them all. */
async function inWorkerd(programs: readonly Uint8Array<ArrayBuffer>[]) {
  const made = programs.map((program) => ways.map((way) => instrumentBytes(program, way)));
  const files = programs.flatMap((program, at) => [program, ...made[at]!.map(({ module }) => module)]);
  const names = files.map((_, at) => `m${at}`);
  const host = new Miniflare({
    ...{ telemetry: { enabled: false }, cf: false },
    ...{ compatibilityDate: "2026-07-01", compatibilityFlags: ["nodejs_compat"] },
    modules: [
      {
        type: "ESModule",
        path: "worker.mjs",
        contents: `import { Buffer } from "node:buffer"; ${await bundled(worker, "esm", ["*.mjs"])}`,
      },
      {
        type: "ESModule",
        path: "modules.mjs",
        contents: `${names.map((name) => `import ${name} from "./${name}.wasm";`).join("\n")}
          export const modules = [${names.join(", ")}];`,
      },
      ...files.map((contents, at) => ({
        ...({ type: "CompiledWasm", path: `m${at}.wasm` } as const),
        contents: contents as Uint8Array<ArrayBuffer>,
      })),
    ],
  });
  try {
    const answer = await host.dispatchFetch("http://worker/");
    if (!answer.ok) throw new Error(await answer.text());
    const outcomes = (await answer.json()) as Outcome[];
    return programs.map((_, at) => {
      const [plain, ...changed] = outcomes.slice(at * (ways.length + 1), (at + 1) * (ways.length + 1));
      return {
        error: plain!.thrown,
        outcomes: changed.map(({ thrown, dump }, way) => {
          const { module, debug } = made[at]![way]!;
          return { thrown, module: debug ?? module, dump: dump && Buffer.from(dump, "base64") };
        }),
      };
    });
  } finally {
    await host.dispose();
  }
}

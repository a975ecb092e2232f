/**
 * `npm run bench:service [-- ROUNDS]`: what a crash costs the service, and what being guarded costs a program that does
 * not crash. Figures are in bench/README.md.
 *
 * - Symbolising: the service's own code over debug files of 5 MB to 750 MB, which a bucket of files gives out in ranges;
 *   processor time, what is fetched, what is held.
 * - The whole crash in workerd: processor time of its process from the request to the log.
 * - Requests that do not crash, of a Worker with recordCoredump around its Wasm and of one without, in turns.
 */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { MemorySource } from "../engine/bytes/source";
import { WasmModule } from "../engine/wasm/module";
import { debugFileKey } from "../r2/layout";
import { bundleWorker, startWorkers } from "../scripts/workerd.mjs";
import type { ArrivedCrash } from "../service/crash";
import type { R2Bucket, R2GetOptions } from "../service/platform";
import { pages } from "../service/r2-source";
import { explain } from "../service/symbolise";
import { fixture, loadDump, loadModule } from "../test/fixtures/index";
import { traps, World } from "../test/service/support/world";

const project = join(__dirname, "..");
const cache = join(project, ".cache/bench");
const MEGABYTE = 1e6;

interface Program {
  readonly name: string;
  readonly dump: Uint8Array;
  readonly buildId: string;
  readonly size: number;
  /** Bytes of the debug file. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

function programInMemory(name: string): Program {
  const of = fixture(name);
  const bytes = Uint8Array.from(loadModule(of));
  const { buildId } = WasmModule.open(new MemorySource(name, bytes));
  const read = (offset: number, length: number) => bytes.slice(offset, offset + length);
  // Its linker writes none: the file is found by its name then.
  return { name, dump: loadDump(of), buildId: buildId ?? "63".repeat(16), size: bytes.length, read };
}

/** A program that bench/programs/*.sh have built; undefined where they have not. */
function programOnDisk(name: string): Program | undefined {
  const path = join(cache, `${name}.wasm`);
  if (!existsSync(path)) return undefined;
  const file = openSync(path, "r");
  process.on("exit", () => closeSync(file));
  const { size } = fstatSync(file);
  const read = (offset: number, length: number) => {
    const bytes = new Uint8Array(length);
    readSync(file, bytes, 0, length, offset);
    return bytes;
  };
  const { buildId } = WasmModule.open({ name, size, read });
  return { name, dump: readFileSync(join(cache, `${name}.coredump`)), buildId: buildId!, size, read };
}

interface Symbolised {
  readonly cpu: number;
  readonly requests: number;
  readonly fetched: number;
  readonly heap: number;
}

/** Symbolises once, with nothing of the file held before. @param round tells versions of the file apart */
async function symbolise(program: Program, round: number): Promise<Symbolised> {
  let requests = 0;
  let fetched = 0;
  let heap = 0;
  const object = { key: debugFileKey(program.buildId), size: program.size, etag: `${program.name} ${round}` };
  const bucket = {
    head: async () => object,
    async get(_: string, { range }: R2GetOptions) {
      requests++;
      fetched += range!.length;
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      heap = Math.max(heap, heapUsed + arrayBuffers);
      return {
        ...object,
        body: null,
        arrayBuffer: async () => program.read(range!.offset, range!.length).buffer,
      };
    },
  } as unknown as R2Bucket;
  const arrived = {
    dump: { size: program.dump.length, open: async () => new MemorySource("dump", program.dump) },
    identity: { time: new Date(), ray: "" },
    buildId: program.buildId,
    module: undefined,
    again: false,
    problems: [],
  } as unknown as ArrivedCrash;
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const before = process.cpuUsage();
  const { facts, problems } = await explain(arrived, bucket);
  const { user, system } = process.cpuUsage(before);
  if (facts.crashFrame === null || facts.frames[facts.crashFrame]?.line === 0)
    throw new Error(problems.join());
  return { cpu: (user + system) / 1000, requests, fetched, heap: heap - heapUsed - arrayBuffers };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const spread = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;
const megabytes = (bytes: number): string => (bytes / MEGABYTE).toPrecision(3);

async function benchSymbolising(programs: readonly Program[], rounds: number): Promise<void> {
  console.log(
    "\n| debug file | MB | first, CPU ms | then, CPU ms | requests | fetched, MB | pages held, MB | memory, MB |",
  );
  console.log("|---|---|---|---|---|---|---|---|");
  for (const program of programs) {
    const results: Symbolised[] = [];
    for (let round = 0; round <= rounds; round++) results.push(await symbolise(program, round));
    const [first, ...later] = results;
    console.log(
      `| \`${program.name}\` | ${megabytes(program.size)} | ${first!.cpu.toFixed(0)} | ${spread(later.map(({ cpu }) => cpu))}` +
        ` | ${first!.requests} | ${megabytes(first!.fetched)} | ${megabytes(Math.min(pages.mostHeld, first!.fetched))}` +
        ` | ${megabytes(Math.max(...results.map(({ heap }) => heap)))} |`,
    );
  }
}

/** Processor time of workerd's process so far, ms; Linux alone tells. */
function cpuOfWorkerd(): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [, name, rest = ""] =
        /^\d+ \((.*)\) (.*)$/.exec(readFileSync(`/proc/${pid}/stat`, "utf8").trim()) ?? [];
      const fields = rest.split(" ");
      if (name === "workerd" && Number(fields[1]) === process.pid)
        ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return ticks * 10;
}

async function benchCrashes(programs: readonly Program[], rounds: number): Promise<void> {
  console.log("\n| whole crash in workerd | first, CPU ms | the same build again, CPU ms |\n|---|---|---|");
  for (const program of programs) {
    const world = await World.start();
    try {
      const store = await world.bucket;
      await store.put(debugFileKey(program.buildId), program.read(0, program.size));
      const times: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const before = cpuOfWorkerd();
        const { status, error } = await world.send(program.dump, { "x-wasm-build-id": program.buildId });
        if (status !== 200) throw new Error(error);
        await world.logged(round + 1);
        times.push(cpuOfWorkerd() - before);
      }
      console.log(`| \`${program.name}\` | ${times[0]} | ${spread(times.slice(1))} |`);
    } finally {
      await world.stop();
    }
  }
}

/** A Worker that calls its Wasm, guarded as the documentation has it, or not at all. */
const worker = (isGuarded: boolean): string => `
  ${isGuarded ? `import { keepWholeStacks, recordCoredump } from "wasm-postmortem/capture"; keepWholeStacks();` : ""}
  import wasmModule from "./app.wasm";
  const imports = { wasi_snapshot_preview1: new Proxy({}, { get: () => () => 8, has: () => true }) };
  const instance = new WebAssembly.Instance(wasmModule, imports);
  export default {
    async fetch(request, { COREDUMP_SERVICE: coredumpService }) {
      ${isGuarded ? "try {" : ""}
      return new Response(String(instance.exports.divide_by_zero(1234, 7)));
      ${isGuarded ? "} catch (error) { await recordCoredump({ error, instance, wasmModule, request, coredumpService }); throw error; }" : ""}
    },
  };`;

async function benchGuard(requests: number): Promise<void> {
  const names = ["plain", "guarded"] as const;
  const workers = await Promise.all(
    names.map(async (name) => ({
      name,
      compatibilityDate: "2026-03-01",
      routes: [`${name}.example/*`],
      modules: [
        {
          type: "ESModule" as const,
          path: "app.js",
          contents: await bundleWorker({ source: worker(name === "guarded") }),
        },
        { type: "CompiledWasm" as const, path: "app.wasm", contents: traps.module },
      ],
    })),
  );
  const miniflare = startWorkers(workers);
  try {
    await miniflare.ready;
    const times = { plain: [] as number[], guarded: [] as number[] };
    for (let round = -100; round < requests; round++)
      for (const name of names) {
        const start = performance.now();
        const response = await miniflare.dispatchFetch(`http://${name}.example/`);
        if ((await response.text()) !== "176") throw new Error(`${name} answers wrongly`);
        if (round >= 0) times[name].push(performance.now() - start);
      }
    console.log(
      "\n| a request that does not crash | ms, median | least | 90 of 100 are below |\n|---|---|---|---|",
    );
    for (const name of names) {
      const sorted = times[name].toSorted((a, b) => a - b);
      const at = (part: number) => sorted[Math.floor(part * sorted.length)]!.toFixed(3);
      console.log(`| ${name} | ${at(0.5)} | ${at(0)} | ${at(0.9)} |`);
    }
  } finally {
    await miniflare.dispose();
  }
}

async function benchSizes(): Promise<void> {
  const bundles = {
    "the service": `export { default } from "./service/index";`,
    "in the program": `export { keepWholeStacks, recordCoredump } from "wasm-postmortem/capture";`,
  };
  console.log("\n| bundle | minified, kB | gzip, kB |\n|---|---|---|");
  for (const [name, entry] of Object.entries(bundles)) {
    const text = await bundleWorker({ source: entry }, { minify: true });
    console.log(
      `| ${name} | ${(text.length / 1000).toFixed(1)} | ${(gzipSync(text).length / 1000).toFixed(1)} |`,
    );
  }
}

async function run(rounds: number): Promise<void> {
  const large = ["large-12", "large-57"].flatMap((name) => programOnDisk(name) ?? []);
  if (large.length === 0) console.error("bench/programs/large.sh makes the large modules; they are left out");
  const programs = [programInMemory("rust-containers-1.63"), ...large];
  await benchSizes();
  await benchSymbolising(programs, rounds);
  await benchCrashes(
    programs.filter(({ size }) => size < 200 * MEGABYTE),
    rounds,
  );
  await benchGuard(rounds * 100);
}

void run(Number(process.argv[2] ?? 9));

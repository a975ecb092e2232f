/**
 * `npm run bench [-- ROUNDS]`: what it costs, from the start of the process, to know a crash, beside
 * llvm-symbolizer-22 given the addresses of the same stack, in the same run.
 *
 * Measures each module that bench/programs/*.sh has left in .cache/bench, prints a table and writes
 * .cache/bench/results.json.
 */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { PagedSource } from "../engine/bytes/source";
import { type Triage, triage } from "../engine/postmortem/triage";
import { NodeHost } from "../host/node";
import { openCrash } from "../host/open-crash";
import { askForVariables } from "./dap-client";
import { type Cost, measure, median } from "./measure";

const project = join(__dirname, "..");
const folder = join(project, ".cache/bench");
/** Runs before those that count: they bring the files into the system's cache. */
const WARM_UP = 2;

interface Crashed {
  readonly name: string;
  readonly module: string;
  readonly dump: string;
  /** The stack's places as llvm-symbolizer takes them: offsets in the code section, as DWARF has them. */
  readonly addresses: readonly string[];
  readonly lines: readonly string[];
  /** What a triage reads and parses. */
  readonly counters: Readonly<Record<string, number>>;
}

type Contender = "triage" | "adapter" | "llvm-symbolizer" | "node";

async function study(name: string): Promise<Crashed> {
  const module = join(folder, `${name}.wasm`);
  const dump = join(folder, `${name}.coredump`);
  const host = new NodeHost();
  const open = host.openNow.bind(host);
  const sources: PagedSource[] = [];
  host.openNow = (path) => {
    const source = open(path);
    if (source instanceof PagedSource) sources.push(source);
    return source;
  };
  const crash = await openCrash({ program: module, coreFile: dump }, host);
  const facts: Triage = triage(crash);
  const { wasm, debug } = crash.modules[0]!;
  const counters = {
    fileBytes: sources.reduce((sum, source) => sum + source.size, 0),
    bytesRead: sources.reduce((sum, source) => sum + source.counters.bytesRead, 0),
    reads: sources.reduce((sum, source) => sum + source.counters.reads, 0),
    bodiesLocated: wasm.bodiesLocated,
    ...debug?.counters,
  };
  host.close();
  const start = wasm.codeSection!.start;
  const physical = facts.frames.filter(({ inlined, fileOffset }) => !inlined && fileOffset !== null);
  return {
    name,
    module,
    dump,
    addresses: physical.map(({ fileOffset }) => `0x${(fileOffset! - start).toString(16)}`),
    lines: physical.map(({ path, line, column }) => (path === null ? "??:0:0" : `${path}:${line}:${column}`)),
    counters,
  };
}

function commands({ module, dump, addresses }: Crashed): Record<Contender, () => Promise<Cost>> {
  const dist = (file: string): string => join(project, "dist", file);
  return {
    triage: async () => {
      const run = await measure(["node", dist("cli.js"), "triage", module, dump, "--json"]);
      if ((JSON.parse(run.output) as Triage).variables.length === 0) throw new Error("No variables");
      return run.cost;
    },
    adapter: async () => {
      const run = await measure(["node", dist("adapter.js")], async (adapter) => {
        if ((await askForVariables(adapter, module, dump)).length === 0) throw new Error("No variables");
      });
      return run.cost;
    },
    "llvm-symbolizer": async () =>
      (await measure(["llvm-symbolizer-22", `--obj=${module}`, ...addresses])).cost,
    node: async () => (await measure(["node", "-e", "0"])).cost,
  };
}

/** How many of the stack's places the peer puts where we do. */
async function agreement({ module, addresses, lines }: Crashed): Promise<string> {
  const { output } = await measure([
    "llvm-symbolizer-22",
    "--no-inlines",
    "--functions=none",
    `--obj=${module}`,
    ...addresses,
  ]);
  const theirs = output.split("\n").filter((line) => line !== "");
  return `${lines.filter((line, index) => line === theirs[index]).length} of ${lines.length}`;
}

async function main(): Promise<void> {
  const rounds = Math.max(1, Number(process.argv[2] ?? 7));
  if (!existsSync(folder) || !existsSync(join(project, "dist/cli.js"))) {
    throw new Error("Run `npm run build`, bench/programs/sqlite.sh and bench/programs/large.sh first.");
  }
  const names = readdirSync(folder).flatMap((file) => /^(.*)\.coredump$/.exec(file)?.[1] ?? []);
  const results: Record<string, unknown> = {};
  for (const name of names) {
    const crashed = await study(name);
    const contenders = Object.entries(commands(crashed)) as [Contender, () => Promise<Cost>][];
    const costs = new Map<Contender, Cost[]>(contenders.map(([contender]) => [contender, []]));
    // They take turns, so that what else the machine does meets all of them alike.
    for (let round = -WARM_UP; round < rounds; round++) {
      for (const [contender, run] of contenders) {
        const cost = await run();
        if (round >= 0) costs.get(contender)!.push(cost);
      }
    }
    const agreed = await agreement(crashed);
    print(crashed, costs, agreed, rounds);
    results[name] = {
      counters: crashed.counters,
      agreed,
      costs: Object.fromEntries(
        Array.from(costs, ([contender, all]) => [contender, { median: median(all), all }]),
      ),
    };
  }
  const machine = { processor: cpus()[0]?.model, processors: cpus().length, node: process.version };
  writeFileSync(join(folder, "results.json"), `${JSON.stringify({ machine, rounds, results }, null, 2)}\n`);
}

function print(
  crashed: Crashed,
  costs: ReadonlyMap<Contender, Cost[]>,
  agreed: string,
  rounds: number,
): void {
  const peer = median(costs.get("llvm-symbolizer")!);
  console.log(
    `\n${crashed.name}: ${rounds} rounds, ${crashed.addresses.length} frames; the peer agrees on ${agreed} lines`,
  );
  console.log("| | time, ms (least–most) | × peer | processor, ms | memory, MB | × peer |");
  console.log("|---|---|---|---|---|---|");
  for (const [contender, all] of costs) {
    const { milliseconds, cpuMilliseconds, peakMegabytes } = median(all);
    const times = all.map((cost) => cost.milliseconds);
    console.log(
      `| ${contender} | ${milliseconds.toFixed(0)} (${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)})` +
        ` | ${(milliseconds / peer.milliseconds).toFixed(2)} | ${cpuMilliseconds.toFixed(0)}` +
        ` | ${peakMegabytes.toFixed(0)} | ${(peakMegabytes / peer.peakMegabytes).toFixed(2)} |`,
    );
  }
  console.log(JSON.stringify(crashed.counters));
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});

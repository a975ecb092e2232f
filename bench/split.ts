/**
 * `npx tsx bench/split.ts [ROUNDS]`, after `npm run build`: what splitting a module costs and gives, beside
 * llvm-objcopy-22, which takes two runs for the two files.
 *
 * Splits each module that bench/programs/*.sh has left in .cache/bench and prints tables for bench/README.md.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SplitReport } from "../cli/split/split-file";
import { type Cost, measure, median } from "./measure";

const project = join(__dirname, "..");
const folder = join(project, ".cache/bench");
const MEGABYTE = 1e6;

const split = (input: string, out: string, ...more: string[]): string[] => [
  process.execPath,
  join(project, "dist/cli.js"),
  "split",
  input,
  "-o",
  join(out, "app.wasm"),
  "--json",
  ...more,
];

interface Rows {
  readonly sizes: string;
  readonly costs: string;
}

async function study(name: string, rounds: number): Promise<Rows> {
  const input = join(folder, `${name}.wasm`);
  const out = mkdtempSync(join(folder, "split-"));
  try {
    const sizes = async (...more: string[]): Promise<SplitReport> =>
      JSON.parse((await measure(split(input, out, "--gzip", ...more))).output) as SplitReport;
    const [kept, stripped] = [await sizes(), await sizes("--strip-names")];
    const ours: Cost[] = [];
    const peers: Cost[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push((await measure(split(input, out))).cost);
      peers.push(await objcopy(input, out));
    }
    const rate = ({ milliseconds }: Cost) =>
      (statSync(input).size / MEGABYTE / (milliseconds / 1000)).toFixed(0);
    const cost = (costs: readonly Cost[]): string => {
      const middle = median(costs);
      const times = costs.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
      const range = `${times[0]!.toFixed(0)}–${times.at(-1)!.toFixed(0)}`;
      return `${middle.milliseconds.toFixed(0)} (${range}) | ${rate(middle)} | ${middle.peakMegabytes.toFixed(0)}`;
    };
    const size = ({ module }: SplitReport) => `${text(module.size)}, ${text(module.gzip ?? 0)}`;
    return {
      sizes: `| \`${name}\` | ${text(kept.before)} | ${size(kept)} | ${size(stripped)} |`,
      costs: `| \`${name}\` | \`split\` | ${cost(ours)} |\n| | llvm-objcopy-22 | ${cost(peers)} |`,
    };
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** The same two files: one run for each. */
async function objcopy(input: string, out: string): Promise<Cost> {
  const once = async (flag: string, output: string) =>
    (await measure(["llvm-objcopy-22", flag, input, join(out, output)])).cost;
  const [debug, module] = [
    await once("--only-keep-debug", "debug.wasm"),
    await once("--strip-debug", "stripped.wasm"),
  ];
  return {
    milliseconds: debug.milliseconds + module.milliseconds,
    cpuMilliseconds: debug.cpuMilliseconds + module.cpuMilliseconds,
    peakMegabytes: Math.max(debug.peakMegabytes, module.peakMegabytes),
  };
}

const text = (bytes: number): string => `${(bytes / MEGABYTE).toPrecision(3)} MB`;

async function run(rounds: number): Promise<void> {
  if (!existsSync(folder)) throw new Error("bench/programs/sqlite.sh and large.sh make the modules first");
  const names = readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  const rows: Rows[] = [];
  for (const name of names) rows.push(await study(name.replace(/\.wasm$/, ""), rounds));
  console.log("| | before | shipped: raw, gzip | without names: raw, gzip |\n|---|---|---|---|");
  for (const { sizes } of rows) console.log(sizes);
  console.log("\n| | | time, ms | MB/s | memory, MB |\n|---|---|---|---|---|");
  for (const { costs } of rows) console.log(costs);
}

void run(Number(process.argv[2] ?? 5));

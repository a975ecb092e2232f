/**
 * `npm run bench:instrument [-- ROUNDS [NAME…]]`: what instrumenting costs a program, by tier, on the workloads that
 * bench/programs/instrument.sh has built, beside the reference rewriter and Binaryen's asyncify where they are there
 * (REWRITER and WASM_OPT name them). Prints tables for bench/README.md.
 *
 * All variants of a workload run in turns in one process, and must give the same sums.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { instrumentation } from "../capture/library/instrumented";
import { MemorySource } from "../engine/bytes/source";
import { instrument } from "../engine/rewrite/instrument/instrument";
import type { InstrumentOptions } from "../engine/rewrite/instrument/model";
import { chunksOf } from "../engine/rewrite/pieces";

const folder = join(__dirname, "../.cache/bench/instrument");
const [rounds = "7", ...only] = process.argv.slice(2);
/** As a stack is to be unwound from anywhere: any import may be what does it. */
const EVERYWHERE = "--pass-arg=asyncify-imports@*.*";
/** What WASI's functions give: the workloads have no files. */
const BAD_FILE = 8;
/** Milliseconds of a round, about. */
const ROUND = 200;

type Run = (rounds: number) => number;

interface Variant {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Milliseconds that it took to make it, by ourselves. */
  readonly milliseconds?: number;
}

function ours(name: string, bytes: Uint8Array, options: Partial<InstrumentOptions>): Variant {
  const source = new MemorySource(name, bytes);
  const make = () => {
    const made = instrument(source, {
      tier: 1,
      sha1: () => createHash("sha1"),
      urlOf: (file) => file,
      ...options,
    });
    return Buffer.concat(Array.from(chunksOf(source, made.module), (chunk) => Buffer.from(chunk)));
  };
  const times = Array.from({ length: 5 }, () => now(make));
  return { name, bytes: make(), milliseconds: median(times) };
}

/** What another program makes of the module; nothing where it is not there, or cannot. */
function peer(
  name: string,
  program: string | undefined,
  args: (input: string, output: string) => readonly string[],
  bytes: Uint8Array,
): Variant[] {
  if (program === undefined || !existsSync(program)) return [];
  const place = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
  const [input, output] = [join(place, "in.wasm"), join(place, "out.wasm")];
  try {
    writeFileSync(input, bytes);
    const printed = execFileSync(program, args(input, output), {
      input: bytes,
      maxBuffer: 1 << 28,
      stdio: ["pipe", "pipe", "ignore"],
    });
    return [{ name, bytes: existsSync(output) ? readFileSync(output) : printed }];
  } catch {
    return [];
  } finally {
    rmSync(place, { recursive: true });
  }
}

function variantsOf(bytes: Uint8Array): Variant[] {
  const { REWRITER, WASM_OPT } = process.env;
  return [
    { name: "as it is", bytes },
    ours("tier 0", bytes, { tier: 0 }),
    ours("tier 1", bytes, { tier: 1 }),
    ours("tier 2", bytes, { tier: 2 }),
    ours("--no-exceptions", bytes, { tier: 1, hasExceptions: false }),
    ...peer("wasm-coredump-rewriter", REWRITER, () => [], bytes),
    ...peer(
      "asyncify",
      WASM_OPT,
      (input, output) => ["--asyncify", EVERYWHERE, "-O2", input, "-o", output],
      bytes,
    ),
  ];
}

function start(bytes: Uint8Array): Run | undefined {
  try {
    const module = new WebAssembly.Module(bytes);
    const imports: Record<string, Record<string, unknown>> = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module))
      (imports[from] ??= {})[name] = () => BAD_FILE;
    const { exports } = new WebAssembly.Instance(module, { ...imports, ...instrumentation(module) });
    (exports["_initialize"] as (() => void) | undefined)?.();
    return exports["run"] as Run;
  } catch {
    return undefined;
  }
}

/** Microseconds of this thread's processor time, so that other programs' work is not counted; older Nodes tell all threads'. */
const used = (process as { threadCpuUsage?: typeof process.cpuUsage }).threadCpuUsage ?? process.cpuUsage;
const clock = (): number => {
  const { user, system } = used();
  return (user + system) / 1000;
};
const now = (run: () => unknown): number => {
  const from = clock();
  run();
  return clock() - from;
};
const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
const ratio = (value: number, of: number): string => (value / of).toFixed(2);

function study(name: string): void {
  const bytes = readFileSync(join(folder, name));
  const variants = variantsOf(bytes).flatMap((variant) => {
    const run = start(variant.bytes);
    return run === undefined ? [] : [{ ...variant, run, times: [] as number[] }];
  });
  const plain = variants[0]!;
  let work = 1;
  for (plain.run(1); now(() => plain.run(work)) < ROUND / 4; ) work *= 2;
  work = Math.max(1, Math.round((work * ROUND) / now(() => plain.run(work))));
  // Once for the compiler that optimises, which works while the program runs.
  for (const { run } of variants) run(work);
  const sums = variants.map(({ run }) => run(work));
  for (let round = 0; round < Number(rounds); round++)
    for (const { run, times } of variants) times.push(now(() => run(work)));
  const base = median(plain.times);
  const gzip = gzipSync(bytes).length;
  variants.forEach(({ name: variant, bytes: made, times, milliseconds }, at) => {
    const same = sums[at] === sums[0] ? "" : " **another result**";
    const rate =
      milliseconds === undefined || milliseconds < 1
        ? ""
        : (bytes.length / 1e6 / (milliseconds / 1000)).toFixed(0);
    console.log(
      `| ${at === 0 ? `\`${name.replace(".wasm", "")}\` ${(bytes.length / 1000).toFixed(0)} kB` : ""} | ${variant}${same} | ` +
        `${median(times).toFixed(0)} (${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)}) | ` +
        `${ratio(median(times), base)} | ${(made.length / bytes.length).toFixed(3)} | ` +
        `${ratio(gzipSync(made).length, gzip)} | ${rate} |`,
    );
  });
}

console.log(`${process.version}, ${rounds} rounds\n`);
console.log("| | | ms (least–most) | run time | size | gzip | MB/s |\n|---|---|---|---|---|---|---|");
for (const name of readdirSync(folder))
  if (name.endsWith(".wasm") && (only.length === 0 || only.some((wanted) => name.startsWith(wanted))))
    study(name);

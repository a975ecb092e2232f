/**
 * How long a program that has trapped takes for its core dump (`wasm-postmortem/capture`): `npx tsx bench/capture.ts [ROUNDS]`.
 * Each round is a process of its own, since a program crashes once, with cold code: 20 frames, and a memory whose upper
 * half is not zero. Each frame has eight locals that are still needed; the module is taken as it is, and as
 * `wasm-postmortem instrument` makes it.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { MemorySource } from "../engine/bytes/source";
import { instrument } from "../engine/rewrite/instrument/instrument";
import { chunksOf } from "../engine/rewrite/pieces";
import { body, moduleOf, vectorSection } from "../test/wasm/support/module-builder";

const FRAMES = 20;
const LOCALS = 8;
const sizes = [16, 100];
const variants = ["as it is", "tier 1", "tier 2"] as const;
const rounds = Number(process.argv[2] ?? 7);

/** `fall(depth)` calls itself, and traps at depth 0; behind the call it reads its locals, which have the depth. */
function program(megabytes: number): Uint8Array {
  const pages = megabytes * 16;
  const memory = [0, (pages & 0x7f) | 0x80, pages >> 7];
  const each = (code: (local: number) => readonly number[]) =>
    Array.from({ length: LOCALS }, (_, at) => code(at + 1)).flat();
  const code = [
    ...each((local) => [0x20, 0, 0x21, local]),
    ...[0x20, 0, 0x45, 0x04, 0x40, 0x00, 0x0b, 0x20, 0, 0x41, 1, 0x6b, 0x10, 0],
    ...each((local) => [0x20, local, 0x1a]),
    0x0b,
  ];
  const names = [4, ...Buffer.from("fall"), 0, 0];
  return moduleOf(
    vectorSection(1, [0x60, 1, 0x7f, 0]),
    vectorSection(3, [0]),
    vectorSection(5, memory),
    vectorSection(7, names, [6, ...Buffer.from("memory"), 2, 0]),
    vectorSection(10, body(1, LOCALS, 0x7f, ...code)),
  );
}

function variantOf(name: (typeof variants)[number], bytes: Uint8Array): Uint8Array {
  if (name === "as it is") return bytes;
  const source = new MemorySource("program.wasm", bytes);
  const tier = name === "tier 1" ? 1 : 2;
  const made = instrument(source, { tier, sha1: () => createHash("sha1"), urlOf: (file) => file });
  if (made.report.instrumented === 0) throw new Error("No handler: there is nothing to measure");
  return Buffer.concat(Array.from(chunksOf(source, made.module), (chunk) => Buffer.from(chunk)));
}

const script = `
import { readFileSync } from "node:fs";
import { captureCoreDump, instrumentation, keepWholeStacks } from "./capture.mjs";
keepWholeStacks();
const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const instance = new WebAssembly.Instance(module, instrumentation(module));
const bytes = new Uint8Array(instance.exports.memory.buffer);
for (let at = bytes.length / 2, noise = 1; at < bytes.length; at++) {
  noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
  bytes[at] = noise >>> 28; // half a byte of noise
}
const gzip = process.argv[3] === "gzip";
const start = performance.now();
try { instance.exports.fall(${FRAMES - 1}); } catch (error) {
  const dump = captureCoreDump(error, { instance, module });
  const taken = performance.now() - start;
  let size = 0;
  if (gzip) for await (const chunk of dump.stream({ gzip })) size += chunk.length;
  else for (const chunk of dump.chunks()) size += chunk.length;
  console.log(JSON.stringify({ frames: dump.frames, taken, written: performance.now() - start, size }));
}`;

interface Round {
  readonly frames: number;
  readonly taken: number;
  readonly written: number;
  readonly size: number;
}

const range = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  const [median, least, most] = [sorted[sorted.length >> 1]!, sorted[0]!, sorted.at(-1)!].map((value) =>
    value < 10 ? value.toFixed(1) : value.toFixed(0),
  );
  return `${median} (${least}–${most})`;
};

const size = (of: readonly Round[]) => `${(of[0]!.size / 1e6).toFixed(1)} MB`;

/** One crash, in a process of its own. */
function crash(module: string, kind: "plain" | "gzip"): Round {
  const { stdout, stderr } = spawnSync(process.execPath, ["program.mjs", module, kind], {
    cwd: folder,
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  const result = JSON.parse(stdout) as Round;
  if (result.frames !== FRAMES) throw new Error(`${result.frames} frames`);
  return result;
}

const folder = mkdtempSync(join(tmpdir(), "bench-capture-"));
try {
  buildSync({
    stdin: {
      contents: 'export * from "./index"; export { instrumentation } from "./instrumented";',
      resolveDir: "capture/library",
    },
    outfile: join(folder, "capture.mjs"),
    ...{ bundle: true, minify: true, format: "esm", platform: "neutral", target: "es2022" },
  });
  writeFileSync(join(folder, "program.mjs"), script);
  console.log(
    "| memory | module | until the dump is taken, ms | until its last chunk, ms | dump | packed with gzip, ms | packed |",
  );
  console.log("|---|---|---|---|---|---|---|");
  for (const megabytes of sizes) {
    const bytes = program(megabytes);
    const contenders = variants.map((name, at) => {
      const module = join(folder, `program-${at}.wasm`);
      writeFileSync(module, variantOf(name, bytes));
      return { name, module, plain: [] as Round[], gzip: [] as Round[] };
    });
    for (let round = 0; round < rounds; round++)
      for (const contender of contenders)
        for (const kind of ["plain", "gzip"] as const) contender[kind].push(crash(contender.module, kind));
    for (const { name, plain, gzip } of contenders) {
      const cells = [
        `${megabytes} MiB`,
        name,
        range([...plain, ...gzip].map(({ taken }) => taken)),
        range(plain.map(({ written }) => written)),
        size(plain),
        range(gzip.map(({ written }) => written)),
        size(gzip),
      ];
      console.log(`| ${cells.join(" | ")} |`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

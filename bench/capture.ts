/**
 * How long a program that has trapped takes for its core dump (`wasm-postmortem/capture`): `npx tsx bench/capture.ts [ROUNDS]`.
 * Each round is a process of its own, since a program crashes once, with cold code: 20 frames, and a memory whose upper
 * half is not zero.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { body, moduleOf, vectorSection } from "../test/wasm/support/module-builder";

const FRAMES = 20;
const sizes = [16, 100];
const rounds = Number(process.argv[2] ?? 7);

/** `fall(depth)` calls itself, and traps at depth 0. */
function program(megabytes: number): Uint8Array {
  const pages = megabytes * 16;
  const memory = [0, (pages & 0x7f) | 0x80, pages >> 7];
  const code = [0x20, 0, 0x45, 0x04, 0x40, 0x00, 0x0b, 0x20, 0, 0x41, 1, 0x6b, 0x10, 0, 0x0b];
  const names = [4, ...Buffer.from("fall"), 0, 0];
  return moduleOf(
    vectorSection(1, [0x60, 1, 0x7f, 0]),
    vectorSection(3, [0]),
    vectorSection(5, memory),
    vectorSection(7, names, [6, ...Buffer.from("memory"), 2, 0]),
    vectorSection(10, body(0, ...code)),
  );
}

const script = `
import { readFileSync } from "node:fs";
import { captureCoreDump, keepWholeStacks } from "./capture.mjs";
keepWholeStacks();
const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const instance = new WebAssembly.Instance(module);
const bytes = new Uint8Array(instance.exports.memory.buffer);
for (let at = bytes.length / 2, noise = 1; at < bytes.length; at++) {
  noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
  bytes[at] = noise >>> 28; // half a byte of noise
}
const gzip = process.argv[3] === "gzip";
try { instance.exports.fall(${FRAMES - 1}); } catch (error) {
  const start = performance.now();
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

const folder = mkdtempSync(join(tmpdir(), "bench-capture-"));
try {
  buildSync({
    entryPoints: ["capture/library/index.ts"],
    outfile: join(folder, "capture.mjs"),
    ...{ bundle: true, minify: true, format: "esm", platform: "neutral", target: "es2022" },
  });
  writeFileSync(join(folder, "program.mjs"), script);
  console.log(
    "| memory | until the dump is taken, ms | until its last chunk, ms | dump | packed with gzip, ms | packed |",
  );
  console.log("|---|---|---|---|---|---|");
  for (const megabytes of sizes) {
    const module = join(folder, "program.wasm");
    writeFileSync(module, program(megabytes));
    const results = { plain: [] as Round[], gzip: [] as Round[] };
    for (let round = 0; round < rounds; round++)
      for (const kind of ["plain", "gzip"] as const) {
        const { stdout, stderr } = spawnSync(process.execPath, ["program.mjs", module, kind], {
          cwd: folder,
          encoding: "utf8",
        });
        if (stdout === "") throw new Error(stderr);
        const result = JSON.parse(stdout) as Round;
        if (result.frames !== FRAMES) throw new Error(`${result.frames} frames`);
        results[kind].push(result);
      }
    const { plain, gzip } = results;
    const size = (of: readonly Round[]) => `${(of[0]!.size / 1e6).toFixed(1)} MB`;
    const cells = [
      `${megabytes} MiB`,
      range([...plain, ...gzip].map(({ taken }) => taken)),
      range(plain.map(({ written }) => written)),
      size(plain),
      range(gzip.map(({ written }) => written)),
      size(gzip),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

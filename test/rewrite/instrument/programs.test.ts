/**
 * Real programs of npm's (sql.js, wasmoon) instrumented and not, in Node and in workerd: the same results of the same
 * work, and what they should be by the programs' own rules.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { before, describe, it } from "mocha";
import type { InstrumentOptions } from "../../../engine/rewrite/instrument/model";
import { instrumentBytes } from "./support";

type Bytes = Uint8Array<ArrayBuffer>;

const ways: readonly Partial<InstrumentOptions>[] = [
  { tier: 0 },
  { tier: 1 },
  { tier: 2 },
  { tier: 1, hasExceptions: false },
];

/** The program as one file, which thinks that it is in a browser, wherever it is. */
async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "programs", entry)],
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["main"],
    external: ["node:*", "fs", "path", "crypto", "url", "module", "child_process"],
    banner: { js: "let instantiateHere; const fetchNothing = async () => ({});" },
    define: {
      document: '{ "baseURI": "http://here/" }',
      window: "{}",
      process: "undefined",
      "globalThis.process": "undefined",
      WorkerGlobalScope: "undefined",
      "globalThis.WorkerGlobalScope": "undefined",
      fetch: "fetchNothing",
      "WebAssembly.instantiateStreaming": "instantiateHere",
    },
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]!.text;
}

/** What each module comes to, each in a copy of the program: the programs keep one instance. */
async function inNode(program: string, modules: readonly Bytes[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "wasm-postmortem-program-"));
  try {
    const path = join(folder, "program.mjs");
    writeFileSync(path, program);
    const told: string[] = [];
    for (const [at, bytes] of modules.entries()) {
      const { run } = await import(`${pathToFileURL(path)}?${at}`);
      told.push(await run(new WebAssembly.Module(bytes)));
    }
    return told;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inWorkerd(program: string, modules: readonly Bytes[]): Promise<string[]> {
  const contents = `
    ${modules.map((_, at) => `import m${at} from "./m${at}.wasm"; import { run as run${at} } from "./p${at}.mjs";`).join("\n")}
    export default {
      async fetch() {
        return Response.json([${modules.map((_, at) => `await run${at}(m${at})`).join(", ")}]);
      },
    };`;
  const worker = new Miniflare({
    ...{ telemetry: { enabled: false }, cf: false, compatibilityDate: "2026-07-01" },
    modules: [
      { type: "ESModule", path: "worker.mjs", contents },
      ...modules.flatMap((bytes, at) => [
        { type: "ESModule", path: `p${at}.mjs`, contents: program } as const,
        { type: "CompiledWasm", path: `m${at}.wasm`, contents: bytes } as const,
      ]),
    ],
  });
  try {
    const answer = await worker.dispatchFetch("http://worker/");
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as string[];
  } finally {
    await worker.dispose();
  }
}

const programs = [
  {
    name: "SQLite",
    entry: "sqlite.ts",
    module: "sql.js/dist/sql-wasm.wasm",
    // 3000 people, 30 of whom were renamed; what SQL says of a division by zero; what the unique index refuses.
    knows: [
      /\[0,428,/,
      /"PERSON 2100"|2100 became/,
      /\["c",null,9223372036854776000,null\]/,
      /UNIQUE constraint failed/,
      /"ok"/,
    ],
  },
  {
    name: "Lua",
    entry: "lua.ts",
    module: "wasmoon/dist/glue.wasm",
    knows: [
      /^0\nfibonacci 17711\n/,
      /\nthe 3 x-x-x {2}3\.14\|beef\|/,
      /point 42/,
      /square 25/,
      /stack overflow/,
    ],
  },
];

for (const { name, entry, module, knows } of programs)
  describe(`${name}, instrumented`, function () {
    this.timeout(60_000);
    let program: string;
    let variants: readonly Bytes[];
    before(async () => {
      program = await bundled(entry);
      const bytes = new Uint8Array(readFileSync(createRequire(__filename).resolve(module)));
      variants = [bytes, ...ways.map((way) => instrumentBytes(bytes, way).module as Bytes)];
    });

    for (const [host, run] of [
      ["Node", inNode],
      ["workerd", inWorkerd],
    ] as const)
      it(`gives the results that it gave, in every tier, in ${host}`, async () => {
        const [plain, ...changed] = await run(program, variants);
        for (const known of knows) assert.match(plain!, known);
        for (const [at, told] of changed.entries()) assert.equal(told, plain, JSON.stringify(ways[at]));
      });
  });

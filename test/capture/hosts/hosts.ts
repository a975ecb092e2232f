/** The hosts in which the capture library runs, each as a function that runs program.ts in it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare, type ModuleDefinition } from "miniflare";
import { openBrowser } from "../../vscode/support/browser";
import { type Taken, takeDumps } from "./program";

/** WebAssembly modules by name. */
export type ModuleFiles = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/** The program or another file of this folder for a host, with `lines` behind it. */
export async function bundled(
  lines: string,
  format: "esm" | "iife",
  external: string[] = [],
): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: lines, resolveDir: __dirname, loader: "ts" },
    bundle: true,
    format,
    target: "es2022",
    platform: "neutral",
    external,
    write: false,
  });
  return outputFiles[0]!.text;
}

async function inNode(files: ModuleFiles): Promise<Taken> {
  const modules = Object.entries(files).map(
    ([name, bytes]) => [name, new WebAssembly.Module(bytes)] as const,
  );
  return takeDumps(Object.fromEntries(modules));
}

/** A Worker gets its modules by import alone: it may not compile any. */
async function inWorkerd(files: ModuleFiles): Promise<Taken> {
  const names = Object.keys(files);
  const imports = names.map((_, at) => `import m${at} from "./m${at}.wasm";`).join("\n");
  const table = names.map((name, at) => `${JSON.stringify(name)}: m${at}`).join(", ");
  const script = await bundled(
    `import { takeDumps } from "./program";
    ${imports}
    export default { fetch: async () => Response.json(await takeDumps({ ${table} })) };`,
    "esm",
    ["*.wasm"],
  );
  const compiled = names.map(
    (name, at): ModuleDefinition => ({ type: "CompiledWasm", path: `m${at}.wasm`, contents: files[name]! }),
  );
  const worker = new Miniflare({
    ...{ telemetry: { enabled: false }, cf: false, compatibilityDate: "2026-07-01" },
    modules: [{ type: "ESModule", path: "worker.mjs", contents: script }, ...compiled],
  });
  try {
    const answer = await worker.dispatchFetch("http://worker/");
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Taken;
  } finally {
    await worker.dispose();
  }
}

async function inChromium(files: ModuleFiles): Promise<Taken> {
  const script = await bundled(
    'import { takeDumps } from "./program"; globalThis.takeDumps = takeDumps;',
    "iife",
  );
  const encoded = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: script });
    return await page.evaluate(`(async (encoded) => {
      const compile = async ([name, text]) =>
        [name, await WebAssembly.compile(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)))];
      return takeDumps(Object.fromEntries(await Promise.all(encoded.map(compile))));
    })(${JSON.stringify(encoded)})`);
  } finally {
    await browser.close();
  }
}

/** Deno or Bun, whose program the environment names; in no CI, since their packages are large. */
const inCommand =
  (command: string, ...args: string[]) =>
  async (files: ModuleFiles): Promise<Taken> => {
    const folder = mkdtempSync(join(tmpdir(), "capture-host-"));
    try {
      const encoded = Object.entries(files).map(([name, bytes]) => [
        name,
        Buffer.from(bytes).toString("base64"),
      ]);
      const script = await bundled(
        `import { takeDumps } from "./program";
        const compile = ([name, text]) =>
          [name, new WebAssembly.Module(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)))];
        const modules = ${JSON.stringify(encoded)}.map(compile);
        console.log(JSON.stringify(await takeDumps(Object.fromEntries(modules))));`,
        "esm",
      );
      writeFileSync(join(folder, "program.mjs"), script);
      const { stdout, stderr } = spawnSync(command, [...args, join(folder, "program.mjs")], {
        encoding: "utf8",
        maxBuffer: 1 << 28,
      });
      if (stdout === "") throw new Error(stderr);
      return JSON.parse(stdout) as Taken;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

export interface Host {
  readonly name: string;
  /** Whether its engine knows typed references and objects (Node 20 does not). */
  readonly hasObjects: boolean;
  /** Whether it prints WebAssembly's frames: Bun does not. */
  readonly hasFrames: boolean;
  run(files: ModuleFiles): Promise<Taken>;
}

const { DENO, BUN } = process.env;

export const hosts: readonly Host[] = [
  { name: "Node", hasObjects: false, hasFrames: true, run: inNode },
  { name: "workerd", hasObjects: true, hasFrames: true, run: inWorkerd },
  { name: "Chromium", hasObjects: true, hasFrames: true, run: inChromium },
  ...(DENO ? [{ name: "Deno", hasObjects: true, hasFrames: true, run: inCommand(DENO, "run", "-A") }] : []),
  ...(BUN ? [{ name: "Bun", hasObjects: true, hasFrames: false, run: inCommand(BUN, "run") }] : []),
];

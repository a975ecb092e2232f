/** Programs as they are shipped, built into a folder of the test's. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Builds the process that serves local buckets; its file. */
export function buildLocalServer(folder: string): string {
  return build("r2/node/local-server.ts", join(folder, "r2-local.js"));
}

/** Builds the command line beside it; its file. */
export const buildCommandLine = (folder: string): string => build("cli/main.ts", join(folder, "cli.js"));

function build(entry: string, outfile: string): string {
  buildSync({
    entryPoints: [join(__dirname, "../../..", entry)],
    outfile,
    bundle: true,
    platform: "node",
    mainFields: ["module", "main"],
  });
  return outfile;
}

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program of Node to its end, with no variables of the environment but PATH and these. */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
  onStart?: (child: ChildProcess) => void,
): Promise<Ended> {
  const env = { PATH: process.env["PATH"], HOME: cwd, ...variables };
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  onStart?.(child);
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((done) => child.once("close", (status) => done({ status, out, err })));
}

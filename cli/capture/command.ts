/**
 * `wasm-postmortem capture [--out DIR] -- node app.mjs …`: runs a program under V8's inspector, as it is, and
 * writes a full core dump of each trap. All processes and threads of Node that the program starts are watched.
 * With `--attach` it watches a program that runs already (attach.ts).
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { type PreloadSettings, settingsVariable, type WrittenDump } from "../../capture/inspector/settings";
import { HostError } from "../../host/host";
import { attachTo, say, tell } from "./attach";

interface Options {
  readonly out: string;
  readonly limit: number;
  readonly attach?: string;
  readonly now?: boolean;
}

const DEFAULT_LIMIT = 10;

export function captureCommand(): Command {
  return new Command("capture")
    .description(
      "Run a program of Node, or watch one that runs, and write a full core dump of each WebAssembly trap.",
    )
    .argument("[command...]", "the program and its arguments, after --")
    .option("--out <folder>", "where the dumps go", ".")
    .option("--limit <count>", "dumps that a thread of the program writes at most", count, DEFAULT_LIMIT)
    .option(
      "--attach <inspector>",
      "watch the program behind this inspector: ws://…, or HOST:PORT for all that are there",
    )
    .option(
      "--now",
      "with --attach: also a dump of where the program stands, for one that hangs in WebAssembly",
    )
    .passThroughOptions()
    .action(async (command: string[], options: Options) => {
      const { attach } = options;
      const [program, ...args] = command;
      if ((attach === undefined) === (program === undefined))
        throw new HostError("Give a program after --, or --attach to watch one that runs.", attach ?? "");
      await (attach === undefined ? run(program!, args, options) : attachTo(attach, options));
    });
}

function count(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0)) throw new InvalidArgumentError("Give a number above 0.");
  return value;
}

async function run(program: string, args: readonly string[], { out, limit }: Options): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "wasm-postmortem-"));
  const report = join(scratch, "report");
  const settings: PreloadSettings = { out: resolve(out), limit, report };
  try {
    process.exitCode = await runWatched(program, args, {
      ...process.env,
      NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --require ${quoted(join(__dirname, "capture-preload.js"))}`,
      [settingsVariable]: JSON.stringify(settings),
    });
    const dumps = dumpsIn(report);
    dumps.forEach(tell);
    if (dumps.length === 0) say("no WebAssembly trap left a core dump");
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The program's exit status, as a shell would say it. @throws HostError when it cannot be started */
function runWatched(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: "inherit", env });
    const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const forward = (signal: NodeJS.Signals): unknown => child.kill(signal);
    for (const signal of forwarded) process.on(signal, forward);
    child.on("error", (error) => fail(new HostError(`It cannot be started: ${error.message}`, program)));
    child.on("exit", (code, signal) => {
      for (const signal of forwarded) process.off(signal, forward);
      done(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** A path as NODE_OPTIONS wants it. */
const quoted = (path: string): string => `"${path.replace(/[\\"]/g, "\\$&")}"`;

function dumpsIn(report: string): readonly WrittenDump[] {
  try {
    return readFileSync(report, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as WrittenDump);
  } catch {
    return []; // nobody wrote one
  }
}

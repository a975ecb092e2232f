/** Runs one command as a process of its own and says what it cost: time, and peak memory. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Cost {
  /** From the start of the process to its end, or to what the conversation with it waited for. */
  readonly milliseconds: number;
  /** Processor time of all its threads. */
  readonly cpuMilliseconds: number;
  /** Largest resident set, pages of mapped files included. */
  readonly peakMegabytes: number;
}

/**
 * @param converse talks with the process and resolves when the clock is to stop; without it, the clock stops
 *   when the process ends
 * @throws Error when the process fails, with what it wrote to stderr
 */
export async function measure(
  command: readonly string[],
  converse?: (process: ChildProcessWithoutNullStreams) => Promise<void>,
): Promise<{ cost: Cost; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const report = join(folder, "cost");
  try {
    const started = performance.now();
    const child = spawn("/usr/bin/time", ["-f", "%M %U %S", "-o", report, ...command]);
    const output = collect(child.stdout);
    const errors = collect(child.stderr);
    const closed = new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    let stopped: number | undefined;
    if (converse !== undefined) {
      await Promise.race([converse(child), closed.then(() => undefined)]);
      stopped = performance.now();
      child.stdin.end();
    }
    const code = await closed;
    stopped ??= performance.now();
    if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${errors()}`);
    const [kilobytes = 0, user = 0, system = 0] = readFileSync(report, "utf8").trim().split(" ").map(Number);
    return {
      output: output(),
      cost: {
        milliseconds: stopped - started,
        cpuMilliseconds: 1000 * (user + system),
        peakMegabytes: kilobytes / 1024,
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  stream.on("data", (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString("utf8");
}

/** The middle one of several measurements, member by member. */
export function median(costs: readonly Cost[]): Cost {
  const middle = (member: keyof Cost): number =>
    costs.map((cost) => cost[member]).toSorted((a, b) => a - b)[costs.length >> 1]!;
  return {
    milliseconds: middle("milliseconds"),
    cpuMilliseconds: middle("cpuMilliseconds"),
    peakMegabytes: middle("peakMegabytes"),
  };
}

/** LLVM's tools as independent oracles. Absent tools skip a test on a user's machine, and fail it in CI. */
import { spawnSync } from "node:child_process";
import type { Context } from "mocha";

/** Runs an LLVM 22 tool and gives its output. */
export function llvm(
  test: Context,
  tool: string,
  args: string[],
  input = "",
): { stdout: string; stderr: string } {
  const run = spawnSync(`${tool}-22`, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.error === undefined) return run;
  if (process.env["CI"] === undefined) test.skip();
  throw new Error(`${tool}-22 cannot be run: ${run.error.message}`);
}

/** LLVM's assembly names the lanes' type where the text format does not. */
export function inTextFormat(llvmMnemonic: string): string {
  if (llvmMnemonic.endsWith(".select")) return "select";
  if (/\.load\d+x\d/.test(llvmMnemonic)) return llvmMnemonic.replace(/^\w+/, "v128");
  return llvmMnemonic === "ref.null_extern" ? "ref.null" : llvmMnemonic;
}

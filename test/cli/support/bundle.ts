/** The command line as it is shipped, but for its code cache: bundled into a folder of the test's. */
import { join } from "node:path";
import { buildSync } from "esbuild";

/** @returns the path of the command line's script; what `capture` loads lies beside it */
export function bundleCli(folder: string): string {
  const bundle = (entry: string, file: string): string => {
    const outfile = join(folder, file);
    buildSync({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: "node",
      mainFields: ["module", "main"],
      external: ["bufferutil", "utf-8-validate"],
    });
    return outfile;
  };
  bundle("capture/inspector/preload.ts", "capture-preload.js");
  bundle("capture/inspector/socket.ts", "inspector-socket.js");
  return bundle("cli/main.ts", "cli.js");
}

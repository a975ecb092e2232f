/** Splits a module's file: reads one, writes two. */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { settle } from "../../engine/bytes/remote-source";
import { sizeOf } from "../../engine/rewrite/pieces";
import { type Split, split } from "../../engine/rewrite/split";
import { HostError } from "../../host/host";
import type { NodeHost } from "../../host/node";
import { isSameFile, modeOf, type Output, pathFrom, writeAll } from "./files";

export interface SplitFileOptions {
  /** Where the module to ship goes: the module's own path as well. */
  readonly out: string;
  /** Folder of the debug file; that of `out` when left out. */
  readonly debugDir?: string;
  readonly stripNames?: boolean;
}

export interface SplitReport {
  /** "already split" when there was nothing left to move. */
  readonly state: "split" | "already split";
  /** Lower-case hex; null for a module that was split without one. */
  readonly buildId: string | null;
  /** Bytes of the module before. */
  readonly before: number;
  /** The module to ship; `gzip` is its size when it is packed, where that was asked for. */
  readonly module: { readonly path: string; readonly size: number; readonly gzip?: number };
  /** The debug file; without a size it is not of this run, and `path` is what the module says. */
  readonly debug: { readonly path: string; readonly size?: number };
}

/**
 * Splits the file at `path`. The module to ship appears last, and all at once: until then, and when anything fails, what
 * was there before is there.
 * @param host opens the file, and is closed
 * @throws HostError when a file cannot be read or written
 * @throws FormatError when the file is no sound module, or has nothing to split off
 */
export async function splitFile(
  path: string,
  options: SplitFileOptions,
  host: NodeHost,
): Promise<SplitReport> {
  const source = await host.open(path);
  const { out } = options;
  const folder = options.debugDir ?? dirname(out);
  const parts: Split = await settle(() =>
    split(source, {
      stripNames: options.stripNames === true,
      sha1: () => createHash("sha1"),
      urlOf: (debugFile) => pathFrom(dirname(out), join(folder, debugFile)),
    }),
  );
  const before = source.size;
  if (parts.state === "already split") {
    const whole = [{ start: 0, end: before }];
    if (!isSameFile(path, out)) writeAll(source, [{ path: out, pieces: whole, mode: modeOf(path) }], host);
    const { state, buildId = null, debugFile } = parts;
    return { state, buildId, before, module: { path: out, size: before }, debug: { path: debugFile } };
  }
  const { state, buildId } = parts;
  const debugPath = join(folder, parts.debugFile);
  if (isSameFile(debugPath, out))
    throw new HostError(`${out} is where the debug file goes: give another --out or --debug-dir.`, out);
  const debug: Output = { path: debugPath, pieces: parts.debug };
  const module: Output = { path: out, pieces: parts.module, mode: modeOf(path) };
  // The debug file first: a module whose debug information is nowhere must not be.
  writeAll(source, [debug, module], host);
  return {
    state,
    buildId,
    before,
    module: { path: out, size: sizeOf(parts.module) },
    debug: { path: debugPath, size: sizeOf(parts.debug) },
  };
}

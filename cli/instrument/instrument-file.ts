/** Instruments a module's file: reads one, writes it anew, and the original beside it as the debug file. */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { settle } from "../../engine/bytes/remote-source";
import { readCoreDump } from "../../engine/coredump/reader";
import { instrument } from "../../engine/rewrite/instrument/instrument";
import type { InstrumentReport, Tier } from "../../engine/rewrite/instrument/model";
import { sizeOf } from "../../engine/rewrite/pieces";
import { HostError } from "../../host/host";
import type { NodeHost } from "../../host/node";
import { isSameFile, modeOf, type Output, pathFrom, writeAll } from "../split/files";

export interface InstrumentFileOptions {
  /** Where the instrumented module goes: not the module's own path. */
  readonly out: string;
  readonly tier: Tier;
  /** Folder of the debug file; that of `out` when left out. */
  readonly debugDir?: string;
  /** A core dump: only the functions on its stacks are instrumented. */
  readonly functionsFrom?: string;
  /** Whether the engine has exception handling. */
  readonly exceptions?: boolean;
}

export interface InstrumentFileReport extends InstrumentReport {
  /** Bytes of the module before. */
  readonly before: number;
  readonly module: { readonly path: string; readonly size: number; readonly gzip?: number };
  /** The original, as the debug file; undefined where there is none of this run. */
  readonly debug: { readonly path: string; readonly size: number } | undefined;
}

/**
 * Instruments the file at `path`. What was at the other paths stays until all is written.
 * @param host opens the files, and is closed
 * @throws HostError when a file cannot be read or written
 * @throws FormatError when the file is no sound module, or is instrumented already
 */
export async function instrumentFile(
  path: string,
  options: InstrumentFileOptions,
  host: NodeHost,
): Promise<InstrumentFileReport> {
  const { out, tier, functionsFrom } = options;
  if (isSameFile(path, out))
    throw new HostError(`${out} is the original, which is needed to debug: give another --out.`, out);
  const source = await host.open(path);
  const folder = options.debugDir ?? dirname(out);
  const functions = functionsFrom === undefined ? undefined : await functionsOf(functionsFrom, host);
  const made = await settle(() =>
    instrument(source, {
      tier,
      functions,
      hasExceptions: options.exceptions !== false,
      sha1: () => createHash("sha1"),
      urlOf: (debugFile) => pathFrom(dirname(out), join(folder, debugFile)),
    }),
  );
  const outputs: Output[] = [{ path: out, pieces: made.module, mode: modeOf(path) }];
  const debugPath = made.debug && join(folder, made.debug.file);
  if (debugPath !== undefined && isSameFile(debugPath, out))
    throw new HostError(`${out} is where the debug file goes: give another --out or --debug-dir.`, out);
  // The original itself may be the debug file that a former run has written.
  const isKept = debugPath !== undefined && isSameFile(debugPath, path);
  if (debugPath !== undefined && !isKept) outputs.unshift({ path: debugPath, pieces: made.debug!.pieces });
  const before = source.size;
  writeAll(source, outputs, host);
  return {
    ...made.report,
    before,
    module: { path: out, size: sizeOf(made.module) },
    debug: debugPath === undefined ? undefined : { path: debugPath, size: sizeOf(made.debug!.pieces) },
  };
}

/** The functions on a dump's stacks. */
async function functionsOf(path: string, host: NodeHost): Promise<ReadonlySet<number>> {
  const source = await host.open(path);
  const dump = await settle(() => readCoreDump(source));
  const functions = new Set(
    dump.threads.flatMap(({ frames }) => frames.map(({ functionIndex }) => functionIndex as number)),
  );
  if (functions.size === 0)
    throw new HostError(`${path} has no frames to instrument the functions of.`, path);
  return functions;
}

/** Modules instrumented in memory, and run as a program would run them. */
import { createHash } from "node:crypto";
import { openSync } from "node:fs";
import { devNull } from "node:os";
import { WASI } from "node:wasi";
import { type CapturedDump, captureCoreDump } from "../../../capture/library/index";
import { instrumentation } from "../../../capture/library/instrumented";
import { MemorySource } from "../../../engine/bytes/source";
import type { CoreDump } from "../../../engine/coredump/model";
import { readCoreDump } from "../../../engine/coredump/reader";
import { instrument } from "../../../engine/rewrite/instrument/instrument";
import type { Instrumented, InstrumentOptions } from "../../../engine/rewrite/instrument/model";
import { chunksOf } from "../../../engine/rewrite/pieces";
import { hostImports } from "../../fixtures/host-imports";

export interface InstrumentedFiles extends Pick<Instrumented, "report"> {
  readonly module: Uint8Array;
  readonly debug: Uint8Array | undefined;
}

export function instrumentBytes(
  bytes: Uint8Array,
  options: Partial<InstrumentOptions> = {},
): InstrumentedFiles {
  const source = new MemorySource("app.wasm", bytes);
  const made = instrument(source, {
    tier: 1,
    sha1: () => createHash("sha1"),
    urlOf: (file) => file,
    ...options,
  });
  const whole = (pieces: Instrumented["module"]) =>
    new Uint8Array(Buffer.concat(Array.from(chunksOf(source, pieces), (chunk) => Buffer.from(chunk))));
  return { module: whole(made.module), debug: made.debug && whole(made.debug.pieces), report: made.report };
}

/** What programs print before they crash is not the tests'. */
const nowhere = openSync(devNull, "w");

export type Imports = Record<string, Record<string, unknown>>;

export interface Running {
  readonly instance: WebAssembly.Instance;
  readonly module: WebAssembly.Module;
  /** Calls an export, or what starts a WASI command. */
  call(entry: string | undefined, ...values: readonly unknown[]): unknown;
}

/** Runs a module, instrumented or not; functions that it imports from nobody give 0, or end it where they are to. */
export function start(bytes: Uint8Array, own: Imports = {}): Running {
  const wasi = new WASI({ version: "preview1", args: ["app"], stdout: nowhere, stderr: nowhere });
  const module = new WebAssembly.Module(bytes);
  const memory = (): DataView => new DataView((instance.exports["memory"] as WebAssembly.Memory).buffer);
  const imports: Imports = { ...(wasi.getImportObject() as Imports), ...hostImports(module, memory) };
  for (const [from, functions] of Object.entries(own)) imports[from] = { ...imports[from], ...functions };
  const instance: WebAssembly.Instance = new WebAssembly.Instance(module, {
    ...imports,
    ...instrumentation(module),
  });
  return {
    instance,
    module,
    call(entry, ...values) {
      if (entry === undefined) return wasi.start(instance);
      if (instance.exports["_initialize"]) wasi.initialize(instance);
      return (instance.exports[entry] as (...values: unknown[]) => unknown)(...values);
    },
  };
}

/** What a call throws. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown");
}

export const read = (dump: CapturedDump | undefined): CoreDump =>
  readCoreDump(new MemorySource("dump", dump!.bytes()));

/** The core dump of what a call throws. */
export function dumpOf(running: Running, call: () => unknown): CoreDump {
  return read(captureCoreDump(thrownBy(call), running));
}

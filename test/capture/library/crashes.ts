/** Fixtures' modules run to their real traps in this process, with the library where a program would have it. */
import { openSync } from "node:fs";
import { devNull } from "node:os";
import { WASI } from "node:wasi";
import type { CaptureOptions } from "../../../capture/library/index";
import { MemorySource } from "../../../engine/bytes/source";
import { openCrash } from "../../../engine/postmortem/crash";
import type { Crash } from "../../../engine/postmortem/model";
import { type Fixture, loadModule } from "../../fixtures/index";

/** What programs print before they crash is not the tests'. */
const nowhere = openSync(devNull, "w");

export interface Running {
  readonly instance: WebAssembly.Instance;
  readonly module: WebAssembly.Module;
  readonly bytes: Uint8Array;
  /** Calls the fixture's entry, or an export. @returns what it throws */
  run(entry?: string, ...values: unknown[]): unknown;
}

export function instantiate(of: Fixture): Running {
  const bytes = loadModule(of);
  const wasi = new WASI({ version: "preview1", args: ["app"], stdout: nowhere, stderr: nowhere });
  const module = new WebAssembly.Module(bytes);
  const imports: Record<string, Record<string, unknown>> = { ...(wasi.getImportObject() as object) };
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module))
    if (kind === "function") (imports[from] ??= {})[name] ??= () => 0;
  const instance = new WebAssembly.Instance(module, imports);
  return {
    instance,
    module,
    bytes,
    run(entry, ...values) {
      try {
        if (entry === undefined) wasi.start(instance);
        else {
          if (instance.exports["_initialize"]) wasi.initialize(instance);
          (instance.exports[entry] as (...values: unknown[]) => unknown)(...values);
        }
      } catch (error) {
        return error;
      }
      throw new Error(`${of.name} did not crash`);
    },
  };
}

/** What a program gives the library that has kept its module's file. */
export const whole = ({ instance, module, bytes }: Running): CaptureOptions => ({ instance, module, bytes });

/** The crash as our reader sees it. */
export function open(of: Fixture, dump: Uint8Array): Crash {
  const module = { path: of.module, source: new MemorySource(of.module, loadModule(of)) };
  return openCrash({ dump: new MemorySource("dump", dump), main: { module } });
}

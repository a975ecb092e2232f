/** Fixtures' modules run to their real traps in this process, with the library where a program would have it. */
import { openSync } from "node:fs";
import { devNull } from "node:os";
import { WASI } from "node:wasi";
import type { CaptureOptions } from "../../../capture/library/index";
import { MemorySource } from "../../../engine/bytes/source";
import { openCrash } from "../../../engine/postmortem/crash";
import type { Crash } from "../../../engine/postmortem/model";
import { hostImports } from "../../fixtures/host-imports";
import { type Fixture, loadModule } from "../../fixtures/index";
import { callOf } from "../../fixtures/trap-calls";

/** What programs print before they crash is not the tests'. */
const nowhere = openSync(devNull, "w");

export interface Running {
  readonly instance: WebAssembly.Instance;
  readonly module: WebAssembly.Module;
  readonly bytes: Uint8Array;
  /** Runs the fixture to its crash. @returns what it throws */
  run(): unknown;
}

export function instantiate(of: Fixture): Running {
  const bytes = loadModule(of);
  const wasi = new WASI({ version: "preview1", args: ["app"], stdout: nowhere, stderr: nowhere });
  const module = new WebAssembly.Module(bytes);
  const memory = (): DataView => new DataView((instance.exports["memory"] as WebAssembly.Memory).buffer);
  const imports = { ...(wasi.getImportObject() as object), ...hostImports(module, memory) };
  const instance: WebAssembly.Instance = new WebAssembly.Instance(module, imports);
  return {
    instance,
    module,
    bytes,
    run() {
      const [entry, ...values] = callOf(of);
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

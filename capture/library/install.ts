/** Hooks on what nobody catches: in Node, Deno and Bun, in browsers' windows and workers, in Workers. */
import type { CapturedDump, HookOptions } from "./model";
import { keepWholeStacks } from "./stack";
import { deliver } from "./wrap";

interface Files {
  writeFileSync(path: string, bytes: string): void;
  appendFileSync(path: string, bytes: Uint8Array): void;
}

/** The parts of hosts that are used, none of which must be there. */
interface Host {
  readonly process?: {
    readonly pid?: number;
    on?(event: string, listener: (error: unknown) => void): unknown;
    off?(event: string, listener: (error: unknown) => void): unknown;
    getBuiltinModule?(name: string): Files | undefined;
  };
  addEventListener?(event: string, listener: (event: ErrorLike) => void): void;
  removeEventListener?(event: string, listener: (event: ErrorLike) => void): void;
}

type ErrorLike = { readonly error?: unknown; readonly reason?: unknown };

const host = globalThis as unknown as Host;

/**
 * Takes a core dump when an error with WebAssembly frames is caught by nobody; the program ends, or goes on, as
 * it does without. `onDump` must do its work at once where the program ends. Without it the dump is written to
 * the working directory, as `NAME.PID.coredump`; where there are no files it must be given.
 * @returns a function that takes the hooks away
 * @throws TypeError when `onDump` is missing and there are no files
 */
export function installCapture(options: HookOptions = {}): () => void {
  const { process } = host;
  const files = process?.getBuiltinModule?.("node:fs");
  if (!options.onDump && !files) throw new TypeError("installCapture needs onDump: there are no files here");
  const hooks = {
    ...options,
    onDump: options.onDump ?? ((dump: CapturedDump) => writeFile(dump, files!, options)),
  };
  const crashed = (error: unknown) => deliver(error, hooks);
  const onEvent = ({ error, reason }: ErrorLike) => crashed(error ?? reason);
  keepWholeStacks();
  // A monitor changes nothing of what the program does; it is told of rejections too.
  process?.on?.(MONITOR, crashed);
  for (const event of EVENTS) host.addEventListener?.(event, onEvent);
  return () => {
    process?.off?.(MONITOR, crashed);
    for (const event of EVENTS) host.removeEventListener?.(event, onEvent);
  };
}

const MONITOR = "uncaughtExceptionMonitor";
const EVENTS = ["error", "unhandledrejection"];

function writeFile(dump: CapturedDump, files: Files, { executable, name = "wasm" }: HookOptions): void {
  const program = (executable ?? name).replace(/[^\w.-]/g, "_");
  const path = `${program}.${host.process?.pid}.coredump`;
  files.writeFileSync(path, "");
  for (const chunk of dump.chunks()) files.appendFileSync(path, chunk);
  console.error(`Wrote the core dump ${path}`);
}

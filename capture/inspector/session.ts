/**
 * Watches the running program for Wasm traps and takes a full core dump of each, of unmodified modules:
 * typed locals, operand stacks and globals of every Wasm frame, and all of memory.
 *
 * A trap is an exception whose youngest frame is a Wasm frame and that is no thrown `WebAssembly.Exception`.
 * Its class says nothing, since hosts may throw a RuntimeError as well.
 *
 * V8 does not pause where its own stack overflows, so that one kind of trap gives no dump.
 */
import { writeCoreDump } from "../../engine/coredump/writer";
import type { Debugger, Inspector, Runtime } from "./inspector";
import { ModuleScripts } from "./modules";
import { OwnInspector } from "./own";
import { recordPause } from "./recording";

export interface CaptureOptions {
  /** The program's name in the dump; the youngest frame's module name when it is not given. */
  readonly executable?: string;
  /**
   * Not traps alone: every Error that a function of the host throws through Wasm frames, and every exception that
   * Wasm throws. Programs may catch either, so this is for those that are known not to.
   */
  readonly exceptions?: boolean;
  /** Not traps alone: wherever somebody has the program pause within Wasm, as one does with a program that hangs. */
  readonly pauses?: boolean;
  /** Called while the program stands at the trap, with the dump's bytes. */
  readonly onDump: (dump: Uint8Array) => void;
}

/** Deep enough for every stack that V8 allows. */
const deepestStack = 100_000;

export class TrapWatch {
  private readonly scripts: ModuleScripts;

  private constructor(
    private readonly options: CaptureOptions,
    private readonly inspector: Inspector,
  ) {
    this.scripts = new ModuleScripts(inspector);
  }

  /**
   * Watches from now on, until `stop`. Modules run somewhat slower (V8's debugging tier) meanwhile.
   * @param inspector of the program; this one's when it is not given
   */
  static start(options: CaptureOptions, inspector: Inspector = new OwnInspector()): TrapWatch {
    const watch = new TrapWatch(options, inspector);
    inspector.onPaused((pause) => watch.paused(pause));
    inspector.onRestart(() => {
      watch.scripts.forget();
      watch.enable();
    });
    watch.enable();
    return watch;
  }

  private enable(): void {
    const { inspector } = this;
    inspector.command("Runtime.enable");
    inspector.command("Runtime.setMaxCallStackSizeToCapture", { size: deepestStack });
    inspector.command("Debugger.enable");
    inspector.command("Debugger.setPauseOnExceptions", { state: "all" });
  }

  stop(): void {
    this.inspector.close();
  }

  private paused(pause: Debugger.PausedEventDataType): void {
    // The latter where V8 foresees that the exception rejects a promise: it is thrown in an asynchronous function.
    const isException = pause.reason === "exception" || pause.reason === "promiseRejection";
    const thrown = isException ? (pause.data as Runtime.RemoteObject | undefined) : undefined;
    if (!(isException ? this.isWanted(pause.callFrames, thrown) : this.isInside(pause.callFrames))) return;
    const { inspector, scripts, options } = this;
    const contents = recordPause(inspector, scripts, pause.callFrames, thrown, options.executable);
    this.options.onDump(writeCoreDump(contents));
  }

  private isWanted(
    [youngest, ...callers]: readonly Debugger.CallFrame[],
    thrown: Runtime.RemoteObject | undefined,
  ): boolean {
    if (youngest === undefined) return false;
    if (this.isWasm(youngest))
      return this.options.exceptions === true || thrown?.className !== "WebAssembly.Exception";
    return this.options.exceptions === true && thrown?.subtype === "error" && callers.some(this.isWasm);
  }

  private isInside(frames: readonly Debugger.CallFrame[]): boolean {
    return this.options.pauses === true && frames.some(this.isWasm);
  }

  private readonly isWasm = (frame: Debugger.CallFrame): boolean => this.scripts.has(frame.location.scriptId);
}

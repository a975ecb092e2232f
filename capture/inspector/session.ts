/**
 * Watches the running program for Wasm traps and takes a full core dump of each, of unmodified modules:
 * typed locals, operand stacks and globals of every Wasm frame, and all of memory.
 *
 * A trap is an exception whose youngest frame is a Wasm frame and that is no thrown `WebAssembly.Exception`.
 * Its class says nothing, since hosts may throw a RuntimeError as well.
 *
 * V8 does not pause where its own stack overflows, so that one kind of trap gives no dump.
 */
import { type CoreDumpContents, writeCoreDump } from "../../engine/coredump/writer";
import { recordFrames } from "./frames";
import { type Debugger, Inspector, type Runtime } from "./inspector";
import { InstanceRecorder } from "./instances";
import { ModuleScripts } from "./modules";

export interface CaptureOptions {
  /** The program's name in the dump; the youngest frame's module name when it is not given. */
  readonly executable?: string;
  /** Called while the program stands at the trap, with the dump's bytes. */
  readonly onDump: (dump: Uint8Array) => void;
}

/** Deep enough for every stack that V8 allows. */
const deepestStack = 100_000;

export class TrapWatch {
  private readonly inspector = new Inspector();
  private readonly scripts = new ModuleScripts(this.inspector);

  private constructor(private readonly options: CaptureOptions) {}

  /** Watches from now on, until `stop`. Modules run somewhat slower (V8's debugging tier) meanwhile. */
  static start(options: CaptureOptions): TrapWatch {
    const watch = new TrapWatch(options);
    const { inspector } = watch;
    inspector.onPaused((pause) => watch.paused(pause));
    inspector.command("Runtime.enable");
    inspector.command("Runtime.setMaxCallStackSizeToCapture", { size: deepestStack });
    inspector.command("Debugger.enable");
    inspector.command("Debugger.setPauseOnExceptions", { state: "all" });
    return watch;
  }

  stop(): void {
    this.inspector.close();
  }

  private paused(pause: Debugger.PausedEventDataType): void {
    const youngest = pause.callFrames[0];
    const thrown = pause.data as Runtime.RemoteObject | undefined;
    if (pause.reason !== "exception" || youngest === undefined) return;
    if (!this.scripts.has(youngest.location.scriptId) || thrown?.className === "WebAssembly.Exception")
      return;
    this.options.onDump(writeCoreDump(this.contents(pause.callFrames, thrown)));
  }

  private contents(
    callFrames: readonly Debugger.CallFrame[],
    thrown: Runtime.RemoteObject | undefined,
  ): CoreDumpContents {
    const { inspector, scripts } = this;
    const recorder = new InstanceRecorder(inspector);
    const { frames, leftOut } = recordFrames(inspector, scripts, recorder, callFrames);
    const { modules, instances, memories, globals } = recorder;
    const crashed = scripts.module(callFrames[0]!.location.scriptId);
    return {
      executable: this.options.executable ?? modules[0]?.name ?? "",
      threads: [{ name: leftOut === 0 ? "main" : `main (${leftOut} middle frames left out)`, frames }],
      modules,
      instances,
      memories,
      globals,
      notes: {
        ...(thrown && { error: firstLine(thrown) }),
        ...(crashed.buildId && { buildId: crashed.buildId }),
        producer: "wasm-postmortem (V8 inspector)",
      },
    };
  }
}

/** An error's class and message: V8's description goes on with the stack. */
function firstLine(thrown: Runtime.RemoteObject): string {
  return (thrown.description ?? "").split("\n", 1)[0]!;
}

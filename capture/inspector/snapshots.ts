/**
 * Stops a running program at chosen instructions, in its host's functions and at traps, and hands out its state
 * there: what measurements of other producers' dumps are held against.
 */
import { type FileOffset, fileOffset } from "../../engine/bytes/offsets";
import type { CoreDumpContents } from "../../engine/coredump/writer";
import type { WasmModule } from "../../engine/wasm/module";
import type { Debugger, Runtime } from "./inspector";
import { ModuleScripts } from "./modules";
import { OwnInspector } from "./own";
import { recordPause } from "./recording";

export interface Snapshot {
  /** Valid while the listener runs: its memories are the program's. */
  readonly contents: CoreDumpContents;
  readonly module: WasmModule;
}

export interface SnapshotOptions {
  /** Called at each pause of the program: whether its state is wanted. */
  readonly wants: (at: FileOffset) => boolean;
  readonly onSnapshot: (snapshot: Snapshot) => void;
}

export class SnapshotWatch {
  private readonly inspector = new OwnInspector();
  private readonly scripts = new ModuleScripts(this.inspector);
  /** Scripts of modules in the order in which they were compiled. */
  private readonly latest: string[] = [];

  private constructor(private readonly options: SnapshotOptions) {}

  /** Watches from now on, until `stop`. The host pauses as well, at `debugger` statements. */
  static start(options: SnapshotOptions): SnapshotWatch {
    const watch = new SnapshotWatch(options);
    const { inspector } = watch;
    inspector.onScriptParsed(({ scriptId }) => {
      if (watch.scripts.has(scriptId)) watch.latest.push(scriptId);
    });
    inspector.onPaused((pause) => watch.paused(pause));
    inspector.command("Runtime.enable");
    inspector.command("Debugger.enable");
    inspector.command("Debugger.setPauseOnExceptions", { state: "all" });
    return watch;
  }

  stop(): void {
    this.inspector.close();
  }

  /** The module that was compiled last, as V8 has it. */
  get module(): WasmModule | undefined {
    const script = this.latest.at(-1);
    return script === undefined ? undefined : this.scripts.module(script);
  }

  /** Has the program pause in front of the instructions at these offsets of the module compiled last. */
  breakAt(offsets: readonly FileOffset[]): void {
    const scriptId = this.latest.at(-1);
    for (const columnNumber of offsets)
      this.inspector.command("Debugger.setBreakpoint", {
        location: { scriptId, lineNumber: 0, columnNumber },
      });
  }

  /**
   * Whether the program pauses at all from now on. A breakpoint is never removed: V8 dies of that where the frame
   * stands at it.
   */
  pauses(active: boolean): void {
    this.inspector.command("Debugger.setBreakpointsActive", { active });
  }

  private paused({ callFrames, reason, data }: Debugger.PausedEventDataType): void {
    const youngest = callFrames.find((frame) => this.scripts.has(frame.location.scriptId));
    if (youngest === undefined) return;
    if (reason === "exception" && youngest !== callFrames[0]) return;
    const thrown = reason === "exception" ? (data as Runtime.RemoteObject | undefined) : undefined;
    if (!this.options.wants(fileOffset(youngest.location.columnNumber ?? 0))) return;
    this.options.onSnapshot({
      contents: recordPause(this.inspector, this.scripts, callFrames, thrown, undefined),
      module: this.scripts.module(youngest.location.scriptId),
    });
  }
}

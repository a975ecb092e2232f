/** A paused program's whole state, as a core dump has it. */
import type { CoreDumpContents } from "../../engine/coredump/writer";
import { recordFrames } from "./frames";
import type { Debugger, Inspector, Runtime } from "./inspector";
import { InstanceRecorder } from "./instances";
import type { ModuleScripts } from "./modules";

/**
 * Records the Wasm frames of a pause with their instances. The contents' memories are the program's own, not
 * copies: they are to be used while it stands still.
 * @param thrown what the program pauses for, when that is an exception
 * @param executable the program's name; the first module's when it is not given
 */
export function recordPause(
  inspector: Inspector,
  scripts: ModuleScripts,
  callFrames: readonly Debugger.CallFrame[],
  thrown: Runtime.RemoteObject | undefined,
  executable: string | undefined,
): CoreDumpContents {
  const recorder = new InstanceRecorder(inspector);
  const { frames, leftOut } = recordFrames(inspector, scripts, recorder, callFrames);
  const { modules, instances, memories, globals } = recorder;
  const tables = recorder.tables();
  const cut = tables.flatMap(({ size, entries }, index) =>
    size > entries.length
      ? [`Table ${index} has ${size} entries, of which the first ${entries.length} were recorded`]
      : [],
  );
  const youngest = callFrames.find((frame) => scripts.has(frame.location.scriptId));
  const buildId = youngest && scripts.module(youngest.location.scriptId).buildId;
  return {
    executable: executable ?? modules[0]?.name ?? "",
    threads: [{ name: leftOut === 0 ? "main" : `main (${leftOut} middle frames left out)`, frames }],
    modules,
    instances,
    memories,
    globals,
    tables,
    notes: {
      ...(thrown && { error: firstLine(thrown) }),
      ...(buildId && { buildId }),
      producer: "wasm-postmortem (V8 inspector)",
      ...(cut.length > 0 && { problems: cut }),
    },
  };
}

/** An error's class and message: V8's description goes on with the stack. */
function firstLine(thrown: Runtime.RemoteObject): string {
  return (thrown.description ?? "").split("\n", 1)[0]!;
}

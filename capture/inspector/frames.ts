/**
 * The Wasm frames of a paused stack, youngest first, with every local and operand that V8 knows.
 *
 * V8 names a position by its column, which for Wasm is the offset in the module's file; callers stand at
 * their call instruction.
 */
import { ByteReader } from "../../engine/bytes/reader";
import { SlicedSource } from "../../engine/bytes/source";
import type { CoreFrame, RecordedValue } from "../../engine/coredump/model";
import { readLocals } from "../../engine/wasm/instructions";
import type { WasmModule } from "../../engine/wasm/module";
import type { Debugger, Inspector, Runtime } from "./inspector";
import type { InstanceRecorder } from "./instances";
import { type CodePlace, codePlace, type ModuleScripts } from "./modules";
import { recordedValue } from "./values";

/** Frames in full at each end of a stack that is longer than `2 * keptAtEachEnd`. */
const keptAtEachEnd = 1000;

/**
 * Records the Wasm frames of a pause. A runaway recursion's stack has ten thousand frames that say the same:
 * of more than 2000, the 1000 youngest and the 1000 oldest are kept.
 */
export function recordFrames(
  inspector: Inspector,
  scripts: ModuleScripts,
  instances: InstanceRecorder,
  callFrames: readonly Debugger.CallFrame[],
): { frames: CoreFrame[]; leftOut: number } {
  const wasm = callFrames.filter((frame) => scripts.has(frame.location.scriptId));
  const kept =
    wasm.length <= 2 * keptAtEachEnd
      ? wasm
      : [...wasm.slice(0, keptAtEachEnd), ...wasm.slice(-keptAtEachEnd)];
  const frames: CoreFrame[] = [];
  for (const frame of kept) {
    const module = scripts.module(frame.location.scriptId);
    const place = codePlace(module, frame.location.columnNumber ?? 0);
    const scope = (type: string) => frame.scopeChain.find((candidate) => candidate.type === type)?.object;
    const instance = scope("module");
    if (place === undefined || instance === undefined) continue;
    frames.push({
      ...place,
      instance: instances.index(module, instance),
      locals: recordLocals(inspector, module, place, scope("local")),
      stack: recordStack(inspector, scope("wasm-expression-stack")),
    });
  }
  return { frames, leftOut: wasm.length - kept.length };
}

/** V8 lists locals by name in index order; a list that is not whole cannot be numbered, and is left out. */
function recordLocals(
  inspector: Inspector,
  module: WasmModule,
  place: CodePlace,
  scope: Runtime.RemoteObject | undefined,
): RecordedValue[] {
  if (scope === undefined) return [];
  const members = inspector.properties(scope);
  if (members.length !== localCount(module, place)) return [];
  return members.map((member) => recordedValue(inspector, member.value));
}

/** Parameters and declared locals. */
function localCount(module: WasmModule, { functionIndex }: CodePlace): number | undefined {
  const body = module.body(functionIndex);
  const type = module.functionType(functionIndex);
  if (body === undefined || type === undefined) return undefined;
  const source = new SlicedSource("function body", module.source, body.fileStart, body.size);
  const runs = readLocals(new ByteReader(source.read(0, source.size), source.name));
  return runs.reduce((count, run) => count + run.count, type.parameters.length);
}

/** The operand stack, bottom first. */
function recordStack(inspector: Inspector, scope: Runtime.RemoteObject | undefined): RecordedValue[] {
  const stack = scope && inspector.properties(scope).find((member) => member.name === "stack")?.value;
  if (stack === undefined) return [];
  return inspector.properties(stack).map((member) => recordedValue(inspector, member.value));
}

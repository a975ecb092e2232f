/**
 * The Wasm frames of a paused stack, youngest first, with every local and operand that V8 knows.
 *
 * V8 names a position by its column, which for Wasm is the offset in the module's file; callers stand at
 * their call instruction.
 */
import type { CoreFrame, RecordedValue } from "../../engine/coredump/model";
import { FunctionCode } from "../../engine/wasm/function-code";
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
    const code = FunctionCode.of(module, place.functionIndex);
    const locals = recordLocals(inspector, code, scope("local"));
    const lost = frame === wasm[0] && clobbersRegisters(code, place);
    frames.push({
      ...place,
      instance: instances.index(module, instance),
      locals: lost ? locals.map(() => ({ type: "missing" })) : locals,
      stack: lost ? [] : recordStack(inspector, scope("wasm-expression-stack")),
    });
  }
  return { frames, leftOut: wasm.length - kept.length };
}

/**
 * Whether V8 tells wrong values of a frame that trapped here. Where these instructions check their bounds
 * themselves, locals that lived in machine registers read as whatever the registers hold after the trap, and
 * nothing tells which they are.
 */
function clobbersRegisters(code: FunctionCode | undefined, { offset }: CodePlace): boolean {
  const instruction = code?.instructionAt(offset);
  return instruction !== undefined && /^memory\.(copy|fill|init)$|atomic/.test(instruction.mnemonic);
}

/** V8 lists locals by name in index order; a list that is not whole cannot be numbered, and is left out. */
function recordLocals(
  inspector: Inspector,
  code: FunctionCode | undefined,
  scope: Runtime.RemoteObject | undefined,
): RecordedValue[] {
  if (scope === undefined) return [];
  const members = inspector.properties(scope);
  if (members.length !== code?.localCount) return [];
  return members.map((member) => recordedValue(inspector, member.value));
}

/** The operand stack, bottom first. */
function recordStack(inspector: Inspector, scope: Runtime.RemoteObject | undefined): RecordedValue[] {
  const stack = scope && inspector.properties(scope).find((member) => member.name === "stack")?.value;
  if (stack === undefined) return [];
  return inspector.properties(stack).map((member) => recordedValue(inspector, member.value));
}

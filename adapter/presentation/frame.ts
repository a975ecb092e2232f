/**
 * A frame as DAP shows it. VS Code stands at the first frame whose source is not "deemphasize", so every
 * frame younger than the crash frame is marked (the panic machinery), and so is all that is not the
 * program's own.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import type { Frame, Thread } from "../../engine/postmortem/model";
import { defined } from "../protocol/request";
import type { Client } from "../state/client";
import type { OpenedCrash } from "../state/opened-crash";
import { frameName } from "./frame-name";
import { codeReference } from "./references";
import { describeSource } from "./source";
import { functionLine, functionText } from "./wat";

/** What a client may ask of frames. */
export const FRAME_CAPABILITIES: DebugProtocol.Capabilities = {
  supportsDelayedStackTraceLoading: true,
  supportsValueFormattingOptions: true,
};

export async function describeFrame(
  opened: OpenedCrash,
  client: Client,
  thread: Thread,
  frame: Frame,
  format: DebugProtocol.StackFrameFormat | undefined,
): Promise<DebugProtocol.StackFrame> {
  const passed = isPassed(thread, frame);
  const { name, place, instruction } = await settle(() => ({
    name: frameName(frame, format),
    place: placeOf(opened, frame),
    instruction: instructionReference(frame),
  }));
  const source =
    place.kind === "file"
      ? await describeSource(opened, place.file, frame.origin, passed)
      : place.kind === "wat"
        ? watSource(place, passed)
        : undefined;
  return defined<DebugProtocol.StackFrame>({
    id: opened.frameId(thread, frame),
    name,
    source,
    line: client.line(place.line),
    column: client.column(place.column),
    canRestart: false,
    instructionPointerReference: instruction,
    moduleId: frame.physical.module.id,
    presentationHint: frame.origin === "program" ? "normal" : "subtle",
  });
}

/** Whether VS Code should pass over this frame when it looks for the one to stand at. */
function isPassed(thread: Thread, frame: Frame): boolean {
  if (frame.index === thread.crashFrame) return false;
  return frame.index < thread.crashFrame || frame.origin !== "program";
}

type Wat = { readonly kind: "wat"; readonly name: string; readonly reference: number };
type Place = { readonly line: number; readonly column: number } & (
  | ({ readonly kind: "file" } & Pick<NonNullable<Frame["location"]>, "file">)
  | Wat
  | { readonly kind: "nowhere" }
);

/** The source line; where none is known, the instruction in the function's disassembly. */
function placeOf(opened: OpenedCrash, frame: Frame): Place {
  const { location } = frame;
  if (location !== undefined) return { kind: "file", ...location };
  const { module, functionIndex, pc } = frame.physical;
  if (module.wasm.body(functionIndex) === undefined) return { kind: "nowhere", line: 0, column: 0 };
  return {
    kind: "wat",
    name: `${module.name}.func${functionIndex}.wat`,
    reference: opened.texts.reference(
      `function ${module.id}:${functionIndex}`,
      () => functionText(module.wasm, functionIndex) ?? "",
    ),
    line: pc === undefined ? 0 : functionLine(module.wasm, functionIndex, pc),
    column: 0,
  };
}

function watSource({ name, reference }: Wat, passed: boolean): DebugProtocol.Source {
  return { name, sourceReference: reference, presentationHint: passed ? "deemphasize" : "normal" };
}

/** Where the disassembly of this frame begins; undefined when the dump's offset lies outside of the code. */
function instructionReference({ physical }: Frame): string | undefined {
  if (physical.pc === undefined) return undefined;
  const { id, wasm } = physical.module;
  return codeReference(id, wasm.codeOffsetToFile(physical.pc));
}

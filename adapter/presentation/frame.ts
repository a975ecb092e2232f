/**
 * A frame as DAP shows it. VS Code stands at the first frame whose source is not "deemphasize", so every
 * frame younger than the crash frame is marked (the panic machinery), and so is all that is not the
 * program's own.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { settle } from "../../engine/bytes/remote-source";
import { fileOffsetOf } from "../../engine/postmortem/file-offset";
import type { Frame, SourceLocation, Thread } from "../../engine/postmortem/model";
import { defined } from "../protocol/request";
import type { OpenedCrash } from "../state/opened-crash";
import type { Session } from "../state/session";
import type { ViewSettings } from "../state/view-settings";
import { frameName } from "./frame-name";
import { codeReference } from "./references";
import { describeSource, describeWat } from "./source";
import { functionLine } from "./wat";

/** What a client may ask of frames. */
export const FRAME_CAPABILITIES: DebugProtocol.Capabilities = {
  supportsDelayedStackTraceLoading: true,
  supportsValueFormattingOptions: true,
};

export async function describeFrame(
  { crash: opened, client, view }: Session,
  thread: Thread,
  frame: Frame,
  format: DebugProtocol.StackFrameFormat | undefined,
): Promise<DebugProtocol.StackFrame> {
  const { name, place, instruction } = await settle(() => ({
    name: frameName(frame, { hex: view.hexadecimal, ...format }),
    place: placeOf(frame),
    instruction: instructionReference(frame),
  }));
  return defined<DebugProtocol.StackFrame>({
    id: opened.frameId(thread, frame),
    name,
    source: await sourceOf(opened, thread, frame, place, view),
    line: client.line(place.line),
    column: client.column(place.column),
    canRestart: false,
    instructionPointerReference: instruction,
    moduleId: frame.physical.module.id,
    presentationHint: frame.origin === "program" || view.showRuntimeFrames ? "normal" : "subtle",
  });
}

/**
 * VS Code folds frames whose source is de-emphasized, and does not stand at them. Unfolded, a frame younger than the
 * crash frame must not be stood at either: it has no source then, unless its source is on this machine.
 */
async function sourceOf(
  opened: OpenedCrash,
  thread: Thread,
  frame: Frame,
  place: Place,
  { showRuntimeFrames }: ViewSettings,
): Promise<DebugProtocol.Source | undefined> {
  const isYounger = frame.index < thread.crashFrame;
  const folded =
    isYounger || (frame.index !== thread.crashFrame && frame.origin !== "program" && !showRuntimeFrames);
  const { module, functionIndex } = frame.physical;
  if (place.kind === "nowhere") return undefined;
  if (place.kind === "wat")
    return isYounger && showRuntimeFrames ? undefined : describeWat(opened, module, functionIndex, folded);
  if (isYounger && showRuntimeFrames) {
    const here = await opened.locator.locate(place.file.path, frame.origin === "program");
    if (here === undefined) return undefined;
  }
  return describeSource(opened, place.file, frame.origin, folded);
}

type Place =
  | ({ readonly kind: "file" } & SourceLocation)
  | { readonly kind: "wat"; readonly line: number; readonly column: 0 }
  | { readonly kind: "nowhere"; readonly line: 0; readonly column: 0 };

/** The source line; where none is known, the instruction in the function's disassembly. */
function placeOf({ location, physical }: Frame): Place {
  if (location !== undefined) return { kind: "file", ...location };
  const { module, functionIndex, pc } = physical;
  if (module.wasm.body(functionIndex) === undefined) return { kind: "nowhere", line: 0, column: 0 };
  return {
    kind: "wat",
    line: pc === undefined ? 0 : functionLine(module.wasm, functionIndex, pc),
    column: 0,
  };
}

/** Where the disassembly of this frame begins; undefined where its place in the file's code is not known. */
function instructionReference({ physical }: Frame): string | undefined {
  const at = fileOffsetOf(physical);
  return at === undefined ? undefined : codeReference(physical.module.id, at);
}

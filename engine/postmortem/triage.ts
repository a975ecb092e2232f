/**
 * A crash in one plain object: what a person, a CI job or an agent wants to know first. It holds text only, is
 * stable, and is what `wasm-postmortem triage --json` prints (docs/TRIAGE.md).
 */
import type { Variable } from "../values/model";
import { fileOffsetOf } from "./file-offset";
import type { CodeOrigin, Crash, Frame, SymbolState, Thread, TrapReason } from "./model";

export interface Triage {
  readonly format: "wasm-postmortem.triage";
  readonly version: 1;
  readonly reason: TrapReason;
  readonly thread: { readonly id: number; readonly name: string } | null;
  /** Index into `frames` of the frame to look at; null without frames. */
  readonly crashFrame: number | null;
  readonly frames: readonly TriageFrame[];
  /** Frames of the thread in all; `frames` may be cut. */
  readonly frameCount: number;
  /** Arguments and locals of the crash frame, innermost block first. */
  readonly variables: readonly TriageScope[];
  readonly modules: readonly TriageModule[];
  readonly warnings: readonly string[];
}

export interface TriageFrame {
  readonly index: number;
  readonly function: string;
  readonly inlined: boolean;
  readonly origin: CodeOrigin;
  /** Path as the debug information has it; null without any. */
  readonly path: string | null;
  /** 1-based; 0 = unknown. */
  readonly line: number;
  /** 1-based; 0 = unknown. */
  readonly column: number;
  readonly module: string;
  readonly functionIndex: number;
  /** Bytes from the start of the module's file, as a JavaScript stack trace prints it; null when outside. */
  readonly fileOffset: number | null;
  readonly arguments: readonly TriageVariable[];
}

export interface TriageScope {
  readonly name: string;
  readonly variables: readonly TriageVariable[];
}

export interface TriageVariable {
  readonly name: string;
  readonly type: string | null;
  readonly value: string;
  /** False when `value` says why it is not known. */
  readonly available: boolean;
  /** True for a value whose place the dump did not record: code and memory tell it. */
  readonly recovered?: true;
  readonly children?: readonly TriageVariable[];
}

export interface TriageModule {
  readonly name: string;
  readonly path: string;
  readonly buildId: string | null;
  readonly symbols: SymbolState;
}

/** `value=3, gone=<unavailable>`: a frame's arguments in one line, which each can be asked for by itself. */
export const argumentsText = (frame: TriageFrame): string =>
  frame.arguments
    .map(({ name, value, available }) => `${name}=${available ? value : "<unavailable>"}`)
    .join(", ");

/** Frames that are listed. */
const MAX_FRAMES = 200;
/** Members or elements of a value that are listed, and how deep. */
const MAX_CHILDREN = 20;
const MAX_DEPTH = 2;

export function triage(crash: Crash, thread: Thread | undefined = crash.threads[0]): Triage {
  const crashFrame = thread === undefined || thread.frameCount === 0 ? undefined : thread.crashFrame;
  const standing = crashFrame === undefined ? undefined : thread?.frames(crashFrame, 1)[0];
  return {
    format: "wasm-postmortem.triage",
    version: 1,
    reason: crash.reason,
    thread: thread === undefined ? null : { id: thread.id, name: thread.name },
    crashFrame: crashFrame ?? null,
    frames: thread?.frames(0, Math.max(MAX_FRAMES, (crashFrame ?? 0) + 1)).map(frameOf) ?? [],
    frameCount: thread?.frameCount ?? 0,
    variables: standing === undefined ? [] : scopesOf(standing),
    modules: crash.modules.map(({ name, path, buildId, symbols }) => ({
      name,
      path,
      buildId: buildId ?? null,
      symbols,
    })),
    warnings: crash.warnings,
  };
}

function frameOf(frame: Frame): TriageFrame {
  const { physical, location } = frame;
  return {
    index: frame.index,
    function: frame.name,
    inlined: frame.inlined,
    origin: frame.origin,
    path: location?.file.path ?? null,
    line: location?.line ?? 0,
    column: location?.column ?? 0,
    module: physical.module.name,
    functionIndex: physical.functionIndex,
    fileOffset: fileOffsetOf(physical) ?? null,
    arguments:
      frame.origin === "program" ? frame.parameters.map((variable) => variableOf(variable, MAX_DEPTH)) : [],
  };
}

function scopesOf(frame: Frame): readonly TriageScope[] {
  return frame
    .scopes()
    .filter((scope) => scope.kind === "arguments" || scope.kind === "locals")
    .map((scope) => ({
      name: scope.name,
      variables: scope.variables().map((variable) => variableOf(variable, 0)),
    }));
}

function variableOf({ name, value }: Pick<Variable, "name" | "value">, depth: number): TriageVariable {
  const { children } = value;
  const listed =
    children === undefined || depth >= MAX_DEPTH
      ? []
      : [
          ...children.named().filter(({ hint }) => hint !== "lazy" && hint !== "virtual"),
          ...children.indexed(0, Math.min(children.indexedCount, MAX_CHILDREN)),
        ].slice(0, MAX_CHILDREN);
  return {
    name,
    type: value.typeName ?? null,
    value: value.text(),
    available: value.missing === undefined,
    ...(value.missing === undefined && value.provenance === "recovered" && { recovered: true }),
    ...(listed.length > 0 && { children: listed.map((child) => variableOf(child, depth + 1)) }),
  };
}

/**
 * A stack trace as a core dump: its frames, and neither values nor memory. Each trace of a text is a thread, so
 * that all that reads dumps reads traces.
 */
import { FormatError } from "../../bytes/errors";
import { bodyOffset, type FunctionIndex, fileOffset, functionIndex } from "../../bytes/offsets";
import type { WasmModule } from "../../wasm/module";
import type { ReadOptions } from "../dialects/detect";
import type { CoreDump, CoreFrame, CoreThread } from "../model";
import { type ModuleOfInstance, placeFrames, unknownOffset } from "../placement";
import { parseStackTraces, type StackTrace, type TraceFrame } from "./parse";

/** Stack traces as a dump, and where its frames stand in the text. */
export interface TracedDump {
  readonly dump: CoreDump;
  /** For each thread, the line of the text (0-based) of each of its frames. */
  readonly lines: readonly (readonly number[])[];
}

/**
 * The dump that the stack traces of a text are.
 * @param name the text's, for messages
 * @throws FormatError when there is no stack trace with WebAssembly frames in it
 */
export function readStackTraces(text: string, name: string, { modulesOf }: ReadOptions = {}): TracedDump {
  const traces = parseStackTraces(text);
  if (traces.length === 0) {
    throw new FormatError(
      `${name} has no stack trace with WebAssembly frames`,
      { section: name, offset: 0 },
      "Such a frame reads: at name (wasm://wasm/app-00091342:wasm-function[9]:0x456).",
    );
  }
  const all = traces.flatMap(({ frames }) => frames);
  const names = [...new Set(all.map(({ module }) => module))];
  const dump = {
    executable: "",
    modules: names.map((module) => ({ name: moduleName(module) })),
    instances: names.map((_, module) => ({ module, memories: [], globals: [] })),
    memories: [],
    globals: [],
    notes: traces[0]!.error === undefined ? {} : { error: traces[0]!.error },
    problems: [],
  };
  const instanceOf = (frame: TraceFrame): number => names.indexOf(frame.module);
  // Modules are chosen with the frames in view: their names here are URLs, or made by the engine.
  const written = traces.map((trace) => threadOf(trace, instanceOf, () => undefined).thread);
  const moduleOf = modulesOf?.({ ...dump, threads: written }, "file") ?? (() => undefined);
  const read = traces.map((trace) => threadOf(trace, instanceOf, moduleOf));
  const engines = [...new Set(all.map(({ engine }) => engine))].join(" and ");
  const why = `${traces.length} stack trace${traces.length === 1 ? "" : "s"} as ${engines} writes them, without values and memory`;
  return {
    dump: {
      ...dump,
      threads: read.map(({ thread }, index) => ({
        name: thread.name || `trace ${index + 1}`,
        frames: place(thread.frames, moduleOf),
      })),
      dialect: { name: "stack-trace", why },
    },
    lines: read.map(({ lines }) => lines),
  };
}

/** A URL's last name, less the hash that V8 adds: `wasm://wasm/app-00091342` is `app`. */
function moduleName(module: string): string {
  const last = module
    .replace(/[?#].*$/, "")
    .split(/[\\/]/)
    .at(-1)!;
  return module.startsWith("wasm://") ? last.replace(/-?[0-9a-f]{8}$/, "") : last;
}

/** A trace's frames whose function is known, with offsets in the module's file. */
function threadOf(
  { error = "", frames }: StackTrace,
  instanceOf: (frame: TraceFrame) => number,
  moduleOf: ModuleOfInstance,
): { thread: CoreThread; lines: readonly number[] } {
  const found = frames.flatMap((frame) => {
    const instance = instanceOf(frame);
    const index = indexOf(frame, moduleOf(instance));
    if (index === undefined) return [];
    const offset = frame.offset === undefined ? unknownOffset : bodyOffset(frame.offset);
    return [{ line: frame.line, core: { instance, functionIndex: index, offset, locals: [], stack: [] } }];
  });
  return {
    thread: { name: error, frames: found.map(({ core }) => core) },
    lines: found.map(({ line }) => line),
  };
}

/** Frames with offsets in their functions' bodies; unknown where the offset lies in another function. */
function place(frames: readonly CoreFrame[], moduleOf: ModuleOfInstance): readonly CoreFrame[] {
  return placeFrames(frames, "file", moduleOf).map((placed, index) => {
    const written = frames[index]!;
    const fits = placed.functionIndex === written.functionIndex;
    return fits ? placed : { ...written, offset: unknownOffset };
  });
}

/** The function that a frame names by its index, where it stands, or by its name where that is the only function's. */
function indexOf(frame: TraceFrame, module: WasmModule | undefined): FunctionIndex | undefined {
  if (frame.functionIndex !== undefined) return functionIndex(frame.functionIndex);
  if (module === undefined) return undefined;
  if (frame.offset !== undefined) {
    const pc = module.fileToCodeOffset(fileOffset(frame.offset));
    return pc === undefined ? undefined : module.functionAt(pc);
  }
  const named: FunctionIndex[] = [];
  for (let index = 0; index < module.functionCount; index++) {
    if (module.functionName(functionIndex(index)) === frame.functionName) named.push(functionIndex(index));
  }
  return named.length === 1 ? named[0] : undefined;
}

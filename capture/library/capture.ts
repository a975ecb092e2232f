/**
 * Takes a core dump of a program that has thrown: frames from the error's stack, memory and globals from the
 * instance, written as the specification has it (WebAssembly/tool-conventions, Coredump.md). What JavaScript
 * does not know, such as locals, is left out for the reader to recover.
 */
import { notesSection, unknownOffset } from "../../engine/coredump/encoding";
import type { CrashNotes } from "../../engine/coredump/model";
import { type Bytes, custom, globalOf, named, section, uleb, utf8, vector } from "./encoding";
import { memorySections } from "./memory";
import type { CapturedDump, CaptureOptions, ProgramInstance } from "./model";
import { bodyStart, buildIdOf } from "./module-file";
import { nameOf, ownersOf } from "./owners";
import { partsOf } from "./parts";
import { dumpOf } from "./pieces";
import { type PrintedFrame, stackOf } from "./stack";
import { ranOn } from "./watched";

/**
 * Takes the core dump of an error that came out of WebAssembly: a trap, an overflowing stack, an exception of a
 * host function, or anything that ends a hang, which has no frames.
 * @returns undefined when the dump could not be taken, which is logged: this is called where an error is being
 *   handled, and never throws
 */
export function captureCoreDump(error: unknown, options: CaptureOptions = {}): CapturedDump | undefined {
  return guarded(() => capture(error, options));
}

/** What `take` gives; undefined when it throws, which is logged. */
export function guarded<T>(take: () => T): T | undefined {
  try {
    return take();
  } catch (failure) {
    failed(failure);
    return undefined;
  }
}

export const failed = (failure: unknown): void => console.error(`No core dump: ${failure}`);

function capture(thrown: unknown, options: CaptureOptions): CapturedDump {
  const { error, text, frames, cut } = stackOf(thrown);
  const late = ranOn(thrown);
  const programs = [options, ...(options.instances ?? [])].filter(isGiven);
  const owners = ownersOf(frames, programs);
  const ownerOf = ({ module }: PrintedFrame) => owners.get(module)!;
  const instances = [...new Set([...owners.values(), ...programs])];
  const problems: string[] = [];
  if (cut) problems.push("The stack is cut: older frames are missing");
  if (late) problems.push("The program ran on: memory is newer, globals are left out");
  for (const [module, owner] of owners)
    if (!programs.includes(owner)) problems.push(`No instance is known for ${module}`);
  const modules = instances.map((instance) => nameOf(instance) ?? "");
  const buildId = instances[0] && buildIdOf(instances[0]);

  const memories: WebAssembly.Memory[] = [];
  const globals: Bytes[] = [];
  const names = instances.map((instance) => {
    const parts = partsOf(instance);
    const indices = { memories: {}, globals: {} } as Record<"memories" | "globals", Record<string, number>>;
    for (const [name, memory] of parts.memories) {
      if (!memories.includes(memory)) memories.push(memory);
      indices.memories[name] = memories.indexOf(memory);
    }
    for (const [name, global] of late ? [] : parts.globals) {
      const bytes = globalOf(readable(global));
      if (bytes) indices.globals[name] = globals.push(bytes) - 1;
    }
    return indices;
  });

  const memory = memorySections(memories, options);
  const inBodies = frames.every((frame) => ownerOf(frame).bytes);
  const offsetOf = (frame: PrintedFrame) => {
    const { offset = unknownOffset } = frame;
    const start = inBodies ? bodyStart(ownerOf(frame).bytes!, offset) : 0;
    return start === undefined ? unknownOffset : offset - start;
  };
  const notes: CrashNotes = {
    error,
    ...(buildId && { buildId }),
    producer: "wasm-postmortem (capture)",
    stack: text,
    ...(!inBodies && { codeOffsets: "file" }),
    memoryGaps: memory.whole ? "zero" : "absent",
    names,
    problems,
  };
  return dumpOf(
    [
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      custom("core", named(options.executable ?? modules[0] ?? "")),
      ...memory.pieces.slice(0, 1),
      globals.length > 0 ? section(6, vector(globals)) : [],
      ...memory.pieces.slice(1),
      custom("coremodules", vector(modules.map(named))),
      custom(
        "coreinstances",
        vector(
          names.map((indices, module) => [
            0,
            ...uleb(module),
            ...vector([...new Set(Object.values(indices.memories))].map(uleb)),
            0, // which of the module's globals are there, only the notes tell
          ]),
        ),
      ),
      custom("corestack", [
        ...named("main"),
        ...vector(
          frames.map((frame) => [
            0,
            ...uleb(instances.indexOf(ownerOf(frame))),
            ...uleb(frame.index),
            ...uleb(offsetOf(frame)),
            0,
            0,
          ]),
        ),
      ]),
      custom(notesSection, utf8(JSON.stringify(notes))),
    ],
    frames.length,
  );
}

/** A global's value; undefined where JavaScript may not read it. */
function readable(global: WebAssembly.Global): unknown {
  try {
    return global.value;
  } catch {
    return undefined;
  }
}

const isGiven = ({ instance, memory, module, bytes }: ProgramInstance): unknown =>
  instance ?? memory ?? module ?? bytes;

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
import { type Parts, partsOf } from "./parts";
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

/** Logs why there is no dump, if that can be done: the stack may be full, and the failure have no text. */
export function failed(failure: unknown): void {
  try {
    console.error(`No core dump: ${failure}`);
  } catch {
    // Nobody can be told.
  }
}

function capture(thrown: unknown, options: CaptureOptions): CapturedDump {
  const { error, text, frames, cut } = stackOf(thrown);
  const late = ranOn(thrown);
  const programs = [options, ...(options.instances ?? [])].filter(isGiven);
  const owners = ownersOf(frames, programs);
  const instances = [...new Set([...owners, ...programs])];
  const modules = instances.map((instance) => nameOf(instance) ?? "");
  const problems: string[] = [];
  if (cut) problems.push("The stack is cut: older frames are missing");
  if (late) problems.push("The program ran on: memory is newer, globals are left out");
  instances.forEach((instance, at) => {
    if (!programs.includes(instance)) problems.push(`No instance is known for ${modules[at]}`);
  });

  const memories: WebAssembly.Memory[] = [];
  const globals: Bytes[] = [];
  const names = instances.map((instance) => {
    const parts = guarded(() => partsOf(instance));
    const indices: { [kind in keyof Parts]: Record<string, number> } = { memories: {}, globals: {} };
    for (const [name, memory] of parts?.memories ?? []) {
      if (!memories.includes(memory)) memories.push(memory);
      indices.memories[name] = memories.indexOf(memory);
    }
    for (const [name, global] of (!late && parts?.globals) || []) {
      const bytes = globalOf(readable(global));
      if (bytes) indices.globals[name] = globals.push(bytes) - 1;
    }
    return indices;
  });

  const { types, data, whole } = memorySections(memories, options);
  const inBodies = owners.every(({ bytes }) => bytes);
  const buildId = instances[0] && buildIdOf(instances[0]);
  const notes: CrashNotes = {
    error,
    ...(buildId && { buildId }),
    producer: "wasm-postmortem (capture)",
    stack: text,
    ...(!inBodies && { codeOffsets: "file" }),
    memoryGaps: whole ? "zero" : "absent",
    names,
    problems,
  };
  const frameOf = ({ index, offset }: PrintedFrame, at: number) => {
    const { bytes } = owners[at]!;
    const start = offset && inBodies ? bodyStart(bytes!, offset) : 0;
    return [
      0,
      ...uleb(instances.indexOf(owners[at]!)),
      ...uleb(index),
      ...uleb(offset && start !== undefined ? offset - start : unknownOffset),
      0, // no locals
      0, // no operands
    ];
  };
  return dumpOf(
    [
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      custom("core", named(options.executable ?? modules[0] ?? "")),
      types,
      globals.length > 0 ? section(6, vector(globals)) : [],
      ...data,
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
      custom("corestack", [...named("main"), ...vector(frames.map(frameOf))]),
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

/**
 * Takes a core dump of a program that has thrown: frames from the error's stack, memory and globals from the
 * instance, written as the specification has it (WebAssembly/tool-conventions, Coredump.md). What JavaScript
 * does not know, such as locals, is left out for the reader to recover.
 */
import { notesSection, unknownOffset } from "../../engine/coredump/encoding";
import type { CrashNotes } from "../../engine/coredump/model";
import { type Bytes, custom, globalOf, named, section, uleb, utf8, vector } from "./encoding";
import { frameSources } from "./frame-source";
import { guarded } from "./guard";
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

function capture(thrown: unknown, options: CaptureOptions): CapturedDump {
  const { error, text, frames, cut } = stackOf(thrown);
  const late = ranOn(thrown);
  const programs = [options, ...(options.instances ?? [])].filter(isGiven);
  const owners = ownersOf(frames, programs);
  const instances = [...new Set([...owners, ...programs])];
  const modules = instances.map(nameOf);
  const problems = instances.flatMap((instance, at) =>
    programs.includes(instance) ? [] : [`No instance is known for ${modules[at]}`],
  );
  if (cut) problems.push("The stack is cut: older frames are missing");
  if (late) problems.push("The program ran on: memory is newer, globals are left out");

  const memories: WebAssembly.Memory[] = [];
  const globals: Bytes[] = [];
  const names = instances.map((instance) => {
    const parts = partsOf(instance);
    const indices: { [kind in "memories" | "globals"]: Record<string, number> } = {
      memories: {},
      globals: {},
    };
    for (const [name, memory] of parts.memories) {
      if (!memories.includes(memory)) memories.push(memory);
      indices.memories[name] = memories.indexOf(memory);
    }
    for (const [name, global] of late ? [] : parts.globals) {
      const bytes = globalOf(global);
      if (bytes) indices.globals[name] = globals.push(bytes) - 1;
    }
    return indices;
  });

  const { types, data, whole } = memorySections(memories, options);
  const known = frameSources[0]?.(thrown, frames, owners) ?? [];
  const inBodies = owners.every(({ bytes }, at) => bytes ?? known[at] !== undefined);
  const notes: { [note in keyof CrashNotes]: CrashNotes[note] | undefined } = {
    error,
    buildId: buildIdOf(instances[0]) ?? buildIdOf(known[0] ?? undefined),
    producer: "wasm-postmortem (capture)",
    stack: text,
    codeOffsets: inBodies ? undefined : "file",
    original: known.some(Boolean) || undefined,
    memoryGaps: whole ? "zero" : "absent",
    names,
    problems,
  };
  const frameOf = (printed: PrintedFrame, at: number) => {
    if (known[at] === null) return [];
    const owner = owners[at]!;
    const start = inBodies && owner.bytes ? bodyStart(owner.bytes, printed.offset ?? 0) : 0;
    const { index, offset, locals, stack } = known[at] ?? {
      ...printed,
      offset: printed.offset && start !== undefined ? printed.offset - start : undefined,
      locals: [],
      stack: [],
    };
    const isTold = offset !== undefined && (inBodies || !known[at]);
    return [
      [
        0,
        ...uleb(instances.indexOf(owner)),
        ...uleb(index),
        ...uleb(isTold ? offset : unknownOffset),
        ...vector(locals),
        ...vector(stack),
      ],
    ];
  };
  const instanceOf = (indices: { memories: Record<string, number> }, module: number) => [
    0,
    ...uleb(module),
    ...vector([...new Set(Object.values(indices.memories))].map(uleb)),
    0, // which of the module's globals are there, only the notes tell
  ];
  return dumpOf(
    [
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      custom("core", named(options.executable ?? modules[0])),
      types,
      globals.length > 0 ? section(6, vector(globals)) : [],
      ...data,
      custom("coremodules", vector(modules.map((name) => named(name)))),
      custom("coreinstances", vector(names.map(instanceOf))),
      custom("corestack", [...named("main"), ...vector(frames.flatMap(frameOf))]),
      custom(notesSection, utf8(JSON.stringify(notes))),
    ],
    frames.length,
  );
}

const isGiven = ({ instance, memory, module, bytes }: ProgramInstance): unknown =>
  instance ?? memory ?? module ?? bytes;

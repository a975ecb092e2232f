/**
 * Opens a crash: joins a core dump with the modules that ran.
 *
 * Opening reads section headers only. Threads, the reason and the warnings are worked out when they are
 * asked for, and kept.
 */
import { attempt, FormatError, once } from "../bytes/errors";
import type { ByteSource } from "../bytes/source";
import type { ReadOptions } from "../coredump/dialects/detect";
import type { CoreDump } from "../coredump/model";
import { readCoreDump } from "../coredump/reader";
import { readStackTraces, type TracedDump } from "../coredump/stack-trace/dump";
import { fitProblems } from "./fit";
import { functionInTable, physicalFrames } from "./frames";
import type { Crash, CrashModule, PhysicalFrame, Thread, TrapReason } from "./model";
import { problemsOf } from "./modules";
import { absentModule, moduleIndex, Program, type ProgramFiles } from "./program";
import { explainCrash, type NamedFrame, SEARCHED } from "./reason/reason";
import { CrashThread } from "./thread";

export interface CrashFiles extends ProgramFiles {
  readonly dump: ByteSource;
  /** Reads the dump in this dialect, whatever it looks like. */
  readonly dialect?: string | undefined;
}

/** @throws FormatError when the dump is no core dump or a module no Wasm module */
export function openCrash({ dump, dialect, ...files }: CrashFiles): Crash {
  const program = new Program(files);
  return new RecordedCrash(
    readCoreDump(dump, { dialect, modulesOf: (read) => program.modulesOf(read) }),
    program,
  );
}

/**
 * Opens the stack traces of a text as a crash: a thread for each, frames and lines, no values.
 * @param name the text's, for messages
 * @returns the crash, and for each thread the line of the text (0-based) of each physical frame
 * @throws FormatError when there are none, or a module is no Wasm module
 */
export function openStackTraces(
  text: string,
  name: string,
  files: ProgramFiles,
): { readonly crash: Crash; readonly lines: TracedDump["lines"] } {
  const program = new Program(files);
  const modulesOf: ReadOptions["modulesOf"] = (read, from) => program.modulesOf(read, from);
  const { dump, lines } = readStackTraces(text, name, { modulesOf });
  return { crash: new RecordedCrash(dump, program), lines };
}

class RecordedCrash implements Crash {
  readonly dump: CoreDump;
  readonly modules: readonly CrashModule[];

  constructor(recorded: CoreDump, program: Program) {
    this.dump = program.toOriginals(recorded);
    this.modules = program.open(recorded);
  }

  private readonly openThreads = once(() => {
    const stray = once(() => absentModule(-1, "unknown module"));
    const moduleOf = (instance: number) => this.modules[moduleIndex(this.dump, instance)] ?? stray();
    return this.dump.threads.map(
      (core, index) => new CrashThread(index + 1, core, physicalFrames(this.dump, core, moduleOf)),
    );
  });

  get threads(): readonly Thread[] {
    return this.openThreads();
  }

  private readonly explain = once((): TrapReason => {
    const thread = this.openThreads()[0];
    const { notes, dialect } = this.dump;
    return explainCrash(thread === undefined ? [] : namedFrames(thread), notes.error, dialect.name);
  });

  get reason(): TrapReason {
    return this.explain();
  }

  private readonly warn = once((): readonly string[] => {
    const warnings = [...this.dump.problems];
    const recorded = this.dump.notes.buildId;
    const threads = this.openThreads();
    for (const module of this.modules) {
      if (recorded !== undefined && this.modules.length === 1) warnings.push(...otherBuild(recorded, module));
      for (const thread of threads) warnings.push(...fitProblems(thread, module));
      const { symbols, sourceMap } = module;
      if ("why" in symbols && threads.some((thread) => thread.runs(module)))
        warnings.push(`No debug information for ${module.name}: ${symbols.why}.`);
      if (sourceMap?.problem !== undefined) warnings.push(sourceMap.problem.message);
      for (const problem of module.wasm.problems) warnings.push(problem.message);
      warnings.push(...problemsOf(module));
      for (const thread of threads) warnings.push(...withoutCode(thread, module));
    }
    return warnings;
  });

  get warnings(): readonly string[] {
    const warnings = attempt(this.warn);
    return warnings instanceof FormatError ? [warnings.message] : warnings;
  }
}

function otherBuild(recorded: string, { path, buildId }: CrashModule): readonly string[] {
  if (buildId === undefined || recorded === buildId) return [];
  return [
    `The core dump is of another build than ${path}: it has build id ${recorded}, the module has ${buildId}. ` +
      "Frames, lines and variables would be wrong: open it with the module that crashed.",
  ];
}

/** What a thread's frames lack where the code of their module is not at hand. */
function withoutCode({ physical }: CrashThread, module: CrashModule): readonly string[] {
  const frames = module.described === undefined ? [] : physical.filter((frame) => frame.module === module);
  if (frames.length === 0) return [];
  const placed = frames.filter(({ pc }) => pc !== undefined).length;
  return [
    `The code of ${module.name} is not at hand: its debug information and its names place ${placed} of ${frames.length} frames. ` +
      "Values that take the code to be certain of are left out: give the module that ran.",
  ];
}

/** The youngest physical frames under the names of their functions, not of what was inlined into them. */
function namedFrames(thread: CrashThread): readonly NamedFrame[] {
  const named = new Map<PhysicalFrame, string>();
  for (const frame of thread.frames()) {
    if (frame.physical.index >= SEARCHED) break;
    named.set(frame.physical, frame.fullName);
  }
  return Array.from(named, ([physical, name]) => ({
    physical,
    name: name.replace(/::h[0-9a-f]{16}$/, ""),
    functionInTable: (slot) => functionInTable(physical, slot),
  }));
}

/**
 * Opens a crash: joins a core dump with the modules that ran.
 *
 * Opening reads section headers only. Threads, the reason and the warnings are worked out when they are
 * asked for, and kept.
 */
import { attempt, FormatError, once } from "../bytes/errors";
import type { ByteSource } from "../bytes/source";
import type { CoreDump } from "../coredump/model";
import { readCoreDump } from "../coredump/reader";
import { fitProblems } from "./fit";
import { functionInTable, physicalFrames } from "./frames";
import type { Crash, CrashModule, PhysicalFrame, Thread, TrapReason } from "./model";
import { type ModuleFiles, openModule } from "./modules";
import { explainCrash, type NamedFrame, SEARCHED } from "./reason/reason";
import { CrashThread } from "./thread";

export interface CrashFiles {
  readonly dump: ByteSource;
  /** The main module's files: for every instance of the dump whose module is not named otherwise. */
  readonly main: ModuleFiles;
}

/** @throws FormatError when the dump is no core dump or the module no Wasm module */
export function openCrash(files: CrashFiles): Crash {
  return new RecordedCrash(readCoreDump(files.dump), files.main);
}

class RecordedCrash implements Crash {
  readonly modules: readonly CrashModule[];

  constructor(
    readonly dump: CoreDump,
    main: ModuleFiles,
  ) {
    const named = dump.modules.length === 1 ? dump.modules[0]?.name : undefined;
    this.modules = [openModule(0, named, main)];
  }

  private readonly openThreads = once(() =>
    this.dump.threads.map(
      (core, index) =>
        new CrashThread(
          index + 1,
          core,
          physicalFrames(this.dump, core, () => this.modules[0]!),
        ),
    ),
  );

  get threads(): readonly Thread[] {
    return this.openThreads();
  }

  private readonly explain = once((): TrapReason => {
    const thread = this.openThreads()[0];
    return explainCrash(thread === undefined ? [] : namedFrames(thread), this.dump.notes.error);
  });

  get reason(): TrapReason {
    return this.explain();
  }

  private readonly warn = once((): readonly string[] => {
    const warnings = [...this.dump.problems];
    const module = this.modules[0]!;
    const recorded = this.dump.notes.buildId;
    if (recorded !== undefined && module.buildId !== undefined && recorded !== module.buildId) {
      warnings.push(
        `The core dump is of another build than ${module.path}: it has build id ${recorded}, the module has ${module.buildId}. ` +
          "Frames, lines and variables would be wrong: open it with the module that crashed.",
      );
    }
    for (const thread of this.openThreads()) warnings.push(...fitProblems(thread, module));
    if (module.symbols.state !== "loaded") {
      warnings.push(`No debug information for ${module.name}: ${module.symbols.why}.`);
    }
    for (const problem of module.wasm.problems) warnings.push(problem.message);
    for (const problem of module.debug?.problems ?? []) warnings.push(problem.message);
    return warnings;
  });

  get warnings(): readonly string[] {
    const warnings = attempt(this.warn);
    return warnings instanceof FormatError ? [warnings.message] : warnings;
  }
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
    functionInTable: (slot) => functionInTable(physical.module, slot),
  }));
}

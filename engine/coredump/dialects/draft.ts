/** A dump's contents with its stacks read by one dialect's rules. */
import { FormatError } from "../../bytes/errors";
import { ByteReader } from "../../bytes/reader";
import { sectionSource } from "../../wasm/sections";
import type { CoreInstance, CoreModule } from "../model";
import { readThread } from "../stack";
import { type Contents, customSections } from "./contents";
import type { Dialect, Draft, DumpFile } from "./dialect";

/** @throws FormatError when the frames are not laid out as the dialect says */
export function readDraft(contents: Contents, dialect: Dialect): Draft {
  const { file, executable, memories, globals, notes } = contents;
  const readings = readThreads(file, dialect);
  const { modules, instances, tables, assumed, problems } = programOf(contents, dialect);
  const frameProblems = checkFrames(readings, instances.length, assumed);
  const dump = {
    executable,
    threads: readings.map(({ thread }) => thread),
    modules,
    instances,
    memories,
    globals,
    ...(tables && { tables }),
    notes,
    problems: [...contents.problems, ...problems, ...frameProblems],
  };
  return { contents, dump, assumed, sound: readings.every(({ problem }) => problem === undefined) };
}

/** Modules and instances; where a dump has none, one of each is assumed. */
function programOf({ program, executable, memories, globals }: Contents, { unusable }: Dialect) {
  const usable = unusable === undefined;
  const modules: readonly CoreModule[] = usable ? program.modules : [];
  const instances: readonly CoreInstance[] = usable ? program.instances : [];
  const problems = usable ? program.problems : [];
  const assumed = !(usable && program.hasInstances) && modules.length <= 1;
  if (!assumed) return { modules, instances, tables: program.tables, problems, assumed };
  const only = { module: 0, memories: [...memories.keys()], globals: [...globals.keys()] };
  return {
    modules: modules.length === 0 ? [{ name: executable }] : modules,
    instances: [only],
    problems,
    assumed,
  };
}

/** A corestack section; `cut` when the file ends inside it. */
type ThreadReading = ReturnType<typeof readThread> & { readonly cut: boolean };

function readThreads(file: DumpFile, { layout }: Dialect): readonly ThreadReading[] {
  return customSections(file, "corestack").map((section) => {
    const source = sectionSource(file.source, section);
    const reading = readThread(new ByteReader(source.read(0, source.size), source.name), layout);
    const isLast = section.start + section.size === file.source.size;
    return { ...reading, cut: isLast && file.problems.length > 0 };
  });
}

/**
 * What is wrong with the frames. Those before a fault are kept where the file is visibly cut, or where they agree
 * with coreinstances; else they were most likely read by the wrong rules.
 * @throws FormatError when the frames are written in another dialect
 */
function checkFrames(
  readings: readonly ThreadReading[],
  instances: number,
  assumed: boolean,
): readonly string[] {
  const problems: string[] = [];
  if (readings.length === 0) problems.push('The dump has no stack: no section "corestack"');
  const stray = readings.flatMap(({ thread }) =>
    thread.frames.filter((frame) => frame.instance >= instances),
  );
  for (const { thread, problem, cut } of readings) {
    if (problem === undefined) continue;
    if (!cut && (assumed || stray.length > 0 || instances === 0)) {
      throw new FormatError(problem.problem, problem.where);
    }
    problems.push(`${problem.message}. Thread "${thread.name}" has ${thread.frames.length} frames before`);
  }
  if (stray.length > 0) {
    problems.push(
      `${stray.length} frames name an instance that is not in the dump, the first one ${stray[0]!.instance} of ${instances}`,
    );
  }
  return problems;
}

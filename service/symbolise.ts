/**
 * From a dump to what people read: reason, stack with lines and inlined calls. The engine reads ranges of dump and debug
 * file as it needs them, so that this takes a few megabytes of memory, however large they are.
 */
import { settle } from "../engine/bytes/remote-source";
import type { ByteSource } from "../engine/bytes/source";
import type { CrashNotes } from "../engine/coredump/model";
import { readCoreDump } from "../engine/coredump/reader";
import { openCrash } from "../engine/postmortem/crash";
import type { NamedSource } from "../engine/postmortem/module-files";
import { type Triage, triage } from "../engine/postmortem/triage";
import { isBuildId } from "../r2/layout";
import { broughtModule } from "./brought-module";
import { Budget } from "./budget";
import type { ArrivedCrash, ExplainedCrash } from "./crash";
import { findDebugFile, namedBytes } from "./debug-files";
import { fingerprintOf } from "./fingerprint";
import { moduleOfParts } from "./module-of-parts";
import type { R2Bucket } from "./platform";
import { pages } from "./r2-source";

/** What the module is called that came with a crash. */
const SENT = "module";

/** One at a time: the isolate has one processor and 128 MB anyway. Times in ms. */
const turns = new Budget(1, { wait: 60_000, hold: 60_000 });

/** Does `work` when no other symbolisation is under way. @throws Refusal 503 when that takes too long */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = await turns.reserve(1);
  try {
    return await work();
  } finally {
    turn.release();
  }
}

/**
 * What can be told of the crash. Where debug information is missing, damaged, or of another build, or the dump is damaged
 * itself, that is among the problems, and the rest is told.
 */
export async function explain(arrived: ArrivedCrash, bucket: R2Bucket | undefined): Promise<ExplainedCrash> {
  const problems = [...arrived.problems];
  const source = await arrived.dump.open();
  const dump = await settle(() => readCoreDump(source)).catch((error: Error) => {
    problems.push(`The dump could not be read: ${error.message}`);
    return undefined;
  });
  const notes: CrashNotes = dump?.notes ?? {};
  const recorded = notes.buildId !== undefined && isBuildId(notes.buildId) ? notes.buildId : undefined;
  const known = arrived.buildId ?? recorded;
  const brought = await broughtModule(arrived.module, known);
  const buildId = known ?? brought?.buildId;

  const isOther = brought !== undefined && brought.buildId !== buildId;
  if (isOther)
    problems.push(
      `The module that came with the crash is of another build: it has build id ${brought.buildId}`,
    );
  const given = isOther ? undefined : (brought?.file ?? arrived.module);
  const sent = namedBytes(SENT, given ?? moduleOfParts(new Map(), notes.stack));
  const hasLines = brought !== undefined && !isOther;
  const found = hasLines ? sent : await findDebugFile(buildId, bucket, pages);
  if (typeof found === "string") problems.push(found);
  const read = await firstOf(
    typeof found === "string" ? [sent] : [...new Set([found, sent])],
    source,
    problems,
  );
  if (read?.module === found) problems.push(...read.facts.warnings);
  const facts = read?.facts ?? withoutFrames(notes.error ?? "unknown error");
  return {
    arrived,
    facts,
    fingerprint: await fingerprintOf(facts),
    buildId,
    debugFile: read === undefined || read.module === sent ? undefined : read.module.path,
    brought: hasLines ? brought.file : undefined,
    executable: dump?.executable ?? "",
    dialect: dump?.dialect.name ?? "unknown",
    producer: notes.producer,
    problems,
  };
}

/** The crash read beside the first of the modules that it can be read beside; why not the others goes to `problems`. */
async function firstOf(
  modules: readonly NamedSource[],
  dump: ByteSource,
  problems: string[],
): Promise<{ readonly module: NamedSource; readonly facts: Triage } | undefined> {
  for (const module of modules) {
    try {
      const crash = await settle(() => openCrash({ dump, main: { module } }));
      return { module, facts: await settle(() => triage(crash)) };
    } catch (error) {
      const what =
        module.path === SENT
          ? "The stack could not be read"
          : `The debug file ${module.path} could not be used`;
      problems.push(`${what}: ${(error as Error).message}`);
    }
  }
  return undefined;
}

/** What is told of a dump that cannot be read: the error that it was taken of. */
const withoutFrames = (title: string): Triage => ({
  format: "wasm-postmortem.triage",
  version: 1,
  reason: { kind: "unknown", title, details: [], trap: title, language: undefined },
  thread: null,
  crashFrame: null,
  frames: [],
  frameCount: 0,
  variables: [],
  modules: [],
  warnings: [],
});

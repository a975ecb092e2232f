/**
 * From a dump to what people read: reason, stack with lines and inlined calls. The engine reads ranges of dump and debug
 * file as it needs them, so that this takes a few megabytes of memory, however large they are.
 */
import { settle } from "../engine/bytes/remote-source";
import type { ByteSource } from "../engine/bytes/source";
import { readCoreDump } from "../engine/coredump/reader";
import { openCrash } from "../engine/postmortem/crash";
import type { NamedSource } from "../engine/postmortem/module-files";
import { type Triage, triage } from "../engine/postmortem/triage";
import { isBuildId } from "../r2/layout";
import { Budget } from "./budget";
import type { ArrivedCrash, ExplainedCrash } from "./crash";
import { findDebugFile, hasDebugInformation, namedBytes } from "./debug-files";
import { fingerprintOf } from "./fingerprint";
import { moduleOfParts } from "./module-of-parts";
import type { R2Bucket } from "./platform";
import { pages } from "./r2-source";

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
 * What can be told of the crash. Where debug information is missing, damaged, or of another build, that is among the
 * problems, and the rest is told without it.
 * @throws FormatError when the dump is none
 */
export async function explain(arrived: ArrivedCrash, bucket: R2Bucket | undefined): Promise<ExplainedCrash> {
  const source = await arrived.dump.open();
  const { notes, dialect, executable } = await settle(() => readCoreDump(source));
  const recorded = notes.buildId !== undefined && isBuildId(notes.buildId) ? notes.buildId : undefined;
  const buildId = arrived.buildId ?? recorded;
  const problems = [...arrived.problems];

  const sent = namedBytes("", arrived.module ?? moduleOfParts(new Map(), notes.stack));
  const found = hasDebugInformation(sent) ? sent : await findDebugFile(buildId, bucket, pages);
  if (typeof found === "string") problems.push(found);
  let module = typeof found === "string" ? sent : found;
  const facts = await triageOf(source, module).catch((error: Error) => {
    if (module === sent) throw error;
    problems.push(`The debug file ${module.path} could not be used: ${error.message}`);
    module = sent;
    return triageOf(source, sent);
  });
  if (typeof found !== "string" && module === found) problems.push(...facts.warnings);
  return {
    arrived,
    facts,
    fingerprint: await fingerprintOf(facts),
    buildId,
    debugFile: module === sent ? undefined : module.path,
    executable,
    dialect: dialect.name,
    producer: notes.producer,
    problems,
  };
}

async function triageOf(dump: ByteSource, module: NamedSource): Promise<Triage> {
  const crash = await settle(() => openCrash({ dump, main: { module } }));
  return settle(() => triage(crash));
}

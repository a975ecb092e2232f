/**
 * Tells dialects apart: each one tries; of those that can read the file, the one whose frames fit the modules and
 * whose traits the file shows wins. The choice is told, with what spoke against the others.
 */
import { attempt, FormatError, once } from "../../bytes/errors";
import { withDeducedPositions } from "../deduction";
import { fitOfThreads } from "../frame-fit";
import type { CoreDump, DialectChoice } from "../model";
import { leaveUnplaced, type ModuleOfInstance, type Positions, placeFrames } from "../placement";
import { type Contents, readContents } from "./contents";
import type { Dialect, DumpFile, Refined } from "./dialect";
import { readDraft } from "./draft";
import { firstRewriter, rewriter, rewriterWithoutInstances, rewriterWithWords } from "./rewriter";
import { specification, specificationWithoutFunctions, specificationWithoutInstances } from "./specification";
import { earlyWasmedge, earlyWasmedgeForWasmgdb, wasmedge, wasmedgeForWasmgdb } from "./wasmedge";
import { earlyWasmer, wasmer } from "./wasmer";
import { wasmtime } from "./wasmtime";

/** Known dialects; at equal scores the earlier one wins. */
export const dialects: readonly Dialect[] = [
  wasmtime,
  wasmedge,
  wasmedgeForWasmgdb,
  specification,
  rewriter,
  rewriterWithoutInstances,
  wasmer,
  earlyWasmedge,
  earlyWasmedgeForWasmgdb,
  specificationWithoutInstances,
  rewriterWithWords,
  earlyWasmer,
  firstRewriter,
  specificationWithoutFunctions,
];

export interface ReadOptions {
  /** Reads in this dialect, whatever the file looks like. */
  readonly dialect?: string | undefined;
  /**
   * The modules of a dump as a dialect reads it: what frames must fit. `positions` says what their offsets
   * count from, where that is known already.
   */
  readonly modulesOf?:
    | ((dump: Omit<CoreDump, "dialect">, positions?: Positions) => ModuleOfInstance)
    | undefined;
}

interface Candidate {
  readonly dialect: Dialect;
  readonly refined: Refined;
  readonly moduleOf: ModuleOfInstance;
  /** What offsets may count from; at least one. */
  readonly possible: readonly Positions[];
  /** What they count from, and how well frames then fit: asked where there is a choice, since it reads code. */
  readonly placed: () => { readonly positions: Positions; readonly fit: number | undefined };
  /** Whether every stack could be read to its end. */
  readonly sound: boolean;
}

/**
 * @throws FormatError when no dialect can read the file, when the chosen one cannot, or when there is none of
 *   that name
 */
export function readByBestDialect(file: DumpFile, options: ReadOptions = {}): CoreDump {
  const tried = options.dialect === undefined ? dialects : [dialectNamed(options.dialect)];
  const contents = readContents(file);
  const refusals: { readonly name: string; readonly error: FormatError }[] = [];
  const candidates: Candidate[] = [];
  for (const dialect of tried) {
    const candidate = attempt(() => tryDialect(dialect, contents, options));
    if (candidate instanceof FormatError) refusals.push({ name: dialect.name, error: candidate });
    else candidates.push(candidate);
  }
  // A reading that ends before the stacks do is the last resort, for a file that is damaged.
  const sound = candidates.filter((candidate) => candidate.sound);
  const possible = sound.length > 0 ? sound : candidates;
  const [best] = possible.length === 1 ? possible : possible.toSorted((a, b) => score(b) - score(a));
  if (best === undefined) throw unreadable(file, refusals);
  const rest = candidates.filter((candidate) => candidate !== best);
  const forced = options.dialect === undefined ? "" : "chosen by the user; ";
  return finish(best, {
    name: best.dialect.name,
    why: () => forced + explain(best),
    others: () => [
      ...rest.map((candidate) => ({ name: candidate.dialect.name, why: objection(candidate) })),
      ...refusals.map(({ name, error }) => ({ name, why: error.problem })),
    ],
  });
}

const score = ({ refined, placed }: Candidate): number => refined.score * (0.2 + 0.8 * (placed().fit ?? 1));

const objection = ({ sound, placed }: Candidate): string =>
  sound ? fits(placed().fit) : "a stack cannot be read to its end";

/** @throws FormatError naming the dialects that there are */
function dialectNamed(name: string): Dialect {
  const found = dialects.find((dialect) => dialect.name === name);
  if (found !== undefined) return found;
  throw new FormatError(
    `There is no dialect ${name}`,
    { section: "dialect", offset: 0 },
    `Give one of: ${dialects.map((dialect) => dialect.name).join(", ")}.`,
  );
}

function tryDialect(dialect: Dialect, contents: Contents, { modulesOf }: ReadOptions): Candidate {
  const draft = readDraft(contents, dialect);
  const refined = dialect.refine(draft);
  const { positions: possible = dialect.positions } = refined;
  const moduleOf = modulesOf?.(refined.dump, refined.positions?.[0]) ?? (() => undefined);
  const placed = once(() => {
    const fitting = possible.map((positions) => ({
      positions,
      fit: fitOfThreads(refined.dump.threads, positions, moduleOf),
    }));
    return fitting.reduce((best, next) => ((next.fit ?? 0) > (best.fit ?? 0) ? next : best));
  });
  return { dialect, refined, moduleOf, possible, placed, sound: draft.sound };
}

/** What a reading's offsets count from. */
const positionsOf = ({ possible, placed }: Candidate): Positions =>
  possible.length === 1 ? possible[0]! : placed().positions;

/** A choice whose reasons are put into words when they are read. */
interface Choice {
  readonly name: string;
  readonly why: () => string;
  readonly others: () => NonNullable<DialectChoice["others"]>;
}

/** The dump with its frames placed. */
function finish(candidate: Candidate, { name, why, others }: Choice): CoreDump {
  const { dialect, refined, moduleOf } = candidate;
  const positions = positionsOf(candidate);
  const lacking = positions === "none" || positions === "call-site";
  const withoutCode = refined.certain ? dialect.positions.slice(0, 1) : candidate.possible;
  const threads = refined.dump.threads.map((thread) => {
    const recorded = leaveUnplaced(thread.frames, withoutCode, moduleOf);
    const frames = placeFrames(recorded, positions, moduleOf);
    return { ...thread, frames: lacking ? withDeducedPositions(frames, moduleOf) : frames };
  });
  const count = (of: CoreDump["threads"]) => of.reduce((sum, { frames }) => sum + frames.length, 0);
  const leftOut = count(refined.dump.threads) - count(threads);
  const problems =
    leftOut === 0
      ? refined.dump.problems
      : [
          ...refined.dump.problems,
          `${leftOut} of the frames are left out: the dump does not tell their functions`,
        ];
  const choice: DialectChoice = {
    name,
    get why() {
      return why();
    },
    get others() {
      return others();
    },
  };
  const dump: CoreDump = { ...refined.dump, threads, problems, dialect: choice };
  return dialect.adapt?.(dump, moduleOf) ?? dump;
}

// In words

/** What each kind of position counts from. */
const countedFrom: Record<Positions, string> = {
  body: "the start of the function's body",
  instructions: "the function's first instruction",
  section: "the code section's header",
  "code-section": "the start of the code section",
  file: "the start of the module's file",
  "call-site": "the start of the module's file, at the call that made the frame",
  none: "nothing: a position is known where a function has but one that is possible",
};

function explain({ dialect, refined, placed }: Candidate): string {
  const { producer } = dialect;
  const { positions, fit } = placed();
  return `the frames are encoded as by ${producer}; ${refined.why}; code offsets count from ${countedFrom[positions]}${
    fit === undefined ? "" : `; ${fits(fit)}`
  }`;
}

/** How well frames fit the modules. */
const fits = (fit: number | undefined): string =>
  fit === undefined
    ? "it could be read so, but nothing speaks for it"
    : `${Math.round(fit * 100)} % of the frames' positions fit the module`;

function unreadable(
  file: DumpFile,
  refusals: readonly { readonly name: string; readonly error: FormatError }[],
): FormatError {
  const { error } = refusals.find(({ name }) => name === specification.name) ?? refusals[0]!;
  return new FormatError(
    refusals.length === 1
      ? `${file.source.name} is not written in the dialect ${refusals[0]!.name}: ${error.problem}`
      : `The frames of ${file.source.name} are in no encoding that is known: ${error.problem}`,
    error.where,
    `Known dialects: ${dialects.map(({ name }) => name).join(", ")}.`,
  );
}
